import assert from "node:assert/strict";
import {
  constant,
  cos,
  evaluate,
  fromJSON,
  minus,
  power,
  reshape,
  sin,
  square,
  sum,
  times,
  toJSON,
  trace,
} from "../../graph/mod.ts";
import { interpolant, parse } from "../../dsl/mod.ts";

const quarter = Math.PI / 2;

Deno.test("interpolant.custom() holds what its functions compute", () => {
  const spec = interpolant.custom({
    a: (t) => cos(times(quarter, t)),
    b: (t) => sin(times(quarter, t)),
  });
  const at = (json: typeof spec.a, t: number) =>
    evaluate(fromJSON(json), { t: { data: [t], shape: [] } })[0].data[0];
  assert.ok(Math.abs(at(spec.a, 0.3) - Math.cos(0.3 * quarter)) < 1e-6); // float32 constants
  assert.ok(Math.abs(at(spec.b, 0.3) - Math.sin(0.3 * quarter)) < 1e-6);
});

Deno.test("interpolant.custom() gives equal functions equal data", () => {
  const one = interpolant.custom({ a: (t) => minus(1, square(t)), b: (t) => square(t) });
  const two = interpolant.custom({ b: (t) => square(t), a: (s) => minus(1, square(s)) });
  assert.deepEqual(one, two);
});

Deno.test("interpolant.custom() refuses weights that do not meet source and target", () => {
  const linear = { a: (t: Parameters<typeof square>[0]) => minus(1, t) };
  assert.throws(() => interpolant.custom({ ...linear, b: (t) => times(2, t) }), {
    name: "InputError",
    field: "b",
    message: "interpolant.custom: b must be 1 at t = 1, where the path meets the target: found 2",
  });
  assert.throws(() => interpolant.custom({ a: () => 1, b: (t) => t }), {
    message: "interpolant.custom: a must be 0 at t = 1, where the path meets the target: found 1",
  });
});

Deno.test("interpolant.custom() refuses weights that are not elementwise in t", () => {
  const both = (b: (t: Parameters<typeof square>[0]) => Parameters<typeof square>[0]) => () =>
    interpolant.custom({ a: (t) => minus(1, t), b });
  const powers = constant([1, 2], [2]);
  assert.throws(both((t) => times(0.5, sum(power(t, powers)))), {
    name: "InputError",
    message: 'interpolant.custom: b must be elementwise in t: found "sum"',
  });
  const line = toJSON([trace((t) => reshape(reshape(t, [1]), []), [{ name: "t", shape: [] }])]);
  const { a } = interpolant.custom({ a: (t) => minus(1, t), b: (t) => t });
  assert.throws(
    () => parse({ target: { kind: "twoMoons" }, interpolant: { kind: "custom", a, b: line } }),
    { message: 'interpolant.b must be elementwise in t: found "reshape"' },
  );
  both((t) => times(t, sum(constant([0.5, 0.5]))))(); // what does not depend on t may be anything
});

Deno.test("interpolant.custom() refuses weights that are no scalars", () => {
  const b = () => constant([0, 1]);
  assert.throws(() => interpolant.custom({ a: (t) => minus(1, t), b }), {
    name: "InputError",
    message: "interpolant.custom: b must return a number: found f32 [2]",
  });
  // @ts-expect-error text is no value
  assert.throws(() => interpolant.custom({ a: () => "1 - t", b: (t) => t }), {
    name: "InputError",
    message: /^interpolant\.custom: a cannot be traced: .*returns string/,
  });
});
