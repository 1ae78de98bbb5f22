/** Derivatives of every op, by the graphs that the ops themselves are tested on. */
import { type Expression, input, jvp, type OpName, times, vjp } from "../../../graph/mod.ts";
import type { RunTensor } from "../../../runtime/backends/mod.ts";
import { type Case as OpCase, CASES, tensorsOf } from "../../graph/cases.ts";
import type { Case } from "./op_cases.ts";

/** A rounding of float32 for each op of a derivative, stretched by slopes of at most some tens. */
const TOLERANCE = 5e-6;

const ARRAYS = { f32: Float32Array, i32: Int32Array, bool: Uint8Array } as const;

/**
 * Of each op with real inputs and results: its forward and its reverse derivative, and these of each other.
 *
 * The cotangent is the result times a weight, so that derivatives of linear ops move, too.
 */
export const DERIVATIVE_CASES: ReadonlyMap<OpName, readonly Case[]> = new Map(
  Object.entries(CASES).flatMap(([op, items]) => {
    const parts = items.flatMap((item, k) => derivativesOf(item, `${k}`));
    if (parts.length === 0) return [];
    return [[op as OpName, [{
      name: `derivatives of ${op}`,
      ys: parts.flatMap(({ ys }) => ys),
      inputs: Object.assign({}, ...parts.map(({ inputs }) => inputs)),
      tolerance: TOLERANCE,
    }]]];
  }),
);

function derivativesOf(item: OpCase, name: string): Pick<Case, "ys" | "inputs">[] {
  const tensors = tensorsOf(item);
  const xs = item.inputs.map(({ shape, dtype }, i) => input(`x${name}.${i}`, shape, dtype));
  const y = item.build(...xs);
  const real = xs.filter((x) => x.dtype === "f32");
  if (y.dtype !== "f32" || real.length === 0) return [];
  const directions = real.map((x, i) => input(`d${name}.${i}`, x.shape));
  const weight = input(`w${name}`, y.shape);
  const along = (ys: readonly Expression[]) =>
    jvp(ys, new Map(real.map((x, i) => [x, directions[i]])));
  const forward = along([y]);
  const reverse = vjp([y], real, [times(weight, y)]);
  const inputs: [Expression, ArrayLike<number>][] = [
    ...xs.map((x, i): [Expression, ArrayLike<number>] => [x, tensors[i].data]),
    ...directions.map((d): [Expression, ArrayLike<number>] => [d, wave(d)]),
    [weight, wave(weight)],
  ];
  return [{
    ys: [
      ...forward,
      ...reverse,
      ...along(forward),
      ...along(reverse),
      ...vjp(forward, real, [weight]),
      ...vjp(reverse, real, directions),
    ],
    inputs: Object.fromEntries(
      inputs.map(([x, data]) => [
        (x.attributes as { readonly name: string }).name,
        { data: ARRAYS[x.dtype].from(data), shape: x.shape as number[] } satisfies RunTensor,
      ]),
    ),
  }];
}

function wave({ shape }: Expression): number[] {
  const length = shape.reduce<number>((n, dim) => n * Number(dim), 1);
  return Array.from({ length }, (_, i) => Math.sin(1 + 2.3 * i));
}
