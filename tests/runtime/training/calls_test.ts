import assert from "node:assert/strict";
import { batchesFrom } from "../../../compiler/programs/batch_inputs.ts";
import type { CouplingSpec } from "../../../dsl/mod.ts";
import { loop, type Program } from "../../../graph/mod.ts";
import type { Resident } from "../../../runtime/backends/backend.ts";
import { openBackend } from "../../../runtime/backends/mod.ts";
import { type Dataset, openData, openSource } from "../../../runtime/data/mod.ts";
import { type BatchRecipe, openBatches } from "../../../runtime/training/batches.ts";
import { callsOf } from "../../../runtime/training/calls.ts";
import { NO_ADAPTER } from "../../adapter.ts";
import { array } from "../data/fixtures.ts";
import { optionsOf, TARGET, TRAINING } from "./small_training.ts";

const BATCH = 32;
const INDEPENDENT: CouplingSpec = { kind: "independent" };
const ROWS = Array.from({ length: 200 }, (_, i) => [i % 7 - 3, i === 5 ? -0 : Math.sin(i)]);

/** How a pair of data sets is drawn: what of it the program makes. */
interface Case {
  readonly source: () => Promise<Dataset>;
  readonly target: () => Promise<Dataset>;
  readonly coupling: CouplingSpec;
  readonly kinds: readonly [x0: string, x1: string];
}

const gaussian = (mean: number | number[], scale: number) => () =>
  openSource({ kind: "gaussian", dim: 2, mean, scale }, { dim: 2 });
const moons = () => openData(TARGET);
const table = (options: Parameters<typeof array>[1] = {}) => () => openData(array(ROWS, options));
const optimalTransport = (batchSize: number | null): CouplingSpec => ({
  kind: "optimalTransport",
  batchSize,
});

const CASES: Readonly<Record<string, Case>> = {
  "noise, and a distribution that only the host draws": {
    ...{ source: gaussian(0, 1), target: moons, coupling: INDEPENDENT },
    kinds: ["drawn", "given"],
  },
  "noise that is moved and doubled, and a table": {
    ...{ source: gaussian([0.5, -0.25], 2), target: table(), coupling: INDEPENDENT },
    kinds: ["drawn", "gathered"],
  },
  "noise whose sum float32 would round twice": {
    ...{ source: gaussian(0.5, 3), target: gaussian(0, 3), coupling: INDEPENDENT },
    kinds: ["given", "drawn"],
  },
  "a uniform source, and a table with its levels spread": {
    source: () => openSource({ kind: "uniform", dim: 2, low: -1, high: 3 }, { dim: 2 }),
    ...{ target: table({ dequantize: 0.5 }), coupling: INDEPENDENT },
    kinds: ["drawn", "gathered"],
  },
  "a table standardised after its levels were spread": {
    ...{ source: gaussian(0, 1), coupling: INDEPENDENT },
    target: table({ dequantize: 0.5, standardize: true }),
    kinds: ["drawn", "given"],
  },
  "optimal transport from noise to a table": {
    ...{ source: gaussian(0, 1), target: table(), coupling: optimalTransport(null) },
    kinds: ["drawn", "gathered"],
  },
  "optimal transport over three batches, of tables": {
    ...{ source: table(), target: table(), coupling: optimalTransport(3 * BATCH) },
    kinds: ["gathered", "gathered"],
  },
  "optimal transport over three batches, from noise": {
    ...{ source: gaussian(0, 1), target: moons, coupling: optimalTransport(3 * BATCH) },
    kinds: ["drawn", "given"],
  },
};

for (const [name, { source, target, coupling, kinds }] of Object.entries(CASES)) {
  Deno.test({
    name: `webgpu makes batches with the host's bits: ${name}`,
    ignore: NO_ADAPTER,
    fn: async () => {
      const backend = await openBackend("webgpu");
      const recipe: BatchRecipe = {
        ...{ seed: 3, batchSize: BATCH, dim: 2, coupling },
        source: (await source()).serialize(),
        target: (await target()).serialize(),
      };
      const resident = { ...backend.resident!, steps: 5, draws: 1 };
      const { parts } = await optionsOf(backend, TRAINING);
      const calls = callsOf(parts, recipe, { resident });
      const origins = calls.recipe.origins!;
      assert.deepEqual([origins.x0.kind, origins.x1.kind], kinds);
      const executable = await backend.load(batchProgram(calls), { fixed: calls.fixed });
      const [own, all] = [openBatches(calls.recipe), openBatches(recipe)];
      for (const [first, count] of [[0, 5], [7, 3], [11, 5]]) {
        const made = await executable.run(calls.inputs({ first, count }, own(first, count)));
        const drawn = all(first, count);
        for (const part of ["x0", "x1", "t"]) {
          assert.deepEqual(made[part].shape, drawn[part].shape);
          const differs = drawn[part].data.findIndex((x, i) => !Object.is(x, made[part].data[i]));
          assert.equal(differs, -1, `${part}, number ${differs} from step ${first}`);
        }
      }
      await backend.close();
    },
  });
}

Deno.test("a call makes as many steps as its work and what it is handed allow", async () => {
  const backend = await openBackend("cpu", { threads: 1 });
  const { parts, recipe } = await optionsOf(backend, TRAINING);
  const step = 3 * parts.velocity.flops(recipe.batchSize);
  const stepsWith = (changes: Partial<Resident>): number =>
    callsOf(parts, recipe, { resident: { ...RESIDENT, ...changes } }).steps;
  assert.equal(stepsWith({}), 100);
  assert.equal(stepsWith({ operations: 4.5 * step }), 4);
  assert.equal(stepsWith({ operations: step / 2 }), 1);
  const wide = { ...recipe, batchSize: 2 ** 17 };
  assert.equal(callsOf(parts, wide, { resident: RESIDENT }).steps, 6, "2.5 MiB a step");
  assert.equal(callsOf(parts, recipe, {}).steps, 32);
  await backend.close();
});

Deno.test("a table that is too large for the device is drawn from on the host", async () => {
  const backend = await openBackend("cpu", { threads: 1 });
  const { parts, recipe } = await optionsOf(backend, TRAINING);
  const target = (await openData(array(ROWS))).serialize();
  const kindWith = (bytes: number): string =>
    callsOf(parts, { ...recipe, target }, { resident: { ...RESIDENT, bytes } }).recipe.origins!.x1
      .kind;
  assert.equal(kindWith(8 * ROWS.length), "gathered");
  assert.equal(kindWith(8 * ROWS.length - 1), "given");
  await backend.close();
});

/** A device with room for all, which draws nothing. */
const RESIDENT: Resident = { bytes: 2 ** 30, steps: 100, operations: 1e15, draws: Infinity };

/** What a training program makes its steps of. */
function batchProgram({ recipe }: ReturnType<typeof callsOf>): Program {
  const { inputs, count, at } = batchesFrom(recipe.origins!, recipe);
  const { collected: [x0, x1, t] } = loop({
    state: [0],
    count,
    body: (index, x) => {
      const batch = at(index);
      return { state: [x], collect: [batch.x0, batch.x1, batch.t] };
    },
  });
  return { name: "batches", inputs, state: [], outputs: { x0, x1, t } };
}
