import { gather as take, scatterAdd as scatter } from "../build/layout.ts";
import type { Op } from "../op.ts";
import { checkShape, count, normalizeAxis, sameShape, ShapeError, showShape } from "../shape.ts";
import type { Tensor64 } from "../types.ts";
import { LINEAR, requireDType } from "./rule.ts";

/** Slices chosen by index. */
export const gather: Op<"gather"> = {
  name: "gather",
  arity: 2,
  attributes: { axis: "integer" },
  ...LINEAR,
  shape: ([x, indices], { axis }) => {
    normalizeAxis("gather", axis, x.shape);
    requireDType("gather", [indices], "i32");
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return { shape, dtype: x.dtype };
  },
  jvp: ([dx], { inputs: [, indices], attributes }) => dx && take(dx, indices, attributes),
  vjp: (g, { inputs: [x, indices], attributes: { axis } }) => [
    scatter(indices, g, { axis, size: x.shape[axis] }),
    null,
  ],
  reference: ([x, indices], { attributes: { axis } }) => {
    const inner = count(x.shape.slice(axis + 1));
    const outer = count(x.shape.slice(0, axis));
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    const data = new Float64Array(count(shape));
    eachSlice("gather", outer, indices, x.shape[axis], (whole, chosen) => {
      for (let k = 0; k < inner; k++) data[chosen * inner + k] = x.data[whole * inner + k];
    });
    return { data, shape };
  },
};

/** Slices added at indices. */
export const scatterAdd: Op<"scatterAdd"> = {
  name: "scatterAdd",
  arity: 2,
  attributes: { axis: "integer", size: "dim" },
  ...LINEAR,
  shape: ([indices, updates], { axis, size }) => {
    requireDType("scatterAdd", [indices], "i32");
    const dtype = requireDType("scatterAdd", [updates], "f32", "i32");
    checkShape("scatterAdd", [size]);
    const own = updates.shape.slice(axis, axis + indices.shape.length);
    if (!Number.isInteger(axis) || axis < 0 || !sameShape(own, indices.shape)) {
      throw new ShapeError(
        `Cannot scatterAdd ${showShape(updates.shape)} at ${
          showShape(indices.shape)
        } on axis ${axis}: ` +
          `the axes of the indices must stand there`,
        indices.shape,
        updates.shape,
      );
    }
    const after = updates.shape.slice(axis + indices.shape.length);
    return { shape: [...updates.shape.slice(0, axis), size, ...after], dtype };
  },
  jvp: ([, du], { inputs: [indices], attributes }) => du && scatter(indices, du, attributes),
  vjp: (g, { inputs: [indices], attributes: { axis } }) => [null, take(g, indices, { axis })],
  reference: ([indices, updates], { attributes: { axis, size } }, environment) => {
    const [length] = environment.shape([size]);
    const before = updates.shape.slice(0, axis);
    const after = updates.shape.slice(axis + indices.shape.length);
    const shape = [...before, length, ...after];
    const inner = count(after);
    const data = new Float64Array(count(shape));
    eachSlice("scatterAdd", count(before), indices, length, (whole, chosen) => {
      for (let k = 0; k < inner; k++) data[whole * inner + k] += updates.data[chosen * inner + k];
    });
    return { data, shape };
  },
};

/**
 * Calls `visit` with the number of each chosen slice among all slices and among the chosen ones.
 */
function eachSlice(
  op: string,
  outer: number,
  indices: Tensor64,
  size: number,
  visit: (whole: number, chosen: number) => void,
): void {
  for (let o = 0; o < outer; o++) {
    indices.data.forEach((index, i) => {
      if (index < 0 || index >= size) {
        throw new RangeError(
          `Cannot ${op} at index ${index}: the axis has elements 0 to ${size - 1}`,
        );
      }
      visit(o * size + index, o * indices.data.length + i);
    });
  }
}
