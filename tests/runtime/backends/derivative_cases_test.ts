import assert from "node:assert/strict";
import { OPS } from "../../../graph/mod.ts";
import { DERIVATIVE_CASES } from "./derivative_cases.ts";

/** Ops of which no real number goes in, or none comes out. */
const CONSTANT = [
  "constant",
  "iota",
  "not",
  "cast",
  "equal",
  "less",
  "lessEqual",
  "and",
  "or",
  "argMax",
  "random",
];

Deno.test("derivatives of all ops are held against the reference, but those that have none", () => {
  const tested: ReadonlySet<string> = new Set(DERIVATIVE_CASES.keys());
  assert.deepEqual(Object.keys(OPS).filter((op) => !tested.has(op)), CONSTANT);
});
