/** An imported network is a velocity like any other: it is run, measured, loaded, exported, and read back. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  compile,
  data,
  load,
  metric,
  type Model,
  parse,
  pipeline,
  type PipelineSpec,
  run,
  solver,
  stringify,
  training,
  velocity,
} from "../../../mod.ts";
import { openExecution } from "../../../runtime/execution.ts";
import { inFolder } from "../../in_folder.ts";

const FIXTURES = new URL("../../fixtures/onnx/", import.meta.url);

function flowOf(
  path: string | URL,
  options: Parameters<typeof velocity.onnx>[1] = {},
): PipelineSpec {
  return pipeline({
    name: "imported",
    target: data.twoMoons(),
    velocity: velocity.onnx(path, options),
    solver: solver.rk4({ steps: 10 }),
    metrics: [metric.negativeLogLikelihood({ samples: 50 })],
  });
}

async function states(spec: PipelineSpec, root: string): Promise<Record<string, boolean>> {
  const execution = await openExecution(spec, { folder: root, backend: "cpu" });
  try {
    const plan = await execution.plan();
    return Object.fromEntries(plan.map(({ node, stored }) => [node, stored]));
  } finally {
    await execution.close();
  }
}

/** Ten points on a circle, and the log-likelihoods there. */
async function look(model: Model): Promise<number[]> {
  const x = {
    data: Float32Array.from({ length: 20 }, (_, i) => Math.sin(0.7 * i)),
    shape: [10, 2],
  };
  const [samples, v, values] = [
    await model.sample(10, { seed: 3 }),
    await model.velocity(0.3, x),
    await model.logLikelihood(x),
  ];
  return [...samples.data, ...v.data, ...values.data];
}

function close(found: readonly number[], exact: readonly number[], tolerance: number): void {
  found.forEach((value, i) =>
    assert.ok(Math.abs(value - exact[i]) <= tolerance, `${i}: ${value} for ${exact[i]}`)
  );
}

Deno.test("an imported network runs, is measured, and is loaded without its file", () =>
  inFolder(async (root) => {
    const file = join(root, "net.onnx");
    await Deno.copyFile(new URL("layer_norm_op.onnx", FIXTURES), file);
    const { model, metrics, folder, graph, loss } = await run(flowOf(file), { folder: root });
    assert.equal(loss, null);
    const node = graph.nodes.find(({ kind }) => kind === "closedForm")!;
    assert.equal(node.parameters, 3 * 12 + 12 + 12 * 12 + 12 + 12 * 2 + 2 + 2 * 12);
    assert.ok(metrics.every(({ value }) => Number.isFinite(value)));
    const before = await look(model);
    await model.close();
    await Deno.remove(file);
    await using again = await load(folder);
    assert.deepEqual(await look(again), before);
  }));

Deno.test("a changed file makes results stale, and a moved one does not", () =>
  inFolder(async (root) => {
    const [first, second] = [join(root, "a.onnx"), join(root, "b.onnx")];
    await Deno.copyFile(new URL("silu.onnx", FIXTURES), first);
    await (await run(flowOf(first), { folder: root })).model.close();
    const stored = await states(flowOf(first), root);
    assert.ok(Object.values(stored).every((isStored) => isStored));
    await Deno.rename(first, second);
    assert.deepEqual(await states(flowOf(second), root), stored);
    await Deno.copyFile(new URL("tanh.onnx", FIXTURES), second);
    const now = await states(flowOf(second), root);
    assert.ok(Object.values(now).every((isStored) => !isStored));
  }));

Deno.test("weights in a file of their own count as content", () =>
  inFolder(async (root) => {
    for (const name of ["joined.onnx", "joined.onnx.data"]) {
      await Deno.copyFile(new URL(name, FIXTURES), join(root, name));
    }
    const spec = flowOf(join(root, "joined.onnx"), { joined: "stateFirst" });
    const hashes = async () => {
      const execution = await openExecution(spec, { folder: root, backend: "cpu" });
      await execution.close();
      return execution.graph.nodes.find(({ kind }) => kind === "closedForm")!.hash;
    };
    const before = await hashes();
    const weights = await Deno.readFile(join(root, "joined.onnx.data"));
    weights[40] ^= 1;
    await Deno.writeFile(join(root, "joined.onnx.data"), weights);
    assert.notEqual(await hashes(), before);
  }));

Deno.test("a network of another dimension than the target is refused by the field", async () => {
  const spec = flowOf(new URL("softplus.onnx", FIXTURES)); // of dimension 3
  await assert.rejects(run(spec, { folder: "never" }), {
    name: "InputError",
    message: /^velocity: Cannot use '.*softplus\.onnx' as a velocity: .* target has 2 coordinates/,
  });
});

Deno.test("a pipeline with a network compiles before the file is read, and is data", () => {
  const spec = flowOf("net.onnx", { dim: 2, joined: "timeFirst" });
  const graph = compile(spec);
  assert.equal(graph.nodes.find(({ kind }) => kind === "closedForm")!.parameters, null);
  assert.deepEqual(parse(stringify(spec)), spec);
  assert.notEqual(compile(flowOf("other.onnx")).nodes.at(-1)!.hash, graph.nodes.at(-1)!.hash);
});

Deno.test("a network that was exported here and is read back gives the same numbers", () =>
  inFolder(async (root) => {
    const moons = pipeline({
      name: "own",
      target: data.twoMoons(),
      velocity: velocity.mlp({
        hidden: [24, 24],
        activation: "gelu",
        time: { kind: "fourier", features: 4 },
        residual: true,
        layerNorm: true,
      }),
      training: training({ steps: 30, batchSize: 64 }),
      solver: solver.rk4({ steps: 10 }),
    });
    const { model } = await run(moons, { folder: root, backend: "cpu" });
    await model.export(join(root, "model"));
    const exact = await look(model);
    await model.close();
    const imported = flowOf(join(root, "model", "velocity.onnx"));
    const { model: again } = await run(imported, { folder: root, backend: "cpu" });
    close(await look(again), exact, 1e-5); // two float32 programs of the same field
    const at = { data: Float32Array.of(0.3, -0.2, 1, 2), shape: [2, 2] };
    const v = await again.velocity(0.6, at);
    await again.export(join(root, "again"));
    await again.close();
    await using third = (await run(flowOf(join(root, "again", "velocity.onnx")), { folder: root }))
      .model;
    close([...(await third.velocity(0.6, at)).data], [...v.data], 1e-6);
  }));
