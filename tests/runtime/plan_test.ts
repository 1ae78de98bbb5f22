import assert from "node:assert/strict";
import { join } from "node:path";
import { withSettings } from "../../cli/settings.ts";
import {
  data,
  hash,
  metric,
  pipeline,
  type PipelineSpec,
  run,
  solver,
  training,
  velocity,
} from "../../mod.ts";
import { openExecution } from "../../runtime/execution.ts";
import type { Planned } from "../../runtime/plan.ts";
import { inFolder } from "../in_folder.ts";

const spec: PipelineSpec = pipeline({
  name: "planned",
  target: data.twoMoons({ noise: 0.05 }),
  velocity: velocity.mlp({ hidden: [8] }),
  training: training({ steps: 20, batchSize: 16 }),
  solver: solver.dopri5({ rtol: 1e-2, atol: 1e-2 }),
  metrics: [metric.slicedWasserstein({ samples: 30 })],
});

async function planOf(spec: PipelineSpec, folder: string): Promise<readonly Planned[]> {
  const execution = await openExecution(spec, { folder });
  try {
    return await execution.plan();
  } finally {
    await execution.close();
  }
}

async function reasonsOf(spec: PipelineSpec, folder: string): Promise<Record<string, string[]>> {
  return Object.fromEntries(
    (await planOf(spec, folder)).map(({ node, reasons }) => [node, [...reasons]]),
  );
}

/** Settings, and why each node is stale with them after a run without. */
const CHANGES: readonly (readonly [settings: string[], reasons: Record<string, string[]>])[] = [
  [[], { training: [], solver: [], "metric.slicedWasserstein": [] }],
  [["training.steps=30", "velocity.hidden=[4]"], {
    training: ["velocity.hidden [8] -> [4]", "training.steps 20 -> 30"],
    solver: ["training is to be run"],
    "metric.slicedWasserstein": ["solver is to be run"],
  }],
  [["solver=euler"], {
    training: [],
    solver: [`solver.kind "dopri5" -> "euler"`],
    "metric.slicedWasserstein": ["solver is to be run"],
  }],
  [["metrics[0].samples=20"], {
    training: [],
    solver: [],
    "metric.slicedWasserstein": ["metrics[0].samples 30 -> 20"],
  }],
  [["metrics[1].kind=meanError"], {
    training: [],
    solver: [],
    "metric.slicedWasserstein": [],
    "metric.meanError": ["it has not been run yet"],
  }],
  [["target.noise=0.1", "seed=7"], {
    training: ["target.noise 0.05 -> 0.1", "seed 0 -> 7"],
    solver: ["training is to be run"],
    "metric.slicedWasserstein": ["solver is to be run"],
  }],
  [["name=other", "solver=euler"], {
    training: [],
    solver: ["it has not been run yet"],
    "metric.slicedWasserstein": ["it has not been run yet"],
  }],
];

Deno.test("a plan names for each stale node the setting or the input that changed", () =>
  inFolder(async (folder) => {
    await (await run(spec, { folder })).model.close();
    for (const [settings, expected] of CHANGES) {
      assert.deepEqual(await reasonsOf(withSettings(spec, settings), folder), expected);
    }
    const wasm = await openExecution(spec, { folder, backend: "wasm" });
    const [training] = await wasm.plan();
    await wasm.close();
    assert.match(training.reasons.join(), /^backend cpu onnxruntime .* -> wasm onnxruntime /);
    await Deno.remove(join(folder, ".store"), { recursive: true });
    const { training: again } = await reasonsOf(spec, folder);
    assert.deepEqual(again, ["it has not been run yet"]);
  }));

Deno.test("a plan compares with the variant whose settings are nearest, and says which that is", () =>
  inFolder(async (folder) => {
    await (await run(spec, { folder })).model.close();
    const variant = withSettings(spec, ["training.steps=10", "velocity.hidden=[4]"]);
    await (await run(variant, { folder })).model.close();
    const changed = withSettings(spec, ["training.batchSize=8"]);
    const [training, solver] = await planOf(changed, folder);
    assert.deepEqual(training.reasons, ["training.batchSize 16 -> 8"]);
    assert.equal(training.since?.hash, hash(spec));
    assert.ok(Math.abs(Date.parse(training.since.made) - Date.now()) < 60_000);
    assert.equal(solver.since, null); // its reason is another node
    const near = withSettings(variant, ["training.batchSize=8"]);
    assert.equal((await planOf(near, folder))[0].since?.hash, hash(variant));
    const wasm = await openExecution(spec, { folder, backend: "wasm" });
    const [again] = await wasm.plan();
    await wasm.close();
    assert.match(again.reasons.join(), /^backend cpu onnxruntime .* -> wasm onnxruntime /);
    assert.equal(again.since, null); // the settings are those of this very spec
  }));

Deno.test("a plan tells a changed file from changed settings, and a stopped training from a new one", () =>
  inFolder(async (folder) => {
    const path = join(folder, "cells.csv");
    const rows = Array.from({ length: 40 }, (_, i) => `${Math.cos(i)},${Math.sin(i)}`);
    const write = (lines: string[]) => Deno.writeTextFile(path, `a,b\n${lines.join("\n")}\n`);
    await write(rows);
    const cells = withSettings(spec, [
      `target=${JSON.stringify({ kind: "csv", path, columns: ["a", "b"] })}`,
      "training.batchSize=4",
      "metrics=[]",
    ]);
    await (await run(cells, { folder })).model.close();
    await write(["7,8", ...rows]);
    const [training] = await planOf(cells, folder);
    assert.deepEqual(training.reasons, ["the file of target changed"]);
    await Deno.mkdir(join(folder, ".store", `${training.hash.slice(0, 32)}.partial`));
    const [begun] = await planOf(cells, folder);
    assert.deepEqual(begun.reasons, ["it was stopped; it goes on from its checkpoint"]);
  }));

Deno.test("a plan knows how long a stored result took, and outlives a damaged note of it", () =>
  inFolder(async (folder) => {
    await (await run(spec, { folder })).model.close();
    const [training] = await planOf(spec, folder);
    assert.ok(training.stored && training.seconds! > 0);
    const made = join(folder, ".store", training.hash.slice(0, 32), "made.json");
    await Deno.writeTextFile(made, "{ nonsense");
    const [damaged] = await planOf(spec, folder);
    assert.deepEqual([damaged.stored, damaged.seconds], [true, null]);
  }));
