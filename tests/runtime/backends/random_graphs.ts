import fc from "npm:fast-check@4.10.2";
import { type Expression, gradient, input, print, sum, tanh } from "../../../graph/mod.ts";
import type { Case } from "./op_cases.ts";
import { VECTOR, WAYS } from "./random_ways.ts";

/** Sizes of the matrices in a graph: ordinary ones, of one row or column, and without any element. */
const SIZES: readonly (readonly [rows: number, columns: number])[] = [
  ...[[3, 4], [4, 3], [2, 5], [4, 4]] as const,
  ...[[1, 4], [4, 1], [1, 1]] as const,
  ...[[0, 3], [3, 0]] as const,
];

/** Steps in a graph at most. */
const STEPS = 4;

/** Choices that make a graph, and the numbers that it is run on. */
interface Recipe {
  readonly sizes: readonly [rows: number, columns: number];
  /** Which way, and how far back its two matrices lie. */
  readonly steps: readonly (readonly [way: number, a: number, b: number])[];
  readonly numbers: readonly number[];
}

/** Zero for numbers so small that float32 loses them beside 1: which of two is less would then be a matter of rounding. */
function ordinary(x: number): number {
  return Math.abs(x) < 1e-6 ? 0 : x;
}

/**
 * What a random graph gives: its last matrix and the gradients of its sum by the two first ones.
 *
 * The tolerance is for steps each of which may stretch a rounding error some times over, and again on the way back.
 */
function caseOf({ sizes, steps, numbers }: Recipe): Case & fc.WithToStringMethod {
  const inputs = [input("a", sizes), input("b", sizes)];
  const made = [...inputs];
  for (const [way, a, b] of steps) {
    const at = (back: number): Expression => made[made.length - 1 - back % made.length];
    made.push(WAYS[way](at(a), at(b)));
  }
  const y = made.at(-1)!;
  const data = Float32Array.from(numbers, ordinary);
  const length = sizes[0] * sizes[1];
  const inText = () => `${print(y)}\na, b: [${sizes}] of ${numbers}`;
  return {
    [fc.toStringMethod]: inText,
    name: "random graph",
    ys: [y, sum(VECTOR), ...gradient(sum(tanh(y)), inputs)],
    inputs: {
      a: { data: data.slice(0, length), shape: sizes },
      b: { data: data.slice(length, 2 * length), shape: sizes },
      k: { data: data.slice(0, 3), shape: [3] },
    },
    tolerance: 2e-6 * 2 ** steps.length,
  };
}

/** Random graphs; a shrunk one has fewer steps, of ways that stand earlier in their list. */
export const randomGraphs: fc.Arbitrary<Case> = fc.record({
  sizes: fc.constantFrom(...SIZES),
  steps: fc.array(fc.tuple(fc.nat(WAYS.length - 1), fc.nat(3), fc.nat(3)), {
    minLength: 1,
    maxLength: STEPS,
    size: "max",
  }),
  numbers: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
    minLength: 32,
    maxLength: 32,
  }),
}).map(caseOf);

/** The graphs that every backend is held to: how many, and from which seed. */
export const RANDOM_GRAPHS = { numRuns: 200, seed: 1 } as const;
