/** How a training program comes by its batches: all handed in, or drawn and gathered where it runs. */
import type { Batch } from "../../nodes/objective/mod.ts";
import {
  cast,
  constant,
  divide,
  type Expression,
  gather,
  input,
  minus,
  plus,
  random,
  type Shape,
  size,
  times,
} from "../../graph/mod.ts";

/** Where a part of every batch comes from. */
export type Origin =
  /** It is handed in. */
  | { readonly kind: "given" }
  /** Numbers that are each shift + scale * draw, by coordinate. */
  | Draw & { readonly kind: "drawn"; readonly shift: readonly number[] }
  /** Rows of a table, whose numbers are handed in; something drawn may be added to them. */
  | { readonly kind: "gathered"; readonly rows: number; readonly noise: Draw | null };

/** A stream of random numbers and what they are multiplied with, by coordinate. */
export interface Draw {
  readonly distribution: "uniform" | "normal";
  readonly seed: number;
  readonly stream: string;
  readonly scale: readonly number[];
}

/** Where batches come from in a program that is compiled once for calls of any number of steps. */
export interface Origins {
  /** Steps in a call at most. */
  readonly steps: number;
  /** Batches that a coupling pairs at once: so many consecutive steps draw at one address, each its part. */
  readonly parts: number;
  readonly x0: Origin;
  readonly x1: Origin;
  /** Each step draws its own. */
  readonly t: Origin;
}

/** What a training program takes in and makes its batches of. */
export interface BatchInputs {
  readonly inputs: readonly Expression[];
  /** The number of steps, an i32 scalar. */
  readonly count: Expression;
  /** The number of steps of the training so far, with that of this index, an f32 scalar. */
  step(index: Expression): Expression;
  /** The batch of a step of these, counted from 0. */
  at(index: Expression): Record<keyof Batch, Expression>;
}

/** The sizes of a batch. */
export interface BatchSizes {
  readonly batchSize: number;
  readonly dim: number;
}

/** Batches that are handed in whole: `x0`, `x1` [steps, batch, d], `t` [steps, batch, 1], and `done`. */
export function givenBatches({ batchSize, dim }: BatchSizes): BatchInputs {
  const x0 = input("x0", ["steps", batchSize, dim]);
  const x1 = input("x1", ["steps", batchSize, dim]);
  const t = input("t", ["steps", batchSize, 1]);
  const done = input("done", []);
  return {
    inputs: [x0, x1, t, done],
    count: size("steps"),
    step: (index) => plus(plus(done, cast(index, "f32")), 1),
    at: (index) => ({ t: gather(t, index), x0: gather(x0, index), x1: gather(x1, index) }),
  };
}

/** Name of the input that holds the table of a part of the batches. */
export function tableName(part: keyof Batch): string {
  return `${part}/table`;
}

/** Name of the input that holds the numbers of rows, [steps, batch]. */
export function rowsName(part: keyof Batch): string {
  return `${part}/rows`;
}

/**
 * Batches from their origins. Inputs: `first`, the number of steps before these, and `count`, that of these, both i32
 * scalars; for what is given `x0`, `x1` or `t` as above, with room for all steps that a call may have; for what is
 * gathered `x0/table` [rows, d] and `x0/rows` [steps, batch], or those of `x1`.
 */
export function batchesFrom(origins: Origins, { batchSize, dim }: BatchSizes): BatchInputs {
  const first = input("first", [], "i32");
  const count = input("count", [], "i32");
  const inputs = [first, count];
  const taken = (name: string, shape: Shape, dtype: "f32" | "i32" = "f32"): Expression => {
    const x = input(name, shape, dtype);
    inputs.push(x);
    return x;
  };
  const part = (
    name: keyof Batch,
    width: number,
    parts: number,
  ): (index: Expression) => Expression => {
    const origin = origins[name];
    /** Numbers of the step's own part of a draw. */
    const drawn = ({ scale, ...draw }: Draw, index: Expression): Expression => {
      const step = plus(first, index);
      const shape = [batchSize, width];
      const at = divide(step, parts);
      const numbers = parts === 1 ? random({ ...draw, shape }, step) : gather(
        random({ ...draw, shape: [parts, ...shape] }, at),
        minus(step, times(at, parts)),
      );
      return scale.every((factor) => factor === 1) ? numbers : times(row(scale), numbers);
    };
    switch (origin.kind) {
      case "given": {
        const all = taken(name, [origins.steps, batchSize, width]);
        return (index) => gather(all, index);
      }
      case "drawn":
        return (index) => {
          const numbers = drawn(drawOf(origin), index);
          return origin.shift.every((offset) => offset === 0)
            ? numbers
            : plus(row(origin.shift), numbers);
        };
      case "gathered": {
        const table = taken(tableName(name), [origin.rows, width]);
        const rows = taken(rowsName(name), [origins.steps, batchSize], "i32");
        const { noise } = origin;
        return (index) => {
          const chosen = gather(table, gather(rows, index));
          return noise === null ? chosen : plus(chosen, drawn(noise, index));
        };
      }
      default:
        return origin satisfies never;
    }
  };
  const parts = {
    x0: part("x0", dim, origins.parts),
    x1: part("x1", dim, origins.parts),
    t: part("t", 1, 1),
  };
  return {
    inputs,
    count,
    step: (index) => plus(cast(plus(first, index), "f32"), 1),
    at: (index) => ({ t: parts.t(index), x0: parts.x0(index), x1: parts.x1(index) }),
  };
}

function drawOf({ distribution, seed, stream, scale }: Draw): Draw {
  return { distribution, seed, stream, scale };
}

function row(values: readonly number[]): Expression {
  return constant([...values], [1, values.length]);
}
