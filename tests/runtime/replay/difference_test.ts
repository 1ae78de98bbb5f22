import assert from "node:assert/strict";
import { type Differences, differencesOf } from "../../../runtime/replay/difference.ts";
import { lockOf } from "../../../runtime/replay/lock.ts";
import type { RunOutcome } from "../../../runtime/replay/outcome.ts";
import { outcomeWith } from "./outcomes.ts";

const LOCK = lockOf(outcomeWith());

/** Verdicts by what they are about, without those that are `same`. */
function verdicts(found: RunOutcome, stored = false): [Record<string, string>, Differences] {
  const differences = differencesOf(LOCK, found, { stored });
  const rows = differences.rows.filter(({ verdict }) => verdict !== "same");
  return [Object.fromEntries(rows.map(({ what, verdict }) => [what, verdict])), differences];
}

const { digests, metrics, versions } = outcomeWith();
const OTHER = "ee".repeat(32);
const shifted = (by: number): RunOutcome["metrics"] => [
  { ...metrics[0], value: metrics[0].value + by },
  metrics[1],
];

Deno.test("an equal outcome has no differences, and no reasons", () => {
  const [found, { exact, reasons, rows }] = verdicts(outcomeWith());
  assert.deepEqual([found, exact, reasons], [{}, true, []]);
  assert.deepEqual(rows.map(({ what }) => what), [
    ...["spec", "data.source", "data.target", "weights", "samples"],
    ...["metrics.wasserstein2", "metrics.logLikelihood"],
  ]);
});

Deno.test("a data file may lie elsewhere, unless other data are in it", () => {
  const at = (path: string, hash: string): RunOutcome =>
    outcomeWith({ hash, settings: { name: "moons", "target.path": path } });
  const lock = lockOf(at("/a/cells.csv", "aa".repeat(32)));
  const found = at("/b/cells.csv", "bb".repeat(32));
  const { rows, reasons } = differencesOf(lock, found);
  const notSame = rows.filter(({ verdict }) => verdict !== "same");
  assert.deepEqual(
    notSame.map(({ what, verdict }) => [what, verdict]),
    [["spec", "tolerated"], ["settings.target.path", "tolerated"]],
  );
  assert.deepEqual(reasons, ["a data file lies elsewhere, with the same content"]);
  const sameWay = differencesOf(lock, at("/a/cells.csv", "bb".repeat(32)));
  assert.deepEqual(
    sameWay.rows.filter(({ verdict }) => verdict !== "same").map(({ what }) => what),
    ["spec"], // which holds the whole path
  );
  assert.ok(sameWay.rows.every(({ verdict }) => verdict !== "moved"));
  const noFile = verdicts(outcomeWith({ hash: "bb".repeat(32) }));
  assert.deepEqual(noFile[0], { spec: "moved" });
  const others = differencesOf(lock, { ...found, digests: { ...digests, target: OTHER } });
  assert.deepEqual(
    others.rows.filter(({ verdict }) => verdict === "moved").map(({ what }) => what),
    ["spec", "settings.target.path", "data.target"],
  );
});

Deno.test("where bits are promised, any other bit has moved, and the code must have changed", () => {
  const [found, { reasons }] = verdicts(outcomeWith({
    digests: { ...digests, weights: OTHER, samples: OTHER },
    metrics: shifted(1e-9),
  }));
  assert.deepEqual(found, {
    ...{ weights: "moved", samples: "moved", "metrics.wasserstein2": "moved" },
  });
  assert.match(reasons[0], /so the code that computes must have changed/);
});

Deno.test("the rounding of JavaScript's own functions is the same number", () => {
  const [found] = verdicts(outcomeWith({ metrics: shifted(1e-14) }));
  assert.deepEqual(found, {});
});

/** What makes bits no promise, and how it is said. */
const ELSEWHERE: readonly [Partial<RunOutcome>, RegExp][] = [
  [{ backend: "wasm", instructionSet: null }, /backend: cpu when locked, wasm here/],
  [
    { instructionSet: "x86_64 avx512f" },
    /instruction set: x86_64 avx2 when locked, x86_64 avx512f/,
  ],
  [
    { versions: { ...versions, engine: "onnxruntime 1.31.0" } },
    /engine: onnxruntime 1\.30\.0 when/,
  ],
  [
    { versions: { ...versions, pushforward: "0.2.0" } },
    /0\.1\.0 \(revision 2\) when locked, 0\.2\.0/,
  ],
  [
    { versions: { ...versions, revision: 3 } },
    /\(revision 2\) when locked, 0\.1\.0 \(revision 3\)/,
  ],
];

for (const [changes, reason] of ELSEWHERE) {
  Deno.test(`elsewhere metrics have their tolerance: ${reason.source}`, () => {
    const other = { ...digests, weights: OTHER, samples: OTHER };
    const near = verdicts(outcomeWith({ ...changes, digests: other, metrics: shifted(0.0099) }));
    assert.deepEqual(near[0], {
      ...{ weights: "tolerated", samples: "tolerated", "metrics.wasserstein2": "tolerated" },
    });
    assert.equal(near[1].exact, false);
    assert.match(near[1].reasons[0], reason);
    const [far] = verdicts(outcomeWith({ ...changes, digests: other, metrics: shifted(0.0101) }));
    assert.equal(far["metrics.wasserstein2"], "moved");
  });
}

Deno.test("another Deno is a reason, but no excuse", () => {
  const [found, { exact, reasons }] = verdicts(outcomeWith({
    versions: { ...versions, deno: "3.0.0" },
    digests: { ...digests, weights: OTHER },
  }));
  assert.deepEqual([found, exact], [{ weights: "moved" }, true]);
  assert.deepEqual(reasons, ["Deno: 2.9.6 when locked, 3.0.0 here"]);
});

Deno.test("stored weights have moved when they are others, wherever they are evaluated", () => {
  const [found, { reasons }] = verdicts(
    outcomeWith({ backend: "wasm", digests: { ...digests, weights: OTHER } }),
    true,
  );
  assert.equal(found.weights, "moved");
  assert.match(reasons[0], /the stored weights are not those of the lock/);
});

Deno.test("changed settings are named, with data and metrics that came and went", () => {
  const [found, { rows, reasons }] = verdicts(outcomeWith({
    hash: OTHER,
    settings: { name: "moons", "training.steps": 90, "training.ema": null },
    digests: { ...digests, target: OTHER },
    metrics: [metrics[0], { ...metrics[0] }],
  }));
  assert.deepEqual(found, {
    spec: "moved",
    "settings.training.steps": "moved",
    "settings.training.ema": "moved",
    "data.target": "moved",
    "metrics.logLikelihood": "moved",
    "metrics.wasserstein2.2": "moved",
  });
  assert.deepEqual(rows[1], {
    ...{ what: "settings.training.steps", locked: 100, found: 90, change: -10, tolerance: null },
    verdict: "moved",
  });
  assert.deepEqual(reasons, ["the pipeline's settings changed", "the data changed"]);
});

Deno.test("a metric that is not a number is the same as before, and moved if it was one", () => {
  const nan = [{ ...metrics[0], value: NaN }, metrics[1]];
  const rows =
    differencesOf(lockOf(outcomeWith({ metrics: nan })), outcomeWith({ metrics: nan })).rows;
  assert.ok(rows.every(({ verdict }) => verdict === "same"));
  for (const elsewhere of [{}, { backend: "wasm" }]) {
    const [found] = verdicts(outcomeWith({ ...elsewhere, metrics: nan }));
    assert.equal(found["metrics.wasserstein2"], "moved");
  }
});
