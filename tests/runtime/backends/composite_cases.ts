import {
  type Expression,
  gradient,
  input,
  jvp,
  less,
  logSumExp,
  loop,
  matmul,
  mean,
  plus,
  silu,
  softplus,
  square,
  sum,
  tanh,
  times,
  variance,
} from "../../../graph/mod.ts";
import type { Case } from "./op_cases.ts";

const ramp = (shape: number[], scale = 1) => ({
  data: Float32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    (_, i) => scale * Math.sin(1 + 1.7 * i),
  ),
  shape,
});

const x = input("x", ["n", 3]);
const w = input("w", [3, 4]);
const b = input("b", [4]);
const v = input("v", [4, 3]);
const inputs = { x: ramp([5, 3]), w: ramp([3, 4]), b: ramp([4]), v: ramp([4, 3], 0.5) };
const field = (y: Expression): Expression => matmul(silu(plus(matmul(y, w), b)), v);

const counted = loop({ state: [x], count: 4, body: (_i, y) => [plus(y, times(0.25, field(y)))] });
const whiled = loop({
  state: [x, 1],
  while: (_y, h) => less(0.2, h),
  body: (_i, y, h) => ({ state: [plus(y, times(h, tanh(y))), times(h, 0.5)], collect: [sum(y)] }),
});

const first = (): Expression => gradient(sum(softplus(field(x))), [x])[0];
const tangent = new Map([[x, times(x, x)]]);

/** Cases made of several ops, by what they show. */
export const COMPOSITE_CASES: Readonly<Record<string, () => readonly Case[]>> = {
  "a network and its gradients": () => [
    { name: "field", ys: [field(x)], inputs },
    { name: "gradients", ys: gradient(mean(square(field(x))), [x, w, b]), inputs },
    {
      name: "gradients of gradients",
      ys: gradient(sum(times(first(), x)), [w, v]),
      inputs,
      tolerance: 1e-5,
    },
    { name: "forward derivative", ys: jvp([field(x)], tangent), inputs },
    { name: "forward over reverse", ys: jvp([first()], tangent), inputs, tolerance: 1e-5 },
  ],
  "reverse derivatives through loops": () => [
    {
      name: "counted loop",
      ys: [...counted.state, ...gradient(sum(counted.state[0]), [x, w])],
      inputs,
      tolerance: 1e-5,
    },
    {
      name: "while loop",
      ys: [
        whiled.collected[0],
        ...gradient(plus(sum(whiled.state[0]), sum(whiled.collected[0])), [x]),
      ],
      inputs,
      tolerance: 1e-5,
    },
  ],
  "forward derivatives through loops": () => [
    { name: "counted loop, forward", ys: jvp(counted.state, tangent), inputs, tolerance: 1e-5 },
    { name: "while loop, forward", ys: jvp(whiled.state, tangent), inputs, tolerance: 1e-5 },
  ],
  "reductions of several ops": () => [
    {
      name: "mean, variance and logSumExp",
      ys: [mean(x), mean(x, { axes: 0 }), variance(x, { axes: 1 }), logSumExp(x, { axes: 1 })],
      inputs,
    },
  ],
};
