/** What the compiler refuses. Every refused call is also refused at run time, for plain JavaScript. */
import assert from "node:assert/strict";
import {
  coupling,
  type CustomVelocity,
  type Data,
  data,
  type DataSource,
  type GaussianSource,
  metric,
  objective,
  optimizer,
  pipeline,
  type PipelineOptions,
  type PipelineSpec,
  type SameDimension,
  solver,
  source,
  type SourceSpec,
  type SwissRollSpec,
  training,
  velocity,
} from "../../dsl/mod.ts";

/** Fails to compile unless X and Y are the same type. */
function same<X, Y>(
  _: (<T>() => T extends X ? 1 : 2) extends (<T>() => T extends Y ? 1 : 2) ? true : never,
): void {}

const refused = (build: () => unknown, message: RegExp): void =>
  assert.throws(build, { name: "InputError", message });

Deno.test("builders carry the dimension in their types", () => {
  const two: GaussianSource<2> = source.gaussian({ dim: 2 });
  const moons: DataSource<2> = data.twoMoons();
  const roll: Data<SwissRollSpec, 3> = data.swissRoll();
  const table: DataSource<3> = data.csv({ path: "a.csv", columns: ["a", "b", "c"] });
  const rows: DataSource<64> = data.npy({ path: "a.npy", dim: 64 });
  const unknown: DataSource<number> = data.npy({ path: "a.npy" });
  const mixture: DataSource<2> = data.gaussianMixture({ means: [[0, 0], [1, 1]] });
  const field: CustomVelocity<3> = velocity.custom((_t, x) => x, { dim: 3 });
  assert.ok([two, moons, roll, table, rows, unknown, mixture, field].every(Object.isFrozen));
  // @ts-expect-error a Swiss roll is in space unless dim says otherwise
  const plane: DataSource<2> = data.swissRoll();
  assert.equal(plane.kind, "swissRoll");
});

Deno.test("the compiler says in words which dimensions differ", () => {
  type Message = SameDimension<GaussianSource<2>, Data<SwissRollSpec, 3>, "source">;
  same<Message, "The target has dimension 3 but the source has dimension 2">(true);
});

Deno.test("a source of another dimension than the target does not compile", () => {
  refused(
    // @ts-expect-error The target has dimension 3 but the source has dimension 2
    () => pipeline({ source: source.gaussian({ dim: 2 }), target: data.swissRoll() }),
    /^source must have the dimension of the target, 3: found 2$/,
  );
  refused(() =>
    pipeline({
      // @ts-expect-error The target has dimension 3 but the source has dimension 2
      source: data.twoMoons(),
      target: data.csv({ path: "a.csv", columns: ["a", "b", "c"] }),
    }), /^source must have the dimension of the target, 3: found 2$/);
});

Deno.test("a source whose dimension is not in its type compiles", () => {
  const dim: number = 3;
  const any: SourceSpec = source.gaussian();
  pipeline({ source: source.gaussian({ dim }), target: data.swissRoll() });
  pipeline({ source: any, target: data.swissRoll() });
  pipeline({ source: source.gaussian({ dim: 7 }), target: data.npy({ path: "a.npy" }) });
});

Deno.test("a likelihood with a source without density does not compile", () => {
  refused(() =>
    pipeline({
      source: data.circles(),
      target: data.twoMoons(),
      // @ts-expect-error A likelihood needs a source that knows its density
      metrics: [metric.wasserstein2(), metric.negativeLogLikelihood()],
    }), /^metrics\[1\] needs a source that knows its density .*: found "circles"$/);
  refused(() =>
    pipeline({
      source: data.npy({ path: "a.npy", dim: 2 }),
      target: data.twoMoons(),
      // @ts-expect-error A likelihood needs a source that knows its density
      metrics: [metric.bitsPerDimension()],
    }), /^metrics\[0\] needs a source that knows its density .*: found "npy"$/);
});

Deno.test("a likelihood with data that know their density for a source compiles", () => {
  const target = data.twoMoons();
  const metrics = [metric.negativeLogLikelihood()] as const;
  pipeline({ source: data.gaussianMixture({ means: [[0, 0]] }), target, metrics });
  pipeline({ source: data.checkerboard(), target, metrics });
  pipeline({ source: data.eightGaussians(), target, metrics });
  // How much noise there is, no type knows.
  refused(
    () => pipeline({ source: data.eightGaussians({ noise: 0 }), target, metrics }),
    /^metrics\[0\] needs a source that knows its density .*: found "eightGaussians"$/,
  );
});

Deno.test("tolerances on a solver of fixed steps do not compile", () => {
  const refusedField = (build: () => unknown, name: string) =>
    refused(build, new RegExp(`^solver\\.\\w+ has no field "${name}"; its fields are "steps"$`));
  // @ts-expect-error euler has no estimate of its error, so it takes steps and no tolerance
  refusedField(() => solver.euler({ rtol: 1e-3 }), "rtol");
  // @ts-expect-error midpoint has no estimate of its error, so it takes steps and no tolerance
  refusedField(() => solver.midpoint({ atol: 1e-3 }), "atol");
  // @ts-expect-error heun has no estimate of its error, so it takes steps and no tolerance
  refusedField(() => solver.heun({ steps: 10, rtol: 1e-3 }), "rtol");
  // @ts-expect-error ralston has no estimate of its error, so it takes steps and no tolerance
  refusedField(() => solver.ralston({ maxSteps: 10 }), "maxSteps");
  // @ts-expect-error rk4 has no estimate of its error, so it takes steps and no tolerance
  refusedField(() => solver.rk4({ control: "batch" }), "control");
});

Deno.test("steps together with tolerances do not compile", () => {
  refused(
    // @ts-expect-error Give either a number of steps or tolerances, not both
    () => solver.dopri5({ steps: 10, rtol: 1e-3 }),
    /^solver\.dopri5: give either a number of steps or tolerances: found steps and rtol$/,
  );
  refused(
    // @ts-expect-error Give either a number of steps or tolerances, not both
    () => solver.tsit5({ steps: 10, atol: 1e-3, control: "batch" }),
    /found steps and atol and control$/,
  );
  // @ts-expect-error Give either a number of steps or tolerances, not both
  refused(() => solver.bogackiShampine({ steps: 10, maxSteps: 9 }), /found steps and maxSteps$/);
});

Deno.test("the closed form of a Gaussian mixture without what it is for does not compile", () => {
  const mixture = data.gaussianMixture({ means: [[0, 0]] });
  refused(
    // @ts-expect-error velocity.gaussianMixture needs a target made by data.gaussianMixture
    () => pipeline({ target: data.twoMoons(), velocity: velocity.gaussianMixture() }),
    /^target\.kind must be "gaussianMixture" for the velocity "gaussianMixture": found "twoMoons"$/,
  );
  refused(() =>
    pipeline({
      // @ts-expect-error velocity.gaussianMixture needs a source made by source.gaussian
      source: data.twoMoons(),
      target: mixture,
      velocity: velocity.gaussianMixture(),
    }), /^source\.kind must be "gaussian" .*: found "twoMoons"$/);
  refused(() =>
    pipeline({
      target: mixture,
      // @ts-expect-error velocity.gaussianMixture needs coupling.independent
      coupling: coupling.optimalTransport(),
      velocity: velocity.gaussianMixture(),
    }), /^coupling\.kind must be "independent" .*: found "optimalTransport"$/);
});

Deno.test("training or an objective for a closed form does not compile", () => {
  const field = velocity.custom((_t, x) => x);
  refused(
    // @ts-expect-error A closed-form velocity has nothing to train: leave this out
    () => pipeline({ target: data.twoMoons(), velocity: field, training: training() }),
    /^training must be left out or null: the velocity "custom" is a closed form/,
  );
  refused(() =>
    pipeline({
      target: data.twoMoons(),
      velocity: field,
      // @ts-expect-error A closed-form velocity has nothing to train: leave this out
      objective: objective.flowMatching({ prediction: "target" }),
    }), /^objective must be left out or null: the velocity "custom" is a closed form/);
});

Deno.test("a closed form of another dimension than the target does not compile", () => {
  refused(() =>
    pipeline({
      target: data.twoMoons(),
      // @ts-expect-error The target has dimension 2 but the velocity has dimension 3
      velocity: velocity.custom((_t, x) => x, { dim: 3 }),
    }), /^velocity\.dim must have the dimension of the target, 2: found 3$/);
});

Deno.test("misspelt and missing fields do not compile", () => {
  // @ts-expect-error there is no field sorce
  refused(() => pipeline({ target: data.twoMoons(), sorce: source.gaussian() }), /"sorce"/);
  // @ts-expect-error the target is missing
  refused(() => pipeline({ name: "nothing" }), /^target is missing/);
  // @ts-expect-error there is no field batchsize
  refused(() => training({ batchsize: 2 }), /^training has no field "batchsize"; did you mean/);
  // @ts-expect-error there is no activation swish
  refused(() => velocity.mlp({ activation: "swish" }), /^velocity\.mlp: activation must be one of/);
  // @ts-expect-error a Swiss roll has 2 or 3 dimensions
  refused(() => data.swissRoll({ dim: 4 }), /^data\.swissRoll: dim must be 2 or 3: found 4$/);
  // @ts-expect-error a schedule or a number, not text
  refused(() => optimizer.adam({ learningRate: "fast" }), /learningRate must be an object/);
});

Deno.test("a spec is read-only and can be varied", () => {
  const spec: PipelineSpec = pipeline({ target: data.twoMoons() });
  assert.throws(() => {
    // @ts-expect-error fields are read-only
    spec.seed = 1;
  }, TypeError);
  const options: PipelineOptions = spec;
  assert.equal(pipeline({ ...spec, seed: 1 }).seed, 1);
  assert.equal(pipeline(options).seed, 0);
});
