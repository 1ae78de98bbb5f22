import {
  broadcast as stretchTo,
  concat as join,
  pad as surround,
  reshape as shapeTo,
  reverse as turn,
  scatterAdd as scatter,
  slice as cut,
  transpose as permute,
} from "../build/layout.ts";
import { constant } from "../build/leaf.ts";
import { sumTo, zerosLike } from "../build/reduction.ts";
import {
  broadcastShapes,
  checkShape,
  count,
  elements,
  normalizeAxis,
  sameShape,
  ShapeError,
  showShape,
  stridesOf,
} from "../shape.ts";
import type { Op } from "../op.ts";
import type { Dim } from "../types.ts";
import { gatherStrided, stretch, walk } from "./broadcasting.ts";
import { LINEAR, requireDType } from "./rule.ts";

/** Another shape for the same elements. */
export const reshape: Op<"reshape"> = {
  name: "reshape",
  arity: 1,
  attributes: { shape: "shape" },
  ...LINEAR,
  shape: ([x], { shape }) => {
    checkShape("reshape", shape);
    const [from, to] = [elements(x.shape), elements(shape)];
    if (from.count !== to.count || from.names !== to.names) {
      throw new ShapeError(
        `Cannot reshape ${showShape(x.shape)} to ${
          showShape(shape)
        } as the numbers of elements must be equal`,
        x.shape,
        shape,
      );
    }
    return { shape, dtype: x.dtype };
  },
  jvp: ([dx], { attributes: { shape } }) => dx && shapeTo(dx, shape),
  vjp: (g, { inputs: [x] }) => [shapeTo(g, x.shape)],
  reference: ([x], { attributes: { shape } }, environment) => ({
    data: x.data,
    shape: environment.shape(shape),
  }),
};

/** Axes in another order. */
export const transpose: Op<"transpose"> = {
  name: "transpose",
  arity: 1,
  attributes: { permutation: "integers" },
  ...LINEAR,
  shape: ([x], { permutation }) => {
    const sorted = [...permutation].sort((a, b) => a - b);
    if (!sameShape(sorted, x.shape.map((_, i) => i))) {
      throw new ShapeError(
        `Cannot transpose ${showShape(x.shape)} by ${
          showShape(permutation)
        }: each axis must stand there once`,
        x.shape,
      );
    }
    return { shape: permutation.map((axis) => x.shape[axis]), dtype: x.dtype };
  },
  jvp: ([dx], { attributes: { permutation } }) => dx && permute(dx, permutation),
  vjp: (g, { attributes: { permutation } }) => [
    permute(g, permutation.map((_, i) => permutation.indexOf(i))),
  ],
  reference: ([x], { attributes: { permutation } }) => {
    const shape = permutation.map((axis) => x.shape[axis]);
    const own = stridesOf(x.shape);
    return { data: gatherStrided(x.data, shape, permutation.map((axis) => own[axis]), 0), shape };
  },
};

/** Repetition along axes of size 1 and new leading axes. */
export const broadcast: Op<"broadcast"> = {
  name: "broadcast",
  arity: 1,
  attributes: { shape: "shape" },
  ...LINEAR,
  shape: ([x], { shape }) => {
    checkShape("broadcast", shape);
    if (!sameShape(broadcastShapes("broadcast", x.shape, shape), shape)) {
      throw new ShapeError(
        `Cannot broadcast ${showShape(x.shape)} to ${showShape(shape)} as sizes must match or be 1`,
        x.shape,
        shape,
      );
    }
    return { shape, dtype: x.dtype };
  },
  jvp: ([dx], { attributes: { shape } }) => dx && stretchTo(dx, shape),
  vjp: (g, { inputs: [x] }) => [sumTo(x.shape, g)],
  reference: ([x], { attributes: { shape } }, environment) => stretch(x, environment.shape(shape)),
};

/** One tensor after the other. */
export const concat: Op<"concat"> = {
  name: "concat",
  arity: NaN,
  attributes: { axis: "integer" },
  ...LINEAR,
  shape: (xs, { axis }) => {
    const [first] = xs;
    normalizeAxis("concat", axis, first.shape);
    let length = 0;
    for (const x of xs) {
      const dim = x.shape[axis];
      const fits = x.shape.length === first.shape.length &&
        x.shape.every((size, i) => i === axis || size === first.shape[i]);
      if (!fits || typeof dim === "string") {
        throw new ShapeError(
          `Cannot concat ${xs.map((x) => showShape(x.shape)).join(", ")} on axis ${axis}: ` +
            `its sizes must be numbers and the others must match`,
          ...xs.map((x) => x.shape),
        );
      }
      length += dim;
    }
    const dtype = requireDType("concat", xs, "f32", "i32", "bool");
    return { shape: first.shape.map((dim, i) => i === axis ? length : dim), dtype };
  },
  jvp: (tangents, { inputs, attributes: { axis } }) =>
    tangents.every((d) => d === null)
      ? null
      : join(tangents.map((d, i) => d ?? zerosLike(inputs[i])), axis),
  vjp: (g, { inputs, attributes: { axis } }) => {
    let start = 0;
    return inputs.map(({ shape }) => {
      const from = start;
      start += shape[axis] as number;
      return cut(g, {
        starts: shape.map((_, i) => i === axis ? from : 0),
        ends: shape.map((dim, i) => i === axis ? start : dim),
      });
    });
  },
  reference: (xs, { attributes: { axis } }) => {
    const shape = xs[0].shape.slice();
    shape[axis] = xs.reduce((n, x) => n + x.shape[axis], 0);
    const data = new Float64Array(count(shape));
    const inner = count(shape.slice(axis + 1));
    let offset = 0;
    for (const x of xs) {
      const run = x.shape[axis] * inner;
      for (let k = 0; k * run < x.data.length; k++) {
        data.set(x.data.subarray(k * run, (k + 1) * run), k * shape[axis] * inner + offset);
      }
      offset += run;
    }
    return { data, shape };
  },
};

/** A box of elements, or each few of them. */
export const slice: Op<"slice"> = {
  name: "slice",
  arity: 1,
  attributes: { starts: "integers", ends: "shape", steps: "integers" },
  ...LINEAR,
  shape: ([x], { starts, ends, steps }) => {
    const fail = (rule: string): never => {
      throw new ShapeError(
        `Cannot slice ${showShape(x.shape)} from ${showShape(starts)} to ${showShape(ends)} by ${
          showShape(steps)
        }: ${rule}`,
        x.shape,
      );
    };
    if ([starts, ends, steps].some((list) => list.length !== x.shape.length)) {
      fail("one number per axis");
    }
    const shape = x.shape.map((dim, i): Dim => {
      const [start, end, step] = [starts[i], ends[i], steps[i]];
      if (typeof dim === "string") {
        return start === 0 && end === dim && step === 1
          ? dim
          : fail(`axis ${i} has a name, so take all of it`);
      }
      const sound = [start, end, step].every(Number.isInteger) && step >= 1 && 0 <= start &&
        start <= Number(end) && Number(end) <= dim;
      return sound
        ? Math.ceil((Number(end) - start) / step)
        : fail(`axis ${i} has elements 0 to ${dim - 1}`);
    });
    return { shape, dtype: x.dtype };
  },
  jvp: ([dx], { attributes }) => dx && cut(dx, attributes),
  vjp: (g, { inputs: [x], attributes: { starts, steps } }) => {
    let spread = g;
    steps.forEach((step, axis) => {
      if (step === 1) return;
      const places = Array.from({ length: spread.shape[axis] as number }, (_, i) => i * step);
      const size = places.length === 0 ? 0 : places[places.length - 1] + 1;
      spread = scatter(constant(Int32Array.from(places)), spread, { axis, size });
    });
    const high = x.shape.map((dim, i) =>
      typeof dim === "string" ? 0 : dim - starts[i] - (spread.shape[i] as number)
    );
    return [surround(spread, { low: starts, high })];
  },
  reference: ([x], { attributes: { starts, ends, steps } }, environment) => {
    const own = stridesOf(x.shape);
    const stop = environment.shape(ends);
    const shape = stop.map((end, i) => Math.ceil((end - starts[i]) / steps[i]));
    const strides = own.map((stride, i) => stride * steps[i]);
    const offset = own.reduce((sum, stride, i) => sum + stride * starts[i], 0);
    return { data: gatherStrided(x.data, shape, strides, offset), shape };
  },
};

/** Zeros around. */
export const pad: Op<"pad"> = {
  name: "pad",
  arity: 1,
  attributes: { low: "integers", high: "integers" },
  ...LINEAR,
  shape: ([x], { low, high }) => {
    const sound = low.length === x.shape.length && high.length === x.shape.length &&
      [...low, ...high].every((n) => Number.isInteger(n) && n >= 0) &&
      x.shape.every((dim, i) => typeof dim === "number" || low[i] + high[i] === 0);
    if (!sound) {
      throw new ShapeError(
        `Cannot pad ${showShape(x.shape)} by ${showShape(low)} and ${showShape(high)}: ` +
          `one whole number from 0 up per axis, 0 where the size is a name`,
        x.shape,
      );
    }
    const shape = x.shape.map((dim, i) => typeof dim === "number" ? dim + low[i] + high[i] : dim);
    return { shape, dtype: x.dtype };
  },
  jvp: ([dx], { attributes }) => dx && surround(dx, attributes),
  vjp: (g, { inputs: [x], attributes: { low } }) => [
    cut(g, {
      starts: low,
      ends: x.shape.map((dim, i) => typeof dim === "number" ? low[i] + dim : dim),
    }),
  ],
  reference: ([x], { attributes: { low, high } }) => {
    const shape = x.shape.map((dim, i) => dim + low[i] + high[i]);
    const strides = stridesOf(shape);
    const data = new Float64Array(count(shape));
    const offset = strides.reduce((sum, stride, i) => sum + stride * low[i], 0);
    walk(x.shape, strides, offset, (to, from) => data[to] = x.data[from]);
    return { data, shape };
  },
};

/** The order along axes turned round. */
export const reverse: Op<"reverse"> = {
  name: "reverse",
  arity: 1,
  attributes: { axes: "integers" },
  ...LINEAR,
  shape: ([x], { axes }) => {
    for (const axis of axes) normalizeAxis("reverse", axis, x.shape);
    return { shape: x.shape, dtype: x.dtype };
  },
  jvp: ([dx], { attributes: { axes } }) => dx && turn(dx, axes),
  vjp: (g, { attributes: { axes } }) => [turn(g, axes)],
  reference: ([x], { attributes: { axes } }) => {
    const strides = stridesOf(x.shape);
    let offset = 0;
    for (const axis of axes) {
      offset += strides[axis] * (x.shape[axis] - 1);
      strides[axis] *= -1;
    }
    return { data: gatherStrided(x.data, x.shape, strides, offset), shape: x.shape };
  },
};
