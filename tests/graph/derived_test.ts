import assert from "node:assert/strict";
import * as g from "../../graph/mod.ts";
import type { Expression } from "../../graph/mod.ts";
import { erf } from "../../graph/erf.ts";

const x = g.input("x", [5]);
const DATA = [-2, -0.5, 0.25, 1, 3];

function values(y: Expression, data: readonly number[] = DATA): number[] {
  return [...g.evaluate([y], { x: { data, shape: [5] } })[0].data];
}

function close(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((e, i) =>
    assert.ok(Math.abs(actual[i] - e) < 1e-13, `${actual[i]} is not ${e}`)
  );
}

const phi = (v: number) => (1 + erf(v / Math.sqrt(2))) / 2;
const SELU = 1.0507009873554805;

const FUNCTIONS: Readonly<Record<string, readonly [Expression, (v: number) => number]>> = {
  "relu()": [g.relu(x), (v) => Math.max(v, 0)],
  "silu()": [g.silu(x), (v) => v / (1 + Math.exp(-v))],
  "gelu()": [g.gelu(x), (v) => v * phi(v)],
  "selu()": [g.selu(x), (v) => SELU * (v > 0 ? v : 1.6732632423543772 * (Math.exp(v) - 1))],
  "square()": [g.square(x), (v) => v * v],
  "clamp()": [g.clamp(x, { low: -1, high: 2 }), (v) => Math.min(Math.max(v, -1), 2)],
  "greater()": [g.cast(g.greater(x, 1), "f32"), (v) => Number(v > 1)],
  "greaterOrEqual()": [g.cast(g.greaterOrEqual(x, 1), "f32"), (v) => Number(v >= 1)],
  "zerosLike()": [g.zerosLike(x), () => 0],
  "onesLike()": [g.onesLike(x), () => 1],
};

for (const [name, [y, f]] of Object.entries(FUNCTIONS)) {
  Deno.test(`${name} is its formula`, () => close(values(y), DATA.map(f)));
}

Deno.test("mean(), variance(), reduceMin() and dot() reduce all axes", () => {
  const mean = DATA.reduce((a, b) => a + b) / 5;
  close(values(g.mean(x)), [mean]);
  close(values(g.variance(x)), [DATA.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 5]);
  close(values(g.reduceMin(x)), [-2]);
  close(values(g.dot(x, x)), [DATA.reduce((sum, v) => sum + v * v, 0)]);
});

Deno.test("any() and all() ask for one and for every element", () => {
  const ask = (limit: number) =>
    [g.any(g.less(x, limit)), g.all(g.less(x, limit))].map((y) => values(y)[0]);
  assert.deepEqual([ask(-5), ask(0), ask(5)], [[0, 0], [1, 0], [1, 1]]);
});

Deno.test("logSumExp() neither overflows nor loses what is far below 0", () => {
  close(values(g.logSumExp(x)), [Math.log(DATA.reduce((sum, v) => sum + Math.exp(v), 0))]);
  close(values(g.logSumExp(x), [1000, 1000, 1000, 1000, 1000]), [1000 + Math.log(5)]);
  close(values(g.logSumExp(x), [-1000, -1000, -1000, -1000, -1000]), [-1000 + Math.log(5)]);
  const nothing = Array<number>(5).fill(-Infinity);
  assert.deepEqual(values(g.logSumExp(x), nothing), [-Infinity]);
  assert.deepEqual(values(g.logSumExp(x), [...nothing.slice(1), Infinity]), [Infinity]);
});

Deno.test("the gradient of logSumExp() is softmax", () => {
  const [slope] = g.gradient(g.logSumExp(x), [x]);
  const total = DATA.reduce((sum, v) => sum + Math.exp(v), 0);
  close(values(slope), DATA.map((v) => Math.exp(v) / total));
});

Deno.test("erf() is accurate to 1e-15 where published values are", () => {
  // Abramowitz, Stegun, table 7.1, and DLMF 7.23 for the tails
  const published = [[0.5, 0.5204998778130465], [1, 0.8427007929497149], [2, 0.9953222650189527], [
    3,
    0.9999779095030014,
  ]];
  for (const [at, value] of published) {
    assert.ok(Math.abs(erf(at) - value) < 1e-15);
    assert.equal(erf(-at), -erf(at));
  }
  assert.equal(erf(10), 1);
  assert.ok(Number.isNaN(erf(NaN)) && Object.is(erf(-0), -0));
});
