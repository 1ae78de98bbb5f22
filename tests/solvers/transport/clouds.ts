import { fillNormal } from "../../../graph/threefry.ts";
import type { Points } from "../../../solvers/transport/mod.ts";

/** Standard normal points, a pure function of the arguments. */
export function normals(count: number, dim: number, stream: string): Points {
  const draws = new Float32Array(count * dim);
  fillNormal(draws, { seed: 1, stream, step: count });
  return { data: Float64Array.from(draws), count, dim };
}

/** The points that the fixtures of POT were made with: fractional parts, the same doubles in any language. */
export function cloud(
  count: number,
  { a, b, stretch, shift }: { a: number; b: number; stretch: number; shift: [number, number] },
): Points {
  const data = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    data[2 * i] = (((i + 1) * a) % 1) + shift[0];
    data[2 * i + 1] = (((i + 1) * b) % 1) ** 2 * stretch + shift[1];
  }
  return { data, count, dim: 2 };
}

/** The two clouds of the fixtures. */
export const potX: Points = cloud(150, {
  a: 0.6180339887498949,
  b: 0.7548776662466927,
  stretch: 3,
  shift: [0, 0],
});
/** The second cloud, of any size: the first 90 of 150 points are the 90 points. */
export const potY = (count: number): Points =>
  cloud(count, {
    a: 0.41421356237309515,
    b: 0.5698402909980532,
    stretch: 1,
    shift: [2, -1],
  });
