import assert from "node:assert/strict";
import { compareRuns } from "../../../runtime/replay/compare.ts";
import { outcomeWith } from "./outcomes.ts";

const { metrics, digests } = outcomeWith();

Deno.test("compareRuns() judges changes by their standard errors and each metric's direction", () => {
  const verdict = (value: number, i: number): string | null => {
    const changed = metrics.with(i, { ...metrics[i], value });
    const { metrics: compared } = compareRuns(
      { label: "a", outcome: outcomeWith() },
      { label: "b", outcome: outcomeWith({ metrics: changed }) },
    );
    return compared[i].verdict;
  };
  // Two standard errors of the change are 2 sqrt(2) 0.01 = 0.0283.
  assert.deepEqual([0.228, 0.229, 0.172, 0.171].map((value) => verdict(value, 0)), [
    ...["same", "worse", "same", "better"],
  ]);
  // Without standard errors every change is one.
  assert.deepEqual([-2, -2.1, -1.9].map((value) => verdict(value, 1)), ["same", "worse", "better"]);
  assert.equal(verdict(NaN, 0), null);
});

Deno.test("compareRuns() lists what only one has, settings that differ, and timings", () => {
  const timings = [
    { node: "training", seconds: 0.1, stored: true, made: 2 },
    { node: "solver", seconds: 0.1, stored: true, made: null },
  ];
  const b = outcomeWith({
    metrics: [metrics[1], { ...metrics[0], name: "meanError", unit: "sd" }],
    settings: { name: "moons", "training.steps": 7 },
    backend: "wasm",
    digests: { ...digests, target: "ee" },
  });
  const compared = compareRuns(
    { label: "moons.lock.json", outcome: outcomeWith() },
    { label: "runs/moons/1", outcome: b, timings },
  );
  assert.deepEqual(compared.metrics.map(({ name, a, b }) => [name, a?.value, b?.value]), [
    ["wasserstein2", 0.2, undefined],
    ["logLikelihood", -2, -2],
    ["meanError", undefined, 0.2],
  ]);
  assert.equal(compared.metrics[0].verdict, null);
  assert.deepEqual(compared.settings, [
    { path: "training.steps", a: 100, b: 7 },
    { path: "data.target", a: "22".repeat(32), b: "ee" },
    { path: "backend", a: "cpu", b: "wasm" },
  ]);
  assert.deepEqual(compared.timings, [
    { node: "training", a: null, b: 2 },
    { node: "solver", a: null, b: null },
  ]);
});
