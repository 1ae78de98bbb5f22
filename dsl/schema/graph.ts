import { z } from "npm:zod@4.6.7";
import type { GraphJSON, NodeJSON } from "../spec/graph.ts";
import { canonicalGraph } from "../traced.ts";
import { listOf, whole } from "./fields.ts";
import { record } from "./record.ts";
import { must } from "./words.ts";

const node = z.looseObject({ op: z.string(must("the name of an op")) }, must("a node"))
  .describe("An op, the places of its inputs among the nodes before it, and its attributes.");

/** Schema of a traced function; what it computes is checked by the record that holds it. */
const graphRecord: z.ZodObject = record<GraphJSON>(
  null,
  "A tensor graph.",
  {
    nodes: listOf(node as unknown as z.ZodType<NodeJSON>, 1, "a list of nodes")
      .describe("Expressions, each after its inputs."),
    outputs: listOf(whole(0), 1, "a list of places of nodes")
      .describe("Places of what the function returns."),
  },
  { complete: canonicalGraph },
);

/** Schema of a traced function, described by what it stands for. */
export function graph(description: string): z.ZodType<GraphJSON> {
  return graphRecord.describe(description) as unknown as z.ZodType<GraphJSON>;
}
