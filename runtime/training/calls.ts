import { type Origin, type Origins, tableName } from "../../compiler/programs/batch_inputs.ts";
import { type TrainingParts, trainingProgram } from "../../compiler/programs/training.ts";
import type { Program } from "../../graph/mod.ts";
import { planPart } from "../../nodes/coupling/mod.ts";
import type { Backend, Resident, RunTensor, RunTensors } from "../backends/backend.ts";
import type { Sampler } from "../data/dataset.ts";
import { revive } from "../data/revive.ts";
import { type Batches, type BatchRecipe, STREAMS, TIMES } from "./batches.ts";

/** How a training runs on a backend: the calls it makes of its program. */
export interface TrainingCalls {
  readonly program: Program;
  /** Inputs that lie on the device from the start: tables. */
  readonly fixed: Readonly<Record<string, RunTensor & { readonly data: Float32Array }>>;
  /** What the batches that are handed in are drawn by. */
  readonly recipe: BatchRecipe;
  /** Steps in one call at most. */
  readonly steps: number;
  /** Calls that may be under way when another one is begun. */
  readonly ahead: number;
  /** What a call takes that makes `count` steps from step `first`. */
  inputs(at: { readonly first: number; readonly count: number }, batches: Batches): RunTensors;
}

/** The sides of a pair. */
const SIDES = ["x0", "x1"] as const;
type Side = (typeof SIDES)[number];

/** Steps in one call where batches are handed in: enough to hide the call, few enough to show progress and stop soon. */
const STEPS = 32;

/** Bytes that are handed in with one call at most, where a batch is large. */
const CALL_BYTES = 16 * 2 ** 20;

/** The calls of a training: where a backend keeps data, its program makes what it can of the batches itself. */
export function callsOf(
  parts: TrainingParts,
  recipe: BatchRecipe,
  { resident }: Pick<Backend, "resident">,
): TrainingCalls {
  const { dim, batchSize } = recipe;
  if (resident === undefined) {
    return {
      ...{ program: trainingProgram(parts), fixed: {}, recipe, ahead: 0 },
      steps: stepsOf(STEPS, 4 * batchSize * (2 * dim + 1)),
      inputs: ({ first }, batches) => ({
        ...batches,
        done: { data: Float32Array.of(first), shape: [] },
      }),
    };
  }
  const samplers = {
    x0: revive(recipe.source).parts.train,
    x1: revive(recipe.target).parts.train,
  };
  // A step is a forward pass and a backward one of twice its work.
  const operations = 3 * parts.velocity.flops(batchSize);
  const most = Math.min(resident.steps, Math.floor(resident.operations / operations));
  const origins = originsOf(samplers, recipe, { ...resident, steps: most });
  const { steps } = origins;
  return {
    program: trainingProgram(parts, origins),
    recipe: { ...recipe, origins },
    ...{ steps, ahead: 1 },
    fixed: Object.fromEntries(
      SIDES.filter((side) => origins[side].kind === "gathered")
        .map((side) => [tableName(side), tableOf(samplers[side])]),
    ),
    inputs: ({ first, count }, batches) => ({
      ...Object.fromEntries(
        Object.entries(batches).map(([name, batch]) => [name, withRoom(batch, steps)]),
      ),
      first: { data: Int32Array.of(first), shape: [] },
      count: { data: Int32Array.of(count), shape: [] },
    }),
  };
}

/** Where batches come from on a device. */
function originsOf(
  samplers: Readonly<Record<Side, Sampler>>,
  { seed, coupling, batchSize, dim }: BatchRecipe,
  resident: Resident,
): Origins {
  const plan = planPart(coupling, { step: 0, batchSize });
  const device = { ...resident, seed, drawing: batchSize * dim >= resident.draws };
  const x0 = originOf(samplers.x0, { ...device, side: "x0", ordered: true });
  // A plan, which is made on the host, decides about the order of x1.
  const ordered = coupling.kind === "independent";
  const x1 = originOf(samplers.x1, { ...device, side: "x1", ordered });
  const t: Origin = batchSize < resident.draws ? { kind: "given" } : {
    kind: "drawn",
    ...{ distribution: "uniform", seed, stream: TIMES, scale: [1], shift: [0] },
  };
  const numbers = (origin: Origin, width: number): number =>
    origin.kind === "given" ? width : origin.kind === "gathered" ? 1 : 0;
  const handed = batchSize * (numbers(x0, dim) + numbers(x1, dim) + numbers(t, 1));
  return {
    ...{ steps: stepsOf(resident.steps, 4 * handed), parts: plan.size / batchSize },
    ...{ x0, x1, t },
  };
}

/** Where one side of the pairs comes from on a device. */
function originOf(
  { inProgram, table }: Sampler,
  { side, seed, bytes, drawing, ordered }: {
    readonly side: Side;
    readonly seed: number;
    /** Bytes of a table at most. */
    readonly bytes: number;
    /** Whether the device draws as many numbers. */
    readonly drawing: boolean;
    /** Whether samples are taken in the order in which they are drawn. */
    readonly ordered: boolean;
  },
): Origin {
  const stream = STREAMS[side];
  switch (inProgram?.kind) {
    case undefined:
      return { kind: "given" };
    case "drawn":
      return drawing && ordered
        ? { ...inProgram, seed, stream: inProgram.stream(stream) }
        : { kind: "given" };
    case "gathered": {
      const { noise } = inProgram;
      if (table!.data.byteLength > bytes || (noise !== null && !(drawing && ordered))) {
        return { kind: "given" };
      }
      return {
        ...{ kind: "gathered", rows: table!.shape[0] },
        noise: noise === null ? null : {
          ...{ distribution: "uniform", seed, scale: noise.scale },
          stream: noise.stream(stream),
        },
      };
    }
    default:
      return inProgram satisfies never;
  }
}

/** A table as the host adds noise to its rows, of 0 where there is none: -0 becomes 0. */
function tableOf({ table }: Sampler): RunTensor & { readonly data: Float32Array } {
  return { data: Float32Array.from(table!.data, (value) => value + 0), shape: table!.shape };
}

/** Steps in one call: fewer where each of them is handed many bytes. */
function stepsOf(most: number, bytes: number): number {
  return Math.max(1, Math.min(most, Math.floor(CALL_BYTES / Math.max(1, bytes))));
}

/** What is handed in of a call's steps, with room for as many as a call may have. */
function withRoom({ data, shape: [count, ...sizes] }: RunTensor, steps: number): RunTensor {
  const shape = [steps, ...sizes];
  if (count === steps) return { data, shape };
  const all = new (data.constructor as new (length: number) => RunTensor["data"])(
    shape.reduce((a, b) => a * b, 1),
  );
  all.set(data);
  return { data: all, shape };
}
