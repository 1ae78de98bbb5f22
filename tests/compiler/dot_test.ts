import assert from "node:assert/strict";
import { parse } from "npm:@ts-graphviz/ast@3.0.6";
import { dot } from "../../compiler/dot.ts";
import { compile, data, metric, pipeline } from "../../mod.ts";

Deno.test("dot() is a graph that Graphviz reads, with every node and edge", () => {
  const graph = compile(pipeline({ target: data.twoMoons(), metrics: [metric.meanError()] }));
  const [{ children }] = parse(dot(graph)).children.filter(({ type }) => type === "Graph") as {
    children: { type: string; id?: { value: string } }[];
  }[];
  const nodes = children.filter(({ type }) => type === "Node").map(({ id }) => id!.value);
  assert.deepEqual(nodes, graph.nodes.map(({ id }) => id));
  const edges = graph.nodes.flatMap(({ inputs }) => Object.values(inputs));
  assert.equal(children.filter(({ type }) => type === "Edge").length, edges.length);
});

Deno.test("dot() escapes what a string may not hold", () => {
  const spec = pipeline({ target: data.csv({ path: 'a"b\\c.csv', columns: ["x"] }) });
  assert.doesNotThrow(() => parse(dot(compile(spec))));
});
