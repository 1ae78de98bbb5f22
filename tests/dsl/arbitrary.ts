/** Arbitrary valid pipelines as plain data, with every kind of every part. */
import fc from "npm:fast-check@4.10.2";
import { interpolant, velocity } from "../../dsl/mod.ts";
import { cos, matmul, minus, plus, sin, times } from "../../graph/mod.ts";
import { constant } from "../../graph/mod.ts";

type Json = Record<string, unknown>;

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
  .map((x) => x === 0 ? 0 : x); // -0 is refused, see canonical_test.ts
const positive = fc.double({ noNaN: true, min: 1e-6, max: 1e6 });
const fraction = fc.double({ noNaN: true, min: 0, max: 0.3 }).map((x) => x === 0 ? 0 : x);
const whole = (min: number) => fc.integer({ min, max: 10_000 });
const word = fc.string({ minLength: 1, maxLength: 12 });

/** A part whose fields may be left out, but for the required ones. */
function part(kind: string, optional: Record<string, fc.Arbitrary<unknown>>, required: Json = {}) {
  return fc.record({
    kind: fc.constant(kind),
    ...optional,
    ...Object.fromEntries(
      Object.entries(required).map(([key, value]) => [key, value as fc.Arbitrary<unknown>]),
    ),
  }, { requiredKeys: ["kind", ...Object.keys(required)] as never }) as fc.Arbitrary<Json>;
}

const nullOr = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const perCoordinate = (value: fc.Arbitrary<number>, dim: number) =>
  fc.oneof(value, fc.array(value, { minLength: dim, maxLength: dim }));

function gaussianSource(dim: number): fc.Arbitrary<Json> {
  return part("gaussian", {
    dim: fc.constantFrom(dim, null),
    mean: perCoordinate(finite, dim),
    scale: perCoordinate(positive, dim),
  });
}

function gaussianMixture(dim: number): fc.Arbitrary<Json> {
  const vector = fc.array(finite, { minLength: dim, maxLength: dim });
  const diagonal = fc.array(positive, { minLength: dim, maxLength: dim })
    .map((variances) => variances.map((v, i) => variances.map((_, j) => i === j ? v : 0)));
  return fc.integer({ min: 1, max: 3 }).chain((k) => {
    const each = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: k, maxLength: k });
    const required = { weights: each(positive), means: each(vector), covariances: each(diagonal) };
    return part("gaussianMixture", {}, required);
  });
}

const fractions = part("fractions", { validation: fraction, test: fraction, seed: whole(0) }, {
  train: fc.double({ noNaN: true, min: 0.1, max: 0.4 }),
});
const column = part("column", {}, { column: word, train: fc.constant([0, "a"]) });
const common = { standardize: fc.boolean(), dequantize: nullOr(positive), licence: word };
const select = fc.array(fc.record({ column: word, equals: fc.oneof(word, finite) }));
const named = { ...common, select, split: nullOr(fc.oneof(fractions, column)) };
const missing = fc.constantFrom("reject", "drop", "mean");

/** Any target of a dimension of its own, or of one that only the file knows. */
function target(dim: 2 | 3): fc.Arbitrary<Json> {
  const columns = fc.uniqueArray(word, { minLength: dim, maxLength: dim });
  const plane = [
    part("twoMoons", {
      noise: positive,
      scale: positive,
      shift: finite,
      smear: fc.constantFrom("gaussian", "diagonal"),
    }),
    part("eightGaussians", { radius: positive, noise: positive }),
    part("checkerboard", { cells: whole(1).map((n) => 2 * n), extent: positive }),
    part("pinwheel", { arms: whole(1), radial: positive, tangential: positive, rate: finite }),
    part("circles", { noise: positive, factor: fc.double({ noNaN: true, min: 0.1, max: 0.9 }) }),
  ];
  return fc.oneof(
    ...(dim === 2 ? plane : []),
    part("swissRoll", { noise: positive }, { dim: fc.constant(dim) }),
    part("sCurve", { noise: positive }, { dim: fc.constant(dim) }),
    gaussianMixture(dim),
    part("npy", { ...common, dim: fc.constantFrom(dim, null), split: nullOr(fractions) }, {
      path: word,
    }),
    part("npz", { ...named, dim: fc.constantFrom(dim, null) }, { path: word, array: word }),
    part("csv", { ...named, missing, header: fc.boolean(), delimiter: fc.constantFrom(",", ";") }, {
      path: word,
      columns,
    }),
    part("parquet", { ...named, missing, columns: nullOr(columns) }, { path: word }),
    part("array", common, {
      shape: fc.constant([2, dim]),
      data: fc.float32Array({
        noNaN: true,
        noDefaultInfinity: true,
        minLength: 2 * dim,
        maxLength: 2 * dim,
      }).map((values) => new Uint8Array(values.buffer).toBase64()),
    }),
  );
}

const batch = nullOr(whole(1).map((n) => 64 * n));
const coupling = fc.oneof(
  part("independent", {}),
  part("optimalTransport", { batchSize: batch }),
  part("sinkhorn", {
    epsilon: positive,
    batchSize: batch,
    maxIterations: whole(1),
    tolerance: positive,
  }),
);

const interpolants = fc.oneof(
  part("linear", {}),
  part("trigonometric", {}),
  fc.integer({ min: 1, max: 5 }).map((k): Json => {
    const wave = (t: Parameters<typeof sin>[0]) => sin(times(k * Math.PI, t));
    return {
      ...interpolant.custom({
        a: (t) => plus(minus(1, t), times(0.1, wave(t))),
        b: (t) => minus(t, times(0.1, wave(t))),
      }),
    };
  }),
);

const frequencies = { features: whole(1) };
const mlp = part("mlp", {
  hidden: fc.array(whole(1), { maxLength: 4 }),
  activation: fc.constantFrom("silu", "relu", "tanh", "gelu", "softplus", "selu"),
  time: fc.oneof(
    part("raw", {}),
    part("fourier", { ...frequencies, scale: positive }),
    part("sinusoidal", frequencies),
  ),
  residual: fc.boolean(),
  layerNorm: fc.boolean(),
});

function customVelocity(dim: 2 | 3): fc.Arbitrary<Json> {
  return fc.array(finite, { minLength: dim * dim, maxLength: dim * dim }).map((entries) => ({
    ...velocity.custom((t, x) => times(cos(t), matmul(x, constant(entries, [dim, dim]))), { dim }),
  }));
}

const name = nullOr(word);
const network = (dim: 2 | 3): fc.Arbitrary<Json> => {
  const output = { dim: fc.constantFrom(dim, null), output: name };
  return fc.oneof(
    part("onnx", { ...output, time: name, state: name }, { path: word }),
    part("onnx", { ...output, state: name, joined: fc.constantFrom("stateFirst", "timeFirst") }, {
      path: word,
    }),
  );
};

const schedule = fc.oneof(
  part("constant", {}, { value: positive }),
  part("cosine", { floor: fc.constant(1e-7), warmup: fc.integer({ min: 0, max: 50 }) }, {
    peak: positive,
  }),
  part("linearWarmup", {}, { peak: positive, warmup: fc.integer({ min: 1, max: 50 }) }),
);
const decay = fc.double({ noNaN: true, min: 0, max: 0.9999 }).map((x) => x === 0 ? 0 : x);
const moments = { learningRate: schedule, beta1: decay, beta2: decay, epsilon: positive };
const training = fc.record({
  steps: fc.integer({ min: 100, max: 10_000 }),
  batchSize: fc.constant(64),
  optimizer: fc.oneof(
    part("sgd", { learningRate: schedule, momentum: decay }),
    part("adam", moments),
    part("adamw", { ...moments, weightDecay: decay }),
  ),
  ema: nullOr(decay),
  clipNorm: nullOr(positive),
}, { requiredKeys: ["batchSize"] });

const fixed = part("fixed", { steps: whole(1) });
const adaptive = part("adaptive", {
  rtol: positive,
  atol: positive,
  maxSteps: whole(1),
  control: fc.constantFrom("sample", "batch"),
});
const solver = fc.oneof(
  ...["euler", "midpoint", "heun", "ralston", "rk4"].map((kind) => part(kind, { step: fixed })),
  ...["bogackiShampine", "dopri5", "tsit5"].map((kind) =>
    part(kind, { step: fc.oneof(fixed, adaptive) })
  ),
);

const sampling = { samples: whole(2), repeats: whole(2) };
const distances = [
  ...["wasserstein1", "wasserstein2", "energyDistance", "straightness", "meanError"],
  "covarianceError",
].map((kind) => part(kind, sampling));
const metric = fc.oneof(
  ...distances,
  part("sinkhornDivergence", { ...sampling, epsilon: positive }),
  part("slicedWasserstein", { ...sampling, projections: whole(1) }),
  part("mmd", {
    ...sampling,
    kernel: fc.constantFrom("gaussian", "laplacian"),
    bandwidth: fc.oneof(positive, fc.constant("median")),
  }),
  part("pathEnergy", { ...sampling, normalized: fc.boolean() }),
);
const likelihood = fc.oneof(
  part("negativeLogLikelihood", { samples: whole(2) }),
  part("bitsPerDimension", { samples: whole(2) }),
);

const shared = {
  version: fc.constant(1),
  name: fc.stringMatching(/^[A-Za-z0-9_-]{1,20}(\.[A-Za-z0-9_-]{1,5})?$/),
  seed: fc.maxSafeNat(),
  interpolant: interpolants,
  solver,
};

/** Any pipeline that is valid as it stands, with its optional fields there or not. */
export const arbitraryPipeline: fc.Arbitrary<Json> = fc.constantFrom<2 | 3>(2, 3).chain((dim) => {
  const uniform = part("uniform", { low: perCoordinate(fc.constant(-2), dim) });
  const dense = fc.oneof(gaussianSource(dim), uniform, gaussianMixture(dim));
  const objective = part("flowMatching", {
    prediction: fc.constantFrom("velocity", "target", "noise"),
  });
  return fc.oneof(
    fc.record({
      ...shared,
      source: dense,
      target: target(dim),
      coupling,
      velocity: mlp,
      objective,
      training,
      metrics: fc.array(fc.oneof(metric, likelihood), { maxLength: 4 }),
    }, { requiredKeys: ["target", "training"] }),
    fc.record({ ...shared, source: target(dim), target: target(dim), metrics: fc.array(metric) }, {
      requiredKeys: ["source", "target"],
    }),
    fc.record({
      ...shared,
      target: target(dim),
      velocity: fc.oneof(customVelocity(dim), network(dim)),
      coupling,
    }, { requiredKeys: ["target", "velocity"] }),
    fc.record({
      ...shared,
      source: gaussianSource(dim),
      target: gaussianMixture(dim),
      velocity: fc.constant({ kind: "gaussianMixture" }),
      objective: fc.constant(null),
      training: fc.constant(null),
    }, { requiredKeys: ["target", "velocity"] }),
  ) as fc.Arbitrary<Json>;
});
