import assert from "node:assert/strict";
import { CODE, compile } from "../../compiler/compile.ts";
import { checkGraph, type ExecutionGraph, nodeOf } from "../../compiler/execution_graph.ts";
import { mermaid } from "../../compiler/mermaid.ts";
import { tree, type TreeNode } from "../../compiler/tree.ts";
import {
  coupling,
  data,
  metric,
  pipeline,
  type PipelineSpec,
  source,
  training,
  velocity,
} from "../../dsl/mod.ts";

const moons = (options: { seed?: number; steps?: number; samples?: number } = {}): PipelineSpec =>
  pipeline({
    name: "moons",
    seed: options.seed ?? 0,
    target: data.twoMoons({ noise: 0.05 }),
    coupling: coupling.optimalTransport(),
    velocity: velocity.mlp({ hidden: [64, 64] }),
    training: training({ steps: options.steps ?? 100, batchSize: 32 }),
    metrics: [metric.wasserstein2({ samples: options.samples ?? 500 }), metric.pathEnergy()],
  });

const hashes = (graph: ExecutionGraph): Record<string, string> =>
  Object.fromEntries(graph.nodes.map((node) => [node.id, node.hash]));

/** Ids of the nodes whose hash differs. */
function changed(a: ExecutionGraph, b: ExecutionGraph): string[] {
  const other = hashes(b);
  return a.nodes.filter((node) => other[node.id] !== node.hash).map((node) => node.id);
}

Deno.test("compile() orders nodes so that each comes after its inputs", () => {
  const graph = compile(moons());
  assert.deepEqual(graph.nodes.map((node) => node.id), [
    "source",
    "data",
    "interpolant",
    "coupling",
    "velocity",
    "objective",
    "training",
    "solver",
    "metric.wasserstein2",
    "metric.pathEnergy",
  ]);
  checkGraph(graph);
});

Deno.test("compile() counts parameters and floating-point operations", () => {
  const graph = compile(moons());
  const parameters = (3 * 64 + 64) + (64 * 64 + 64) + (64 * 2 + 2);
  assert.equal(nodeOf(graph, "velocity").parameters, parameters);
  const multiplyAdds = 3 * 64 + 64 * 64 + 64 * 2;
  const { flopsPerStep } = nodeOf(graph, "training");
  assert.ok(flopsPerStep! >= 3 * 32 * 2 * multiplyAdds, `${flopsPerStep}`);
  assert.ok(flopsPerStep! <= 3 * 32 * 2 * multiplyAdds * 1.1, `${flopsPerStep}`);
});

Deno.test("a hash covers all that determines a node's result, and nothing else", () => {
  const graph = compile(moons());
  assert.deepEqual(hashes(compile(moons())), hashes(graph));
  assert.deepEqual(changed(graph, compile(moons({ samples: 600 }))), ["metric.wasserstein2"]);
  assert.deepEqual(changed(graph, compile(moons({ steps: 101 }))), [
    "training",
    "solver",
    "metric.wasserstein2",
    "metric.pathEnergy",
  ]);
  assert.equal(changed(graph, compile(moons({ seed: 1 }))).length, graph.nodes.length);
  const facts = { target: { dim: 2, digest: "0" } };
  assert.ok(changed(graph, compile(moons(), facts)).includes("training"));
  assert.deepEqual(
    changed(graph, compile(moons(), { backend: "wasm 1" })),
    ["training", "solver", "metric.wasserstein2", "metric.pathEnergy"],
  );
});

Deno.test("compile() needs the dimension of a file that has not been read", () => {
  const spec = pipeline({ target: data.csv({ path: "cells.csv" }) });
  assert.throws(() => compile(spec), {
    name: "InputError",
    message: /target: the dimension is known only once the file is read/,
  });
  assert.equal(compile(spec, { target: { dim: 3, digest: "0" } }).dim, 3);
});

Deno.test("compile() refuses a source of another dimension than the target", () => {
  const spec = pipeline({
    source: data.csv({ path: "day0.csv" }),
    target: data.csv({ path: "day1.csv" }),
  });
  const facts = { source: { dim: 3, digest: "0" }, target: { dim: 2, digest: "1" } };
  assert.throws(() => compile(spec, facts), {
    name: "InputError",
    message: /source: it has dimension 3, and the target has dimension 2/,
  });
});

/** A closed-form flow from a Gaussian of this scale to one with this mean. */
const closedForm = (mean: number, scale = 1): ExecutionGraph =>
  compile(pipeline({
    source: source.gaussian({ dim: 2, scale }),
    target: data.gaussianMixture({
      weights: [1],
      means: [[mean, 0]],
      covariances: [[[1, 0], [0, 1]]],
    }),
    velocity: velocity.gaussianMixture(),
  }));

Deno.test("a closed form is another one for another source or target", () => {
  assert.deepEqual(changed(closedForm(0), closedForm(5)), ["data", "closedForm", "solver"]);
  assert.deepEqual(changed(closedForm(0), closedForm(0, 2)), ["source", "closedForm", "solver"]);
});

Deno.test("a closed form is neither trained nor paired", () => {
  const graph = closedForm(0);
  assert.deepEqual(graph.nodes.map((n) => n.kind), [
    "source",
    "data",
    "interpolant",
    "closedForm",
    "solver",
  ]);
});

Deno.test("checkGraph() refuses x_1 where x_0 belongs", () => {
  const graph = compile(moons());
  const nodes = graph.nodes.map((node) =>
    node.id === "coupling"
      ? { ...node, inputs: { ...node.inputs, source: { node: "data", port: "samples" } } }
      : node
  );
  assert.throws(() => checkGraph({ ...graph, nodes }), {
    name: "TypeError",
    message:
      "Cannot join 'data.samples' (x_1) to 'coupling.source' as port types must be equal: it takes x_0",
  });
});

Deno.test("mermaid() draws every node and edge", () => {
  const text = mermaid(compile(moons()));
  assert.match(text, /^flowchart TD\n/);
  assert.match(text, /source -- x_0 --> coupling/);
  assert.match(text, /data -- x_1 --> metric_wasserstein2/);
  assert.match(text, /coupling\["coupling<br\/>optimalTransport"\]/);
});

Deno.test("tree() unfolds a shared node once", () => {
  const labels: string[] = [];
  const walk = (node: TreeNode): void => {
    labels.push(node.label.split(" ")[0]);
    node.children.forEach(walk);
  };
  walk(tree(compile(moons())));
  assert.equal(labels[0], "moons");
  assert.equal(labels.filter((label) => label === "training").length, 1);
  assert.equal(labels.filter((label) => label === "metric").length, 2);
});

Deno.test("hashes name the release that is in deno.json", async () => {
  const text = await Deno.readTextFile(new URL("../../deno.json", import.meta.url));
  assert.equal(CODE.release, JSON.parse(text).version);
});
