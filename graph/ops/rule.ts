/**
 * What the op records share: checks of dtypes, defaults, and the arithmetic of derivatives that may
 * be zero.
 */
import { plus } from "../build/elementwise.ts";
import type { Op } from "../op.ts";
import type { DType, Expression, OpName, Tensor64 } from "../types.ts";

/** Flags that most ops leave off. */
export const PLAIN = { elementwise: false, linear: false, commutative: false } as const;

/** Flags of ops that are linear in their real inputs. */
export const LINEAR = { elementwise: false, linear: true, commutative: false } as const;

/** The sum of the terms that are not zero. */
export function total(...terms: readonly (Expression | null)[]): Expression | null {
  return terms.reduce((sum, term) => sum === null ? term : term === null ? sum : plus(sum, term));
}

/** @throws {TypeError} If an input is not of one of the dtypes. */
export function requireDType(
  op: OpName,
  inputs: readonly Expression[],
  ...accepted: readonly DType[]
): DType {
  for (const input of inputs) {
    if (!accepted.includes(input.dtype)) {
      throw new TypeError(
        `Cannot ${op} a tensor of dtype ${input.dtype}: it takes ${accepted.join(" or ")}`,
      );
    }
    if (input.dtype !== inputs[0].dtype) {
      throw new TypeError(
        `Cannot ${op} tensors of dtypes ${inputs[0].dtype} and ${input.dtype}: cast one of them`,
      );
    }
  }
  return inputs[0].dtype;
}

/** The rules of an op without a derivative, such as a comparison. */
export function flat<K extends OpName>(
  vjp: ReturnType<Op<K>["vjp"]>,
): Pick<Op<K>, "jvp" | "vjp"> {
  return { jvp: () => null, vjp: () => vjp };
}

/** A tensor of that shape filled by place in memory. */
export function fill(shape: readonly number[], at: (index: number) => number): Tensor64 {
  let n = 1;
  for (const dim of shape) n *= dim;
  const data = new Float64Array(n);
  for (let i = 0; i < n; i++) data[i] = at(i);
  return { data, shape: [...shape] };
}
