import { matmul as multiply } from "../build/matmul.ts";
import { sumTo } from "../build/reduction.ts";
import { broadcastShapes, count, ShapeError, showShape } from "../shape.ts";
import type { Op } from "../op.ts";
import type { Shape, Tensor64 } from "../types.ts";
import { stretch } from "./broadcasting.ts";
import { PLAIN, requireDType, total } from "./rule.ts";

function resultShape(a: Shape, b: Shape, transposeA: boolean, transposeB: boolean): Shape {
  const show = `${showShape(a)}${transposeA ? " transposed" : ""} and ${showShape(b)}${
    transposeB ? " transposed" : ""
  }`;
  if (a.length < 2 || b.length < 2) {
    throw new ShapeError(`Cannot matmul ${show}: each factor needs two axes or more`, a, b);
  }
  const [m, k] = transposeA ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const [l, n] = transposeB ? [b.at(-1)!, b.at(-2)!] : [b.at(-2)!, b.at(-1)!];
  if (k !== l) {
    throw new ShapeError(
      `Cannot matmul ${show} as the inner sizes must match: ${k} and ${l}`,
      a,
      b,
    );
  }
  return [...broadcastShapes("matmul", a.slice(0, -2), b.slice(0, -2)), m, n];
}

/** Matrix product of the last two axes. */
export const matmul: Op<"matmul"> = {
  name: "matmul",
  arity: 2,
  attributes: { transposeA: "boolean", transposeB: "boolean" },
  ...PLAIN,
  shape: ([a, b], { transposeA, transposeB }) => ({
    dtype: requireDType("matmul", [a, b], "f32"),
    shape: resultShape(a.shape, b.shape, transposeA, transposeB),
  }),
  jvp: ([da, db], { inputs: [a, b], attributes }) =>
    total(da && multiply(da, b, attributes), db && multiply(a, db, attributes)),
  vjp: (g, { inputs: [a, b], attributes: { transposeA, transposeB } }) => {
    const da = transposeA
      ? multiply(b, g, { transposeA: transposeB, transposeB: true })
      : multiply(g, b, { transposeB: !transposeB });
    const db = transposeB
      ? multiply(g, a, { transposeA: true, transposeB: transposeA })
      : multiply(a, g, { transposeA: !transposeA });
    return [sumTo(a.shape, da), sumTo(b.shape, db)];
  },
  reference: ([a, b], { attributes: { transposeA, transposeB } }) =>
    product(a, b, transposeA, transposeB),
};

function product(a: Tensor64, b: Tensor64, transposeA: boolean, transposeB: boolean): Tensor64 {
  const shape = resultShape(a.shape, b.shape, transposeA, transposeB) as number[];
  const batch = shape.slice(0, -2);
  const [m, n] = shape.slice(-2);
  const k = a.shape[a.shape.length - (transposeA ? 2 : 1)];
  const left = stretch(a, [...batch, ...a.shape.slice(-2)]).data;
  const right = stretch(b, [...batch, ...b.shape.slice(-2)]).data;
  const [ai, ap] = transposeA ? [1, m] : [k, 1];
  const [bp, bj] = transposeB ? [1, k] : [n, 1];
  const data = new Float64Array(count(shape));
  for (let s = 0; s < count(batch); s++) {
    for (let i = 0; i < m; i++) {
      const row = (s * m + i) * n;
      for (let p = 0; p < k; p++) {
        const x = left[s * m * k + i * ai + p * ap];
        const from = s * k * n + p * bp;
        for (let j = 0; j < n; j++) data[row + j] += x * right[from + j * bj];
      }
    }
  }
  return { data, shape };
}
