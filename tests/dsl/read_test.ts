/** What JSON may not say, and the words in which it is refused. */
import assert from "node:assert/strict";
import { parse } from "../../dsl/mod.ts";
import { velocity } from "../../dsl/mod.ts";

const target = { kind: "twoMoons" };
const solvers =
  '"euler", "midpoint", "heun", "ralston", "rk4", "bogackiShampine", "dopri5", "tsit5"';
const optimizers = '"sgd", "adam", "adamw"';
const adam = (learningRate: object) => ({ optimizer: { kind: "adam", learningRate } });
const rotation = velocity.custom((_t, x) => x);
const csv = { kind: "csv", path: "a.csv" };

/** A fact about a message, the JSON beside a valid target, and the message. */
const cases: readonly (readonly [fact: string, json: object, message: string])[] = [
  [
    "a misspelt kind",
    { solver: { kind: "dorpi5" } },
    `solver.kind must be one of ${solvers}: found "dorpi5"; did you mean "dopri5"?`,
  ],
  [
    "a kind that resembles none",
    { solver: { kind: "leapfrog" } },
    `solver.kind must be one of ${solvers}: found "leapfrog"`,
  ],
  ["a missing kind", { solver: {} }, `solver.kind is missing: it must be one of ${solvers}`],
  [
    "a part that is no object",
    { training: { optimizer: "adam" } },
    `training.optimizer must be an object whose kind is one of ${optimizers}: found "adam"`,
  ],
  [
    "a misspelt field",
    { training: { bacthSize: 2 } },
    'training has no field "bacthSize"; did you mean "batchSize"?',
  ],
  [
    "a field that resembles none",
    { solver: { kind: "euler", tolerance: 1 } },
    'solver has no field "tolerance"; its fields are "step"',
  ],
  [
    "a field of a kind that takes none",
    { interpolant: { kind: "linear", speed: 1 } },
    'interpolant has no field "speed"; it takes none',
  ],
  [
    "a misspelt part",
    { metric: [] },
    'The pipeline has no field "metric"; did you mean "metrics"?',
  ],
  [
    "a misspelt name in a list of names",
    { velocity: { kind: "mlp", activation: "sliu" } },
    'velocity.activation must be one of "silu", "relu", "tanh", "gelu", "softplus", "selu": ' +
    'found "sliu"; did you mean "silu"?',
  ],
  [
    "negative steps",
    { training: { steps: -5 } },
    "training.steps must be a whole number of at least 1: found -5",
  ],
  [
    "half a step",
    { training: { steps: 0.5 } },
    "training.steps must be a whole number of at least 1: found 0.5",
  ],
  [
    "an empty batch",
    { training: { batchSize: 0 } },
    "training.batchSize must be a whole number of at least 1: found 0",
  ],
  [
    "a decay of 1",
    { training: { ema: 1 } },
    "training.ema must be a number of at least 0 and below 1: found 1",
  ],
  [
    "a learning rate of 0",
    { training: adam({ kind: "constant", value: 0 }) },
    "training.optimizer.learningRate.value must be a number above 0: found 0",
  ],
  [
    "a floor above the peak",
    { training: adam({ kind: "cosine", peak: 1, floor: 2 }) },
    "training.optimizer.learningRate.floor must be at most the peak, 1: found 2",
  ],
  [
    "a warm-up as long as the training",
    { training: { steps: 10, ...adam({ kind: "linearWarmup", peak: 1, warmup: 10 }) } },
    "training.optimizer.learningRate.warmup must be below the steps of training, 10: found 10",
  ],
  [
    "tolerances of 0",
    { solver: { kind: "tsit5", step: { kind: "adaptive", rtol: 0, atol: 0 } } },
    "solver.step must have rtol or atol above 0: found 0 for both",
  ],
  [
    "a negative tolerance",
    { solver: { kind: "tsit5", step: { kind: "adaptive", rtol: -1 } } },
    "solver.step.rtol must be a number of at least 0: found -1",
  ],
  [
    "tolerances on a solver without an estimate of its error",
    { solver: { kind: "rk4", step: { kind: "adaptive" } } },
    'solver.step.kind must be "fixed": found "adaptive"',
  ],
  [
    "steps beside tolerances",
    { solver: { kind: "dopri5", step: { kind: "adaptive", steps: 3 } } },
    'solver.step has no field "steps"; its fields are "rtol", "atol", "maxSteps", "control"',
  ],
  [
    "a source of another dimension",
    { source: { kind: "gaussian", dim: 3 } },
    "source must have the dimension of the target, 2: found 3",
  ],
  [
    "a list of another length than the target's dimension",
    { source: { kind: "gaussian", mean: [0, 0, 0] } },
    "source must have the dimension of the target, 2: found 3",
  ],
  [
    "a box that is inside out",
    { source: { kind: "uniform", low: [0, 2], high: 1 } },
    "source.high must be above low in every coordinate: coordinate 1 runs from 2 to 1",
  ],
  [
    "a likelihood without a density",
    { source: { kind: "circles" }, metrics: [{ kind: "bitsPerDimension" }] },
    'metrics[0] needs a source that knows its density ("gaussian", "uniform", ' +
    '"gaussianMixture", "checkerboard", "eightGaussians" with noise): found "circles"',
  ],
  [
    "a plan that does not hold whole batches",
    { coupling: { kind: "sinkhorn", batchSize: 100 }, training: { batchSize: 64 } },
    "coupling.batchSize must be a multiple of training.batchSize, 64: found 100",
  ],
  [
    "no training of a network",
    { training: null },
    'training must not be null: the velocity "mlp" is trained',
  ],
  [
    "an objective of a closed form",
    { velocity: rotation, objective: { kind: "flowMatching" } },
    'objective must be left out or null: the velocity "custom" is a closed form with nothing ' +
    "to train",
  ],
  [
    "a closed form of another dimension",
    { velocity: rotation, target: { kind: "swissRoll" } },
    "velocity.dim must have the dimension of the target, 3: found 2",
  ],
  [
    "a graph of another shape than its dim says",
    { velocity: { ...rotation, dim: 3 }, target: { kind: "swissRoll" } },
    "velocity.field must return [n, 3] numbers: found f32 [n, 2]",
  ],
  [
    "a name that leaves its folder",
    { name: "../moons" },
    "name must be a name that is safe for a folder: up to 100 letters, digits, _, - and single " +
    'dots within: found "../moons"',
  ],
  [
    "another version",
    { version: 2 },
    "version must be 1, the version of this format: found 2",
  ],
  [
    "fractions of more than everything",
    { target: { ...csv, split: { kind: "fractions", train: 0.7, validation: 0.2, test: 0.2 } } },
    "target.split must have fractions that sum to at most 1: found 1.1",
  ],
  [
    "a value of a column in two parts",
    { target: { ...csv, split: { kind: "column", column: "day", train: [0, 1], test: ["1"] } } },
    'target.split must name each value of the column once: found "1" more than once',
  ],
  [
    "a column that is read twice",
    { target: { ...csv, columns: ["a", "a"] } },
    'target.columns must name each column once: found "a" twice',
  ],
  [
    "another dimension than the columns",
    { target: { ...csv, columns: ["a", "b"], dim: 3 } },
    "target.dim must be the number of columns, 2: found 3",
  ],
  [
    "a delimiter of two characters",
    { target: { ...csv, delimiter: "\t\t" } },
    'target.delimiter must be one character: found "\\t\\t"',
  ],
  [
    "a single repeat, which has no spread",
    { metrics: [{ kind: "mmd", repeats: 1 }] },
    "metrics[0].repeats must be a whole number of at least 2: found 1",
  ],
  [
    "a bandwidth that is neither a number nor the rule",
    { metrics: [{ kind: "mmd", bandwidth: "mean" }] },
    'metrics[0].bandwidth must be a number above 0, or "median": found "mean"',
  ],
];

for (const [fact, json, message] of cases) {
  Deno.test(`parse() refuses ${fact}`, () => {
    assert.throws(() => parse({ target, ...json }), { name: "InputError", message });
  });
}

Deno.test("parse() lists every problem on a line of its own, and names the first field", () => {
  const json = {
    target: { kind: "swissRoll", noise: -1 },
    source: { kind: "circles" },
    training: { steps: 0, batchsize: 3, ema: 2 },
    metrics: [{ kind: "wasserstein2" }, { kind: "negativeLogLikelihood", samples: 1 }],
    sede: 4,
  };
  assert.throws(() => parse(json), {
    field: "target.noise",
    message: [
      "The pipeline has 6 problems:",
      "  target.noise must be a number of at least 0: found -1",
      "  training.steps must be a whole number of at least 1: found 0",
      "  training.ema must be a number of at least 0 and below 1: found 2",
      '  training has no field "batchsize"; did you mean "batchSize"?',
      "  metrics[1].samples must be a whole number of at least 2: found 1",
      '  The pipeline has no field "sede"; did you mean "seed"?',
    ].join("\n"),
  });
});

Deno.test("parse() lists what does not fit together beside fields that are wrong", () => {
  const json = { target, source: { kind: "swissRoll" }, training: { steps: 0 } };
  assert.throws(() => parse(json), {
    message: [
      "The pipeline has 2 problems:",
      "  training.steps must be a whole number of at least 1: found 0",
      "  source must have the dimension of the target, 2: found 3",
    ].join("\n"),
  });
});

Deno.test("parse() fills in every default", () => {
  const spec = parse({ target });
  assert.equal(spec.name, "pipeline");
  assert.deepEqual(spec.source, { kind: "gaussian", dim: 2, mean: 0, scale: 1 });
  assert.deepEqual(spec.coupling, { kind: "independent" });
  assert.deepEqual(spec.objective, { kind: "flowMatching", prediction: "velocity" });
  assert.equal(spec.training?.optimizer.kind, "adam");
  assert.equal(spec.solver.kind, "dopri5");
  assert.deepEqual(spec.metrics, []);
});

Deno.test("parse() gives a source without dimension that of the target, once it is known", () => {
  assert.equal((parse({ target: { kind: "sCurve" } }).source as { dim: number }).dim, 3);
  const open = parse({ target: { kind: "npy", path: "a.npy" } });
  assert.deepEqual(open.source, { kind: "gaussian", dim: null, mean: 0, scale: 1 });
});
