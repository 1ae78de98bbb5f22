import assert from "node:assert/strict";
import {
  constant,
  dot,
  evaluate,
  type Expression,
  fromJSON,
  gradient,
  jvp,
  OPS,
  plus,
  print,
  sum,
  type Tensor64,
  times,
  toJSON,
  vjp,
} from "../../graph/mod.ts";
import { type Case, CASES, expressionsOf, named, tensorsOf } from "./cases.ts";

/**
 * Central differences with this step: their error is about its square times the third derivative,
 * 1e-9 here.
 */
const STEP = 1e-5;
const DIFFERENCE = 3e-7;
/** Two ways to the same derivative differ by roundings of float64 alone. */
const SAME = 1e-9;

for (const [name, cases] of Object.entries(CASES)) {
  for (const item of cases) {
    const title = `${name} ${item.title}`;
    const tensors = tensorsOf(item);
    const xs = expressionsOf(item);
    const y = item.build(...xs);
    const real = xs.filter((x) => x.dtype === "f32");

    Deno.test(`${title} has its shape and values`, () => {
      assert.deepEqual(y.shape, item.shape);
      const [value] = evaluate([y], named(tensors));
      assert.deepEqual(value.shape, item.shape);
      const expected = item.expected(...tensors.map(({ data }) => [...data]));
      close(value.data, expected, item.tolerance?.relative ?? 1e-12);
    });

    Deno.test(`${title} reads back from plain data as the same expression`, () => {
      assert.equal(fromJSON(JSON.parse(JSON.stringify(toJSON([y]))))[0], y);
      assert.match(print(y), /^return /m);
    });

    if (y.dtype !== "f32" || real.length === 0) continue;
    const direction = directions(item, tensors);
    const tangents = new Map(real.map((x) => [x, tensor(direction[xs.indexOf(x)])]));
    const weight = constant(wave(y.shape.reduce<number>((n, dim) => n * Number(dim), 1)), y.shape);
    const inner = (gs: readonly Expression[]) =>
      gs.map((g, i) => dot(g, tangents.get(real[i])!)).reduce((a, b) => plus(a, b));

    Deno.test(`${title} has the forward derivative of finite differences`, () => {
      const [dy] = jvp([y], tangents);
      const [forward] = evaluate([dy], named(tensors));
      assert.deepEqual(dy.shape, y.shape);
      const moved = [1, -1].map((sign) =>
        evaluate([y], named(move(tensors, direction, sign * STEP)))[0].data
      );
      const differences = moved[0].map((up, i) => (up - moved[1][i]) / (2 * STEP));
      close(forward.data, differences, DIFFERENCE);
    });

    Deno.test(`${title} has a reverse derivative that is the transpose of the forward one`, () => {
      const gs = vjp([y], real, [weight]);
      gs.forEach((g, i) => assert.deepEqual(g.shape, real[i].shape));
      const [dy] = jvp([y], tangents);
      const [reverse, forward] = evaluate([inner(gs), dot(weight, dy)], named(tensors));
      close(reverse.data, forward.data, SAME);
    });

    Deno.test(`${title} has second derivatives, by all four compositions`, () => {
      const f = sum(times(weight, times(y, y)));
      const slope = inner(gradient(f, real));
      const [curvature] = jvp([slope], tangents);
      const moved = [1, -1].map((sign) =>
        evaluate([slope], named(move(tensors, direction, sign * STEP)))[0].data[0]
      );
      const reverseReverse = inner(gradient(slope, real));
      const [forward] = jvp([f], tangents);
      const reverseForward = inner(gradient(forward, real));
      const [forwardForward] = jvp([forward], tangents);
      const values = evaluate(
        [curvature, reverseReverse, reverseForward, forwardForward],
        named(tensors),
      )
        .map(({ data }) => data[0]);
      close([values[0]], [(moved[0] - moved[1]) / (2 * STEP)], DIFFERENCE);
      for (const value of values) close([value], [values[0]], SAME);
    });
  }
}

Deno.test("every op is in its own place of the table", () => {
  for (const [name, record] of Object.entries(OPS)) assert.equal(record.name, name);
});

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, relative: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    const scale = Math.max(1, Math.abs(expected[i]));
    assert.ok(error <= relative * scale, `element ${i} is ${actual[i]}, expected ${expected[i]}`);
  }
}

function tensor({ data, shape }: Tensor64): Expression {
  return constant(data, shape);
}

function wave(n: number): number[] {
  return Array.from({ length: n }, (_, i) => Math.cos(1 + 2 * i));
}

function directions({ inputs }: Case, tensors: readonly Tensor64[]): Tensor64[] {
  return tensors.map(({ data, shape }, k) => ({
    data: data.map((_, i) => (inputs[k].dtype ?? "f32") === "f32" ? Math.sin(3 + 5 * i + k) : 0),
    shape,
  }));
}

function move(tensors: readonly Tensor64[], by: readonly Tensor64[], h: number): Tensor64[] {
  return tensors.map(({ data, shape }, k) => ({
    data: data.map((x, i) => x + h * by[k].data[i]),
    shape,
  }));
}
