import { count, stridesOf } from "../shape.ts";
import type { Tensor64 } from "../types.ts";

/** A function of single elements on tensors that broadcast. */
export function apply(f: (...elements: number[]) => number, inputs: readonly Tensor64[]): Tensor64 {
  const shape = commonShape(inputs);
  const n = count(shape);
  const data = new Float64Array(n);
  const views = inputs.map((input) => stretch(input, shape).data);
  const [a, b, c] = views;
  if (views.length === 1) { for (let i = 0; i < n; i++) data[i] = f(a[i]); }
  else if (views.length === 2) { for (let i = 0; i < n; i++) data[i] = f(a[i], b[i]); }
  else for (let i = 0; i < n; i++) data[i] = f(a[i], b[i], c[i]);
  return { data, shape };
}

function commonShape(inputs: readonly Tensor64[]): number[] {
  const rank = Math.max(...inputs.map((input) => input.shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = inputs.map(({ shape }) => shape[axis - rank + shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

/** x stretched to a shape. */
export function stretch(x: Tensor64, shape: readonly number[]): Tensor64 {
  if (x.shape.length === shape.length && x.shape.every((dim, i) => dim === shape[i])) return x;
  const n = count(shape);
  if (x.data.length === 1) return { data: new Float64Array(n).fill(x.data[0]), shape: [...shape] };
  const own = stridesOf(x.shape);
  const extra = shape.length - x.shape.length;
  const strides = shape.map((_, i) => i < extra || x.shape[i - extra] === 1 ? 0 : own[i - extra]);
  return { data: gatherStrided(x.data, shape, strides, 0), shape: [...shape] };
}

/** The elements at `offset` plus multiples of `strides`, in row-major order of `shape`. */
export function gatherStrided(
  source: Float64Array,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): Float64Array {
  const data = new Float64Array(count(shape));
  walk(shape, strides, offset, (from, to) => data[to] = source[from]);
  return data;
}

/** Calls `visit` with a strided place and a row-major place for each element of `shape`. */
export function walk(
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  visit: (strided: number, rowMajor: number) => void,
): void {
  const n = count(shape);
  const index = new Array<number>(shape.length).fill(0);
  let place = offset;
  for (let i = 0; i < n; i++) {
    visit(place, i);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += strides[axis];
      if (++index[axis] < shape[axis]) break;
      place -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}
