import assert from "node:assert/strict";
import {
  evaluate,
  type Expression,
  input,
  minus,
  square,
  toJSON,
  trace,
} from "../../../graph/mod.ts";
import {
  convert,
  endPoints,
  type Interpolant,
  interpolantOf,
  INTERPOLANTS,
  interpolate,
  type Prediction,
  weightsAt,
} from "../../../nodes/interpolant/mod.ts";
import { port } from "../../../nodes/ports.ts";
import { mlp } from "../../../nodes/velocity/mod.ts";

const graphOf = (fn: (t: Expression) => Expression) =>
  toJSON([trace(fn, [{ name: "t", shape: [] }])]);

/** 1 - t^2 and t^2, traced: a path that starts at rest. */
const parabola = interpolantOf({
  kind: "custom",
  a: graphOf((t) => minus(1, square(t))),
  b: graphOf((t) => square(t)),
});
const ALL: readonly Interpolant[] = [...Object.values(INTERPOLANTS), parabola];

const t = port("t", input("t", ["n", 1]));
const x0 = port("x_0", input("x0", ["n", 2]));
const x1 = port("x_1", input("x1", ["n", 2]));
const column = (data: number[]) => ({ data, shape: [data.length, 1] });
const pairs = (data: number[]) => ({ data, shape: [data.length / 2, 2] });

for (const interpolant of ALL) {
  const { name } = interpolant;

  Deno.test(`${name} interpolant starts at the source and ends at the target`, () => {
    const { a, b } = weightsAt(interpolant, t);
    const [{ data: as }, { data: bs }] = evaluate([a, b], { t: column([0, 1]) });
    [as[0] - 1, as[1], bs[0], bs[1] - 1].forEach((e) => assert.ok(Math.abs(e) < 1e-15));
  });

  Deno.test(`${name} interpolant has the velocity that finite differences give`, () => {
    const { xt, velocity } = interpolate(interpolant, { t, x0, x1 });
    const h = 1e-5;
    const ends = { x0: pairs([1, -2, 1, -2]), x1: pairs([0.5, 3, 0.5, 3]) };
    const [points] = evaluate([xt], { t: column([0.3 - h, 0.3 + h]), ...ends });
    const [slopes] = evaluate([velocity], { t: column([0.3, 0.3]), ...ends });
    for (const i of [0, 1]) {
      const slope = (points.data[2 + i] - points.data[i]) / (2 * h);
      assert.ok(Math.abs(slope - slopes.data[i]) < 1e-9, `${slope} and ${slopes.data[i]}`);
    }
  });

  Deno.test(`${name} interpolant converts between velocity, target, noise and score`, () => {
    const { xt, velocity } = interpolate(interpolant, { t, x0, x1 });
    const at = { t, x: xt };
    const kinds: readonly Prediction[] = ["velocity", "target", "noise", "score"];
    const inputs = { t: column([0.2, 0.9]), x0: pairs([1, -2, 0.5, 3]), x1: pairs([4, 0, -1, 2]) };
    const truth = kinds.map((kind) =>
      convert(interpolant, at, { kind: "velocity", value: velocity }, kind)
    );
    const [, target, noise] = evaluate(truth, inputs);
    target.data.forEach((x, i) => assert.ok(Math.abs(x - inputs.x1.data[i]) < 1e-12));
    noise.data.forEach((x, i) => assert.ok(Math.abs(x - inputs.x0.data[i]) < 1e-12));
    for (const [i, from] of kinds.entries()) {
      const again = kinds.map((to) =>
        convert(interpolant, at, { kind: from, value: truth[i] }, to)
      );
      const [wanted, found] = [evaluate(truth, inputs), evaluate(again, inputs)];
      found.forEach(({ data }, k) =>
        data.forEach((x, j) =>
          assert.ok(Math.abs(x - wanted[k].data[j]) < 1e-11, `${from} to ${kinds[k]}`)
        )
      );
    }
  });
}

Deno.test("endPoints() are found from a velocity at both ends of time", () => {
  for (const interpolant of Object.values(INTERPOLANTS)) {
    const { xt, velocity } = interpolate(interpolant, { t, x0, x1 });
    const { noise, target } = endPoints(interpolant, { t, x: xt }, {
      kind: "velocity",
      value: velocity,
    });
    const inputs = { t: column([0, 1]), x0: pairs([1, -2, 0.5, 3]), x1: pairs([4, 0, -1, 2]) };
    const [n, y] = evaluate([noise, target], inputs);
    n.data.forEach((x, i) => assert.ok(Math.abs(x - inputs.x0.data[i]) < 1e-14));
    y.data.forEach((x, i) => assert.ok(Math.abs(x - inputs.x1.data[i]) < 1e-14));
  }
});

Deno.test("trigonometric interpolant keeps a^2 + b^2 = 1", () => {
  const { a, b } = weightsAt(INTERPOLANTS.trigonometric, t);
  const [{ data: as }, { data: bs }] = evaluate([a, b], { t: column([0.1, 0.5, 0.77]) });
  as.forEach((x, i) => assert.ok(Math.abs(x * x + bs[i] * bs[i] - 1) < 1e-15));
});

Deno.test("ports refuse one end of a pair where the other, or the path, belongs", () => {
  const { xt } = interpolate(INTERPOLANTS.linear, { t, x0, x1 });
  const network = mlp(
    {
      kind: "mlp",
      hidden: [],
      activation: "silu",
      time: { kind: "raw" },
      residual: false,
      layerNorm: false,
    },
    { dim: 2, seed: 0 },
  );
  const parameters = [input("w", [3, 2]), input("b", [2])];
  network.apply(parameters, t, xt);
  // @ts-expect-error x_1 is not a point of the path
  network.apply(parameters, t, x1);
  // @ts-expect-error nor is a velocity
  network.apply(parameters, t, interpolate(INTERPOLANTS.linear, { t, x0, x1 }).velocity);
  // @ts-expect-error source and target are in each other's place
  interpolate(INTERPOLANTS.linear, { t, x0: x1, x1: x0 });
  // @ts-expect-error a sample is not a time
  weightsAt(INTERPOLANTS.linear, x0);
});
