import type { Expression, Program } from "../../../graph/mod.ts";
import { count } from "../../../graph/shape.ts";
import { nameOf } from "./compile/program.ts";

/** @throws {RangeError} If a tensor does not fit the input that it fixes. */
export function checkFixed(
  expected: Expression,
  tensor: { readonly shape: readonly number[] } | undefined,
): void {
  if (tensor === undefined || fits(expected, tensor)) return;
  throw new RangeError(
    `Cannot fix ${
      nameOf(expected)
    } of shape [${expected.shape}]: the tensor given has shape [${tensor.shape}]`,
  );
}

/** @throws {RangeError} If a tensor does not fit what it is handed in as. */
export function checkShape(
  program: Program,
  name: string,
  expected: Expression,
  tensor: { readonly data: ArrayLike<number>; readonly shape: readonly number[] },
): void {
  if (!fits(expected, tensor)) {
    throw new RangeError(
      `Cannot run ${program.name} as ${name} has shape [${expected.shape}]: found [${tensor.shape}]`,
    );
  }
  if (tensor.data.length !== count(tensor.shape)) {
    throw new RangeError(
      `Cannot run ${program.name} as ${name} of shape [${tensor.shape}] has ${
        count(tensor.shape)
      } elements: found ${tensor.data.length}`,
    );
  }
}

function fits(expected: Expression, { shape }: { readonly shape: readonly number[] }): boolean {
  return shape.length === expected.shape.length &&
    expected.shape.every((dim, i) => typeof dim === "string" || dim === shape[i]);
}
