import { type Origin, type Origins, rowsName } from "../../compiler/programs/batch_inputs.ts";
import type { CouplingSpec } from "../../dsl/mod.ts";
import type { Tensor } from "../../graph/mod.ts";
import { couple, planPart } from "../../nodes/coupling/mod.ts";
import type { RunTensor } from "../backends/backend.ts";
import type { DatasetContent, Sampler } from "../data/dataset.ts";
import { revive } from "../data/revive.ts";
import { type DrawAddress, fillUniform } from "../random/mod.ts";

/** All that determines the batches of a training: plain data, so that it can be sent to a worker. */
export interface BatchRecipe {
  readonly seed: number;
  readonly batchSize: number;
  readonly dim: number;
  readonly coupling: CouplingSpec;
  readonly source: DatasetContent;
  readonly target: DatasetContent;
  /** What the program makes itself; without it, all is drawn here. */
  readonly origins?: Origins;
}

/**
 * The batches of consecutive steps, as a training program takes them. Drawn here alone, they are `x0` and `x1` [steps,
 * batch, d], paired row by row, and `t` [steps, batch, 1], uniform on (0, 1); else what `origins` leaves of these.
 */
export type Batches = Readonly<Record<string, RunTensor>>;

/** Draws the batches of `count` steps, at least one, from step `first`, counted from 0. */
export type DrawBatches = (first: number, count: number) => Batches;

/** Where a random stream stands: the `step` of its next draw's address, and the next row of what is drawn there. */
export interface StreamPosition {
  readonly step: number;
  readonly row: number;
}

/** Where every random stream of a training stands before this step: they have no state but their address. */
export function streamsAt(
  { batchSize, coupling }: Pick<BatchRecipe, "batchSize" | "coupling">,
  step: number,
): Record<string, StreamPosition> {
  const { plan, from } = planPart(coupling, { step, batchSize });
  const paired = { step: plan, row: from };
  return {
    "training/source": paired,
    "training/target": paired,
    "training/coupling": paired,
    [TIMES]: { step, row: 0 },
  };
}

/** The stream of times. */
export const TIMES = "training/time";

/** The streams of the sides of the pairs. */
export const STREAMS = { x0: "training/source", x1: "training/target" } as const;

/** All is handed in. */
const GIVEN: Pick<Origins, "x0" | "x1" | "t"> = {
  x0: { kind: "given" },
  x1: { kind: "given" },
  t: { kind: "given" },
};

/** What is handed in of one part of some samples: for each of them as many numbers as `sizes` say. */
interface Part {
  readonly name: string;
  readonly data: Float32Array | Int32Array;
  readonly sizes: readonly number[];
}

/**
 * Opens a recipe. What it draws is a pure function of the recipe and the step: neither the order nor the
 * size of the calls changes a bit.
 */
export function openBatches(recipe: BatchRecipe): DrawBatches {
  const { seed, batchSize, coupling } = recipe;
  const { t } = recipe.origins ?? GIVEN;
  const pairs = openPairs(recipe);
  let known: { readonly plan: number; readonly parts: readonly Part[] } | null = null;
  const batch = (step: number): readonly Part[] => {
    const { plan, size, from, to } = planPart(coupling, { step, batchSize });
    if (known?.plan !== plan) known = { plan, parts: pairs(plan, size) };
    const parts = known.parts.map(({ name, data, sizes }) => {
      const width = sizes.reduce((a, b) => a * b, 1);
      return { name, data: data.subarray(from * width, to * width), sizes };
    });
    if (t.kind !== "given") return parts;
    const times = new Float32Array(batchSize);
    fillUniform(times, { seed, stream: TIMES, step });
    return [...parts, { name: "t", data: times, sizes: [1] }];
  };
  return (first, count) => {
    const steps = Array.from({ length: count }, (_, i) => batch(first + i));
    return Object.fromEntries(
      steps[0].map(({ name, sizes }, k) => [name, {
        data: joined(steps.map((parts) => parts[k].data)),
        shape: [count, batchSize, ...sizes],
      }]),
    );
  };
}

/** Draws what is handed in of a plan's pairs. */
function openPairs(recipe: BatchRecipe): (plan: number, count: number) => readonly Part[] {
  const { seed, dim, coupling } = recipe;
  const origins = recipe.origins ?? GIVEN;
  const samplers = {
    x0: revive(recipe.source).parts.train,
    x1: revive(recipe.target).parts.train,
  };
  return (plan, count) => {
    const at = (stream: string): DrawAddress => ({ seed, stream, step: plan });
    const drawn = (name: "x0" | "x1"): Tensor | null =>
      origins[name].kind === "given" || coupling.kind !== "independent"
        ? samplers[name].draw(count, at(STREAMS[name]))
        : null;
    const [x0, x1] = [drawn("x0"), drawn("x1")];
    // Where one of them is not needed, they are paired as they come.
    const partner = x0 === null || x1 === null
      ? null
      : couple(coupling, x0, x1, at("training/coupling")).target;
    const part = (name: "x0" | "x1", x: Tensor | null, order: Int32Array | null): Part[] => {
      const { kind }: Origin = origins[name];
      switch (kind) {
        case "given":
          return [{ name, data: inOrder(x!.data, order, dim), sizes: [dim] }];
        case "gathered": {
          const rows = rowsOf(samplers[name], count, at(STREAMS[name]));
          return [{ name: rowsName(name), data: inOrder(rows, order, 1), sizes: [] }];
        }
        case "drawn":
          return [];
        default:
          return kind satisfies never;
      }
    };
    return [...part("x0", x0, null), ...part("x1", x1, partner)];
  };
}

function rowsOf({ inProgram }: Sampler, count: number, at: DrawAddress): Int32Array {
  if (inProgram?.kind === "gathered") return Int32Array.from(inProgram.rows(count, at));
  throw new TypeError("Cannot tell which rows a sampler draws as it has no table");
}

/** Rows of a width in another order. */
function inOrder<T extends Float32Array | Int32Array>(
  data: T,
  order: Int32Array | null,
  width: number,
): T {
  if (order === null) return data;
  const result = data.slice() as T;
  order.forEach((from, i) =>
    result.set(data.subarray(from * width, (from + 1) * width), i * width)
  );
  return result;
}

/** One after the other. */
function joined(parts: readonly (Float32Array | Int32Array)[]): Float32Array | Int32Array {
  const length = parts.reduce((n, part) => n + part.length, 0);
  const all = parts[0] instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
