import type { LoweringTable } from "./lowering.ts";
import { convolution } from "./ops/convolution.ts";
import { elementwise } from "./ops/elementwise.ts";
import { layout } from "./ops/layout.ts";
import { leaf } from "./ops/leaf.ts";
import { loops } from "./ops/loop.ts";
import { product } from "./ops/matmul.ts";
import { randomNumbers } from "./ops/random.ts";
import { reduction } from "./ops/reduction.ts";

/** How each op is written in ONNX; an op without a line here does not compile. */
export const LOWERINGS: LoweringTable = {
  ...leaf,
  ...elementwise,
  ...reduction,
  ...product,
  ...convolution,
  ...layout,
  ...loops,
  ...randomNumbers,
};
