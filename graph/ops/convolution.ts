/**
 * Convolution and its two derivatives. The three are one trilinear form <convolution(x, w), g> seen
 * from three sides, so each one's derivatives are the other two.
 */
import {
  convolution as correlate,
  convolutionInput as toInput,
  convolutionWeight as toWeight,
} from "../build/matmul.ts";
import { count, sameShape, ShapeError, showShape } from "../shape.ts";
import type { Op } from "../op.ts";
import type { Attributes, Dim, OpName, Shape, Tensor64 } from "../types.ts";
import { PLAIN, requireDType, total } from "./rule.ts";

type Window = Attributes<"convolution">;

function resultShape(op: OpName, x: Shape, w: Shape, { strides, padding }: Window): Dim[] {
  if (x.length !== 4 || w.length !== 4 || x[1] !== w[1]) {
    throw new ShapeError(
      `Cannot ${op} ${showShape(x)} with ${
        showShape(w)
      }: images [n, channels, height, width] and kernels ` +
        `[features, channels, height, width] must have the same channels`,
      x,
      w,
    );
  }
  const spatial = [0, 1].map((axis) => {
    const [size, kernel] = [x[axis + 2], w[axis + 2]];
    if (typeof size === "string" || typeof kernel === "string") {
      throw new ShapeError(
        `Cannot ${op} ${showShape(x)} with ${showShape(w)}: heights and widths must be numbers`,
        x,
        w,
      );
    }
    const room = size + padding[axis][0] + padding[axis][1] - kernel;
    const sound = [strides[axis] - 1, ...padding[axis]].every((n) => Number.isInteger(n) && n >= 0);
    if (room < 0 || !sound) {
      throw new ShapeError(
        `Cannot ${op} ${showShape(x)} with ${showShape(w)}, strides ${
          showShape(strides)
        } and padding ` +
          `${padding.map(showShape).join(" ")}: the kernel must fit into the padded image`,
        x,
        w,
      );
    }
    return Math.floor(room / strides[axis]) + 1;
  });
  return [x[0], w[0], ...spatial];
}

function checkCotangent(op: OpName, g: Shape, x: Shape, w: Shape, window: Window): void {
  const expected = resultShape(op, x, w, window);
  if (!sameShape(g, expected)) {
    throw new ShapeError(
      `Cannot ${op} as the cotangent of images ${showShape(x)} and kernels ${showShape(w)} is ${
        showShape(expected)
      }: found ${showShape(g)}`,
      g,
      expected,
    );
  }
}

/** Cross-correlation of images with kernels. */
export const convolution: Op<"convolution"> = {
  name: "convolution",
  arity: 2,
  attributes: { strides: "integers", padding: "padding" },
  ...PLAIN,
  shape: ([x, w], window) => ({
    dtype: requireDType("convolution", [x, w], "f32"),
    shape: resultShape("convolution", x.shape, w.shape, window),
  }),
  jvp: ([dx, dw], { inputs: [x, w], attributes }) =>
    total(dx && correlate(dx, w, attributes), dw && correlate(x, dw, attributes)),
  vjp: (g, { inputs: [x, w], attributes }) => [
    toInput(g, w, { ...attributes, shape: x.shape }),
    toWeight(x, g, { ...attributes, shape: w.shape }),
  ],
  reference: ([x, w], { attributes }, environment) => {
    const y = zeros(environment.shape(resultShape("convolution", x.shape, w.shape, attributes)));
    visit(x.shape, w.shape, y.shape, attributes, (i, j, k) => y.data[k] += x.data[i] * w.data[j]);
    return y;
  },
};

/** Derivative by the images, of a cotangent. */
export const convolutionInput: Op<"convolutionInput"> = {
  name: "convolutionInput",
  arity: 2,
  attributes: { strides: "integers", padding: "padding", shape: "shape" },
  ...PLAIN,
  shape: ([g, w], { shape, ...window }) => {
    checkCotangent("convolutionInput", g.shape, shape, w.shape, window);
    return { dtype: requireDType("convolutionInput", [g, w], "f32"), shape };
  },
  jvp: ([dg, dw], { inputs: [g, w], attributes }) =>
    total(dg && toInput(dg, w, attributes), dw && toInput(g, dw, attributes)),
  vjp: (c, { inputs: [g, w], attributes }) => [
    correlate(c, w, attributes),
    toWeight(c, g, { ...attributes, shape: w.shape }),
  ],
  reference: ([g, w], { attributes }, environment) => {
    const x = zeros(environment.shape(attributes.shape));
    visit(x.shape, w.shape, g.shape, attributes, (i, j, k) => x.data[i] += g.data[k] * w.data[j]);
    return x;
  },
};

/** Derivative by the kernels, of a cotangent. */
export const convolutionWeight: Op<"convolutionWeight"> = {
  name: "convolutionWeight",
  arity: 2,
  attributes: { strides: "integers", padding: "padding", shape: "shape" },
  ...PLAIN,
  shape: ([x, g], { shape, ...window }) => {
    checkCotangent("convolutionWeight", g.shape, x.shape, shape, window);
    return { dtype: requireDType("convolutionWeight", [x, g], "f32"), shape };
  },
  jvp: ([dx, dg], { inputs: [x, g], attributes }) =>
    total(dx && toWeight(dx, g, attributes), dg && toWeight(x, dg, attributes)),
  vjp: (c, { inputs: [x, g], attributes }) => [
    toInput(g, c, { ...attributes, shape: x.shape }),
    correlate(x, c, attributes),
  ],
  reference: ([x, g], { attributes }, environment) => {
    const w = zeros(environment.shape(attributes.shape));
    visit(x.shape, w.shape, g.shape, attributes, (i, j, k) => w.data[j] += x.data[i] * g.data[k]);
    return w;
  },
};

function zeros(shape: readonly number[]): Tensor64 {
  return { data: new Float64Array(count(shape)), shape: [...shape] };
}

/** Calls `term` with the places in images, kernels and result of every product in a convolution. */
function visit(
  [n, channels, height, width]: readonly number[],
  [features, , kernelHeight, kernelWidth]: readonly number[],
  [, , rows, columns]: readonly number[],
  { strides, padding }: Window,
  term: (x: number, w: number, y: number) => void,
): void {
  for (let s = 0; s < n; s++) {
    for (let f = 0; f < features; f++) {
      for (let c = 0; c < channels; c++) {
        for (let u = 0; u < kernelHeight; u++) {
          for (let v = 0; v < kernelWidth; v++) {
            const w = ((f * channels + c) * kernelHeight + u) * kernelWidth + v;
            for (let r = 0; r < rows; r++) {
              const i = r * strides[0] + u - padding[0][0];
              if (i < 0 || i >= height) continue;
              for (let q = 0; q < columns; q++) {
                const j = q * strides[1] + v - padding[1][0];
                if (j < 0 || j >= width) continue;
                term(
                  ((s * channels + c) * height + i) * width + j,
                  w,
                  ((s * features + f) * rows + r) * columns + q,
                );
              }
            }
          }
        }
      }
    }
  }
}
