import type { CheckerboardSpec } from "../../../dsl/spec.ts";
import { type Distribution, partsOf } from "./distribution.ts";

/**
 * Uniform on the squares (i, j) with i + j even of a board of cells x cells squares, cells
 * even, over [-extent, extent]^2, i and j counted from the lower left corner.
 *
 * With { cells: 4, extent: 4 } it is FFJORD's set: area 32, entropy log 32 = 3.4657 nats.
 *
 * The density is known.
 */
export function checkerboard({ cells, extent }: CheckerboardSpec): Distribution {
  const side = 2 * extent / cells;
  const dark = cells * cells / 2;
  const inside = -Math.log(dark * side * side);
  const isDark = (x: number, y: number): boolean => {
    const i = Math.floor((x + extent) / side);
    const j = Math.floor((y + extent) / side);
    return Math.min(i, j) >= 0 && Math.max(i, j) < cells && (i + j) % 2 === 0;
  };
  return {
    dim: 2,
    density: {
      logDensity: ({ data, shape }) =>
        Float64Array.from(
          { length: shape[0] },
          (_, row) => isDark(data[2 * row], data[2 * row + 1]) ? inside : -Infinity,
        ),
    },
    sample(count, at) {
      const parts = partsOf(at);
      const square = parts.child("square").uniform(count, at.step);
      const out = parts.child("place").uniform(2 * count, at.step);
      for (let row = 0; row < count; row++) {
        const flat = 2 * Math.floor(square[row] * dark); // every second square, row by row
        const j = Math.floor(flat / cells);
        const i = flat % cells + j % 2; // odd rows begin with a light square
        out[2 * row] = side * (i + out[2 * row]) - extent;
        out[2 * row + 1] = side * (j + out[2 * row + 1]) - extent;
      }
      return out;
    },
  };
}
