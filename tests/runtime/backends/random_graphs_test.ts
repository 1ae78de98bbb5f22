import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { type Expression, OPS, topological } from "../../../graph/mod.ts";
import { RANDOM_GRAPHS, randomGraphs } from "./random_graphs.ts";

const graphs = fc.sample(randomGraphs, RANDOM_GRAPHS);

/** Every node of these expressions, those in the bodies of loops among them. */
function everyNode(ys: readonly Expression[]): Expression[] {
  return topological(ys).flatMap((node) => {
    if (node.op !== "loop") return [node];
    const { condition, next, collect } = node.attributes.body;
    return [node, ...everyNode([...condition === null ? [] : [condition], ...next, ...collect])];
  });
}

Deno.test("random graphs have every op, each in more than one graph", () => {
  const counts = new Map<string, number>();
  for (const { ys } of graphs) {
    for (const op of new Set(everyNode(ys).map(({ op }) => op))) {
      counts.set(op, (counts.get(op) ?? 0) + 1);
    }
  }
  const rare = Object.keys(OPS).filter((op) => (counts.get(op) ?? 0) < 2);
  assert.deepEqual(rare, []);
});

Deno.test("random graphs have integers, truth values, axes of one element and of none", () => {
  const nodes = graphs.map(({ ys }) => everyNode(ys));
  const facts: Record<string, (node: Expression) => boolean> = {
    integers: ({ dtype, shape }) => dtype === "i32" && shape.length > 0,
    "truth values": ({ dtype, shape }) => dtype === "bool" && shape.length > 0,
    "one element": ({ shape }) => shape.includes(1),
    "no element": ({ shape }) => shape.includes(0),
    "a size that is known when it runs": ({ shape }) => shape.includes("k"),
  };
  for (const [fact, holds] of Object.entries(facts)) {
    const found = nodes.filter((all) => all.some(holds)).length;
    assert.ok(found >= 5, `${fact}: in ${found} of ${nodes.length} graphs`);
  }
});
