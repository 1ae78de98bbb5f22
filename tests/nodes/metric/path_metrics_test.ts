import assert from "node:assert/strict";
import type { Trajectory } from "../../../nodes/metric/metric.ts";
import { pathEnergy } from "../../../nodes/metric/path_energy.ts";
import { straightness } from "../../../nodes/metric/straightness.ts";

const sampling = { samples: 3, repeats: 1 };
const energy = { kind: "pathEnergy", normalized: false, ...sampling } as const;
const at = { seed: 0, stream: "metric", step: 0 };

/** Paths x(t) and v(t) of three points in the plane at 201 times. */
function trajectoryOf(
  x: (t: number, i: number) => number[],
  v: (t: number, i: number) => number[],
): Trajectory {
  const times = Float64Array.from({ length: 201 }, (_, k) => k / 200);
  const all = (f: typeof x) => ({
    data: Float32Array.from([...times].flatMap((t) => [0, 1, 2].flatMap((i) => f(t, i)))),
    shape: [201, 3, 2],
  });
  return { times, x: all(x), velocity: all(v) };
}

const SHIFT = [3, -4];
const starts = [[0, 0], [10, 1], [-5, 2]];
const straight = trajectoryOf((t, i) => starts[i].map((s, j) => s + t * SHIFT[j]), () => SHIFT);
const reference = {
  data: Float32Array.from(starts.flatMap((s) => s.map((x, j) => x + SHIFT[j]))),
  shape: [3, 2],
};

/** Half circles around the middle of the same ends: the length is pi / 2 times as much. */
const arcs = trajectoryOf(
  (t, i) =>
    starts[i].map((s, j) =>
      s + SHIFT[j] / 2 - Math.cos(Math.PI * t) * SHIFT[j] / 2 +
      Math.sin(Math.PI * t) * (j === 0 ? -SHIFT[1] : SHIFT[0]) / 2
    ),
  (t) =>
    SHIFT.map((s, j) =>
      Math.PI / 2 *
      (Math.sin(Math.PI * t) * s + Math.cos(Math.PI * t) * (j === 0 ? -SHIFT[1] : SHIFT[0]))
    ),
);

Deno.test("pathEnergy is the squared length of straight paths at constant speed", () => {
  assert.equal(pathEnergy.evaluate(straight, reference, energy, at), 25);
});

Deno.test("pathEnergy of half circles is (pi / 2)^2 times that of the straight lines", () => {
  const found = pathEnergy.evaluate(arcs, reference, energy, at);
  assert.ok(Math.abs(found / 25 - (Math.PI / 2) ** 2) < 1e-6, `${found}`);
});

Deno.test("pathEnergy normalised is 0 for the optimal plan, and the excess otherwise", () => {
  const normalized = { ...energy, normalized: true };
  assert.equal(pathEnergy.evaluate(straight, reference, normalized, at), 0);
  const excess = pathEnergy.evaluate(arcs, reference, normalized, at);
  assert.ok(Math.abs(excess - ((Math.PI / 2) ** 2 - 1)) < 1e-6);
  assert.equal(pathEnergy.unit(normalized), "1");
});

Deno.test("pathEnergy normalised says why it has no value where source and target are the same points", () => {
  const normalized = { ...energy, normalized: true };
  const starts = straight.x.data.subarray(0, reference.data.length);
  const same = { data: starts, shape: reference.shape };
  assert.throws(() => pathEnergy.evaluate(straight, same, normalized, at), {
    name: "InputError",
    message: /needs a source that differs from the target/,
  });
});

Deno.test("straightness is 0 for straight lines and the energy's excess for half circles", () => {
  const spec = { kind: "straightness", ...sampling } as const;
  assert.equal(straightness.evaluate(straight, reference, spec, at), 0);
  const found = straightness.evaluate(arcs, reference, spec, at);
  // The trapezoidal rule with 200 intervals: 1 / (12 * 200^2) times the change of the integrand's slope, 493.
  assert.ok(Math.abs(found - 25 * ((Math.PI / 2) ** 2 - 1)) < 1.1e-3, `${found}`);
});

Deno.test("path metrics name a path that is not finite", () => {
  const velocity = { ...straight.velocity, data: straight.velocity.data.slice() };
  velocity.data[2 * (3 * 50 + 1)] = NaN; // time 50 of 201, path 1
  const spec = { kind: "straightness", ...sampling } as const;
  for (
    const found of [
      () => pathEnergy.evaluate({ ...straight, velocity }, reference, energy, at),
      () => straightness.evaluate({ ...straight, velocity }, reference, spec, at),
    ]
  ) {
    assert.throws(found, {
      name: "InputError",
      message: /path 1 is not finite at time 0\.25; the solver or the model diverged/,
    });
  }
});
