import assert from "node:assert/strict";
import { withSettings } from "../../cli/settings.ts";
import { data, InputError, metric, pipeline, type PipelineSpec, solver } from "../../mod.ts";

const spec: PipelineSpec = pipeline({
  target: data.twoMoons(),
  solver: solver.dopri5({ rtol: 1e-3 }),
  metrics: [metric.slicedWasserstein({ samples: 300 })],
});

Deno.test("withSettings() writes numbers, words, lists, objects and null where they belong", () => {
  const changed = withSettings(spec, [
    "training.steps=500",
    "name=other",
    "velocity.hidden=[32,32]",
    "velocity.hidden[1]=64",
    "training.ema=null",
    "training.optimizer.learningRate=0.01",
    "metrics[0].samples=1000",
    "metrics.0.repeats=3",
    'metrics[1]={"kind":"meanError"}',
  ]);
  assert.equal(changed.training?.steps, 500);
  assert.equal(changed.name, "other");
  assert.deepEqual((changed.velocity as unknown as { hidden: number[] }).hidden, [32, 64]);
  assert.equal(changed.training?.ema, null);
  assert.deepEqual(changed.training?.optimizer.learningRate, { kind: "constant", value: 0.01 });
  const [first, second] = changed.metrics as unknown as {
    kind: string;
    samples: number;
    repeats: number;
  }[];
  assert.deepEqual([first.samples, first.repeats, second.kind], [1000, 3, "meanError"]);
  assert.equal(spec.training?.steps, 2000); // what was given is as it was
});

Deno.test("withSettings() gives a part of another kind the defaults of that kind", () => {
  for (const setting of ["solver=euler", "solver.kind=euler"]) {
    const changed = withSettings(spec, [setting, "solver.step.steps=20"]);
    assert.deepEqual(changed.solver, { kind: "euler", step: { kind: "fixed", steps: 20 } });
  }
  assert.deepEqual(withSettings(spec, ["solver.kind=dopri5"]), spec); // it has that kind already
});

const MISTAKES: Readonly<Record<string, RegExp>> = {
  "training.stepz=5": /^training has no field "stepz"; did you mean "steps"\?$/,
  "trainig.steps=5": /^The pipeline has no field "trainig"; did you mean "training"\?$/,
  "__proto__.x=5": /has no field "__proto__"/,
  "training.steps=-5": /^training\.steps must be .*: found -5$/,
  "training.steps=many": /^training\.steps must be .*: found "many"$/,
  "training.steps.more=5": /^Cannot --set training\.steps\.more=5: training\.steps is 2000, which/,
  "metrics.samples=5": /metrics is a list, so an index must follow, as in metrics\[0\]$/,
  "metrics[4].samples=5": /metrics has 1 entries, so the next is metrics\[1\]$/,
  "solver=eulre": /^solver\.kind must be one of .*: found "eulre"; did you mean "euler"\?/,
  "training.steps": /^Cannot read --set training\.steps: write path=value/,
  "training..steps=5": /write the place as names with dots/,
  "=5": /write the place as names with dots/,
};

for (const [setting, message] of Object.entries(MISTAKES)) {
  Deno.test(`--set ${setting} is refused in words`, () => {
    assert.throws(
      () => withSettings(spec, [setting]),
      (error) => error instanceof InputError && message.test(error.message),
    );
  });
}

Deno.test("withSettings() checks all settings together, and names each that is wrong", () => {
  assert.throws(() => withSettings(spec, ["training.steps=0", "seed=-1"]), {
    message: /has 2 problems:[^]*training\.steps[^]*seed|seed[^]*training\.steps/,
  });
});
