import type { OnnxOp, OnnxOps } from "./op.ts";
import { activation } from "./ops/activation.ts";
import { arithmetic } from "./ops/arithmetic.ts";
import { layouts } from "./ops/layout.ts";
import { normalization } from "./ops/normalization.ts";
import { products } from "./ops/product.ts";
import { reductions } from "./ops/reduction.ts";
import { sources } from "./ops/source.ts";

/** What each operator means; one without a line here is not supported. */
const ONNX_OPS: OnnxOps = {
  ...activation,
  ...arithmetic,
  ...layouts,
  ...normalization,
  ...products,
  ...reductions,
  ...sources,
};

/** Names of the operators that are read, in the order of the alphabet. */
export const SUPPORTED: readonly string[] = Object.keys(ONNX_OPS).sort();

/** The operator of that name, or undefined. */
export function onnxOp(name: string): OnnxOp | undefined {
  return Object.hasOwn(ONNX_OPS, name) ? ONNX_OPS[name] : undefined;
}
