import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  constant,
  evaluate,
  type Expression,
  gradient,
  input,
  inputsOf,
  jvp,
  less,
  loop,
  matmul,
  mean,
  minus,
  negate,
  plus,
  print,
  RULES,
  select,
  silu,
  simplify,
  sin,
  size,
  square,
  sum,
  times,
  topological,
} from "../../graph/mod.ts";
import { CASES, expressionsOf, named, tensorsOf } from "./cases.ts";

const special = [NaN, 0, -0, Infinity, -Infinity, 1, -1];
const anyDouble = fc.oneof(fc.double(), fc.constantFrom(...special));

for (const rule of RULES) {
  Deno.test(`rule ${rule.name} keeps the values of arbitrary doubles`, () => {
    const inputs = inputsOf([rule.from, rule.to]);
    const data = inputs.map(({ shape, dtype }) => {
      const length = shape.reduce<number>((n, dim) => n * Number(dim), 1);
      const element = dtype === "bool" ? fc.constantFrom(0, 1) : anyDouble;
      return fc.array(element, { minLength: length, maxLength: length });
    });
    fc.assert(
      fc.property(fc.tuple(...data), (values) => {
        const tensors = Object.fromEntries(inputs.map((x, i) => {
          assert.equal(x.op, "input");
          return [x.op === "input" ? x.attributes.name : "", {
            data: values[i],
            shape: x.shape as number[],
          }];
        }));
        const [before, after] = evaluate([rule.from, rule.to], tensors);
        assert.deepEqual(after.shape, before.shape);
        same(after.data, before.data, rule.tolerance?.relative ?? 0);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  Deno.test(`rule ${rule.name} is applied to its own left side`, () => {
    assert.equal(print(simplify([rule.from], [rule])), print(simplify([rule.to], [rule])));
    assert.notEqual(simplify([rule.from], [rule])[0], rule.from);
  });
}

for (const [name, cases] of Object.entries(CASES)) {
  for (const item of cases) {
    Deno.test(`simplify() keeps the values of ${name} ${item.title}, and of its gradient`, () => {
      const xs = expressionsOf(item);
      const y = item.build(...xs);
      const real = xs.filter((x) => x.dtype === "f32");
      const ys = y.dtype === "f32" && real.length > 0
        ? [y, ...gradient(sum(square(y)), real)]
        : [y];
      const tensors = named(tensorsOf(item));
      const after = evaluate(simplify(ys), tensors);
      evaluate(ys, tensors).forEach(({ data, shape }, i) => {
        assert.deepEqual(after[i].shape, shape);
        same(after[i].data, data, 1e-12);
      });
    });
  }
}

const x = input("x", [2, 3]);
const row = input("row", [3]);

Deno.test("simplify() does not let 0 swallow NaN or infinity", () => {
  for (const y of [times(x, 0), plus(x, 0), minus(x, x)]) assert.equal(simplify([y])[0], y);
});

Deno.test("simplify() computes constants, and sizes that are known", () => {
  const y = plus(times(constant([1, 2, 3]), 2), minus(size(4).op === "constant" ? 1 : 2, 3));
  assert.equal(print(simplify([y])), "%0: f32[3] = constant {0, 2, 4}\nreturn %0");
});

Deno.test("simplify() does not compute constants that take more room than their op", () => {
  const y = square(constant(3, [100, 100]));
  assert.equal(print(simplify([y])), "%0: f32[100, 100] = broadcast 9\nreturn %0");
});

Deno.test("simplify() knows a rule in any shape, and restores the shape", () => {
  const ones = constant(1, [2, 3]);
  assert.equal(simplify([times(x, ones)])[0], x);
  assert.equal(
    print(simplify([times(row, ones)])),
    "%0: f32[2, 3] = broadcast row\nreturn %0",
  );
});

Deno.test("simplify() takes the rules it is given", () => {
  const y = negate(negate(times(x, 1)));
  const [first] = RULES.filter((rule) => rule.name === "x * 1 -> x");
  assert.equal(simplify([y], [first])[0], negate(negate(x)));
});

Deno.test("simplify() leaves a silu network's gradient lean", () => {
  const a = input("a", [4, 3]);
  const w = input("w", [3, 2]);
  const b = input("b", [2]);
  const loss = mean(square(silu(plus(matmul(a, w), b))));
  assert.equal(
    print(simplify(gradient(loss, [w, b]))),
    [
      "%0: f32[4, 2] = matmul a w",
      "%1: f32[4, 2] = add %0 b",
      "%2: f32[4, 2] = sigmoid %1",
      "%3: f32[4, 2] = mul %1 %2",
      "%4: f32[4, 2] = mul 0.25 %3",
      "%5: f32[4, 2] = sub 1 %2",
      "%6: f32[4, 2] = mul %3 %5",
      "%7: f32[4, 2] = add %2 %6",
      "%8: f32[4, 2] = mul %4 %7",
      "%9: f32[3, 2] = matmul a %8 transposeA=true",
      "%10: f32[2] = sum %8 axes=[0]",
      "return %9, %10",
    ].join("\n"),
  );
});

function loopsIn(ys: readonly Expression[]): number {
  return topological(ys).filter(({ op }) => op === "loop").length;
}

Deno.test("simplify() makes one loop of a loop and its forward derivative", () => {
  const { state: [y] } = loop({ state: [x], count: 3, body: (_, s) => [sin(times(s, row))] });
  const [dy] = jvp([y], new Map([[x, constant(1, [2, 3])]]));
  assert.equal(loopsIn([y, dy]), 2);
  const simple = simplify([y, dy]);
  assert.equal(loopsIn(simple), 1);
  const tensors = {
    x: { data: [1, 2, 3, 4, 5, 6], shape: [2, 3] },
    row: { data: [1, -1, 2], shape: [3] },
  };
  assert.deepEqual(evaluate(simple, tensors), evaluate([y, dy], tensors));
});

Deno.test("simplify() makes two loops of a while loop, its collected values and its reverse derivative", () => {
  const start = input("start", []);
  const { state: [y], collected: [all] } = loop({
    state: [times(start, 1)],
    while: (s) => less(s, 50),
    body: (_, s) => ({ state: [plus(times(s, s), start)], collect: [sin(s)] }),
  });
  const f = plus(y, sum(all));
  const ys = [f, ...gradient(f, [start])];
  assert.equal(loopsIn(ys), 3);
  const simple = simplify(ys);
  assert.equal(loopsIn(simple), 2);
  const tensors = { start: { data: [1.5], shape: [] } };
  assert.deepEqual(evaluate(simple, tensors), evaluate(ys, tensors));
});

Deno.test("simplify() drops what nobody reads of a loop, and takes out what does not change", () => {
  const { state: [y] } = loop({
    state: [x, 1, row],
    count: 5,
    body: (i, s, unread, fixed) => ({
      state: [plus(s, sin(fixed)), plus(unread, 1), fixed],
      collect: [i],
    }),
  });
  assert.equal(
    print(simplify([y])),
    [
      "%0: f32[3] = sin row",
      "%1 = loop 5:i32 x %0 counted=true (i: i32[], s0: f32[2, 3], c0: f32[3]) {",
      "  %0: f32[2, 3] = add s0 c0",
      "  next %0",
      "}",
      "%2: f32[2, 3] = item %1 index=0",
      "return %2",
    ].join("\n"),
  );
});

Deno.test("simplify() keeps apart loops whose states look alike but start or go on differently", () => {
  const go = (start: Expression, by: Expression) =>
    loop({ state: [start], count: 2, body: (_, s) => [times(s, by)] }).state[0];
  const ys = [go(x, row), go(x, sin(row)), go(sin(x), row)];
  assert.equal(loopsIn(simplify(ys)), 3);
});

Deno.test("simplify() merges loops inside of loops, where inner and outer states have like names", () => {
  const outer = loop({
    state: [constant(1)],
    count: 2,
    body: (_, s) => {
      const one = loop({ state: [s], count: 2, body: (_, t) => [times(t, s)] });
      const two = loop({ state: [s], count: 2, body: (_, t) => [times(t, t)] });
      return [plus(one.state[0], two.state[0])];
    },
  });
  const before = evaluate(outer.state, {})[0].data[0];
  assert.equal(before, 2 ** 3 + 2 ** 4);
  assert.equal(evaluate(simplify(outer.state), {})[0].data[0], before);
});

Deno.test("simplify() keeps select between loops apart from their conditions", () => {
  const positive = less(0, sum(x));
  const y = select(positive, x, x);
  assert.equal(simplify([y])[0], x);
});

/**
 * Equal, NaN to NaN and zero to zero of the same sign; or so near, and both subnormal counts as
 * near.
 */
function same(actual: ArrayLike<number>, expected: ArrayLike<number>, relative: number): void {
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    const error = Math.abs(actual[i] - expected[i]);
    const near = relative > 0 && error <= relative * Math.abs(expected[i]) + 1e-320;
    assert.ok(near, `element ${i} is ${actual[i]}, expected ${expected[i]}`);
  }
}
