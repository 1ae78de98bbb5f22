import {
  broadcast,
  broadcastShapes,
  concat,
  constant,
  type Dim,
  type Expression,
  gather,
  pad,
  reshape,
  reverse,
  type Shape,
  slice,
  sliceAxis,
  transpose,
} from "../../../graph/mod.ts";
import { type Count, ROWS } from "../count.ts";
import { keepingRows, withRows, withSameRows } from "../fixed_rows.ts";
import type { NodeView } from "../node_view.ts";
import { layout, type OnnxOps } from "../op.ts";

/** Sizes asked for: 0 copies one unless `allowzero`, -1 is what the others leave. */
function reshaped([x]: readonly Expression[], node: NodeView): Expression {
  const { counts } = node.whole(1);
  const copies = node.int("allowzero", 0) === 0;
  const shape = counts.map((count, i): Dim => {
    if (count === -1) return -1;
    if (count === 0 && copies && i < x.shape.length) return x.shape[i];
    return node.dims([count])[0];
  });
  return reshape(x, keepingRows(x.shape, shape, node.reading));
}

function flattened([x]: readonly Expression[], node: NodeView): Expression {
  const axis = node.int("axis", 1);
  const at = axis < 0 ? axis + x.shape.length : axis;
  const joined = (dims: Shape): Dim => {
    if (!dims.includes(ROWS)) return dims.reduce<number>((n, dim) => n * Number(dim), 1);
    if (dims.every((dim) => dim === ROWS || dim === 1)) return ROWS;
    throw new RangeError("it flattens rows into one another");
  };
  return reshape(x, [joined(x.shape.slice(0, at)), joined(x.shape.slice(at))]);
}

function squeezed([x]: readonly Expression[], node: NodeView): Expression {
  const axes = node.axes(1, x.shape.length);
  const goes = (dim: Dim, i: number): boolean => axes === null ? dim === 1 : axes.includes(i);
  const { fixedRows } = node.reading;
  x.shape.forEach((dim, i) => {
    if (goes(dim, i) && dim !== 1 && !(dim === ROWS && fixedRows === 1)) {
      throw new RangeError(`it takes away axis ${i}, which has size ${dim}`);
    }
  });
  return reshape(x, x.shape.filter((dim, i) => !goes(dim, i) || dim === ROWS));
}

function unsqueezed([x]: readonly Expression[], node: NodeView): Expression {
  const given = node.ints("axes") ?? node.numbers(1);
  const rank = x.shape.length + given.length;
  const axes = given.map((axis) => node.axis(axis, rank));
  let next = 0;
  return reshape(
    x,
    Array.from({ length: rank }, (_, i) => axes.includes(i) ? 1 : x.shape[next++]),
  );
}

/** Both shapes stretch to the result's. */
function expanded([x]: readonly Expression[], node: NodeView): Expression {
  const dims = node.dims(node.whole(1).counts);
  const { fixedRows } = node.reading;
  const fitting = withRows(dims, node.reading).map((dim, i) => {
    const own = x.shape[x.shape.length - dims.length + i];
    return own === ROWS && dim === fixedRows ? ROWS : dim;
  });
  return broadcast(x, broadcastShapes("expand", x.shape, fitting));
}

function tiled([x]: readonly Expression[], node: NodeView): Expression {
  const repeats = withRows(node.dims(node.whole(1).counts), node.reading);
  return repeats.reduce<Expression>((y, times, axis) => {
    if (times === 1) return y;
    const { shape } = y;
    const [before, size, after] = [shape.slice(0, axis), shape[axis], shape.slice(axis + 1)];
    if (size === 1) return broadcast(y, [...before, times, ...after]);
    if (typeof size !== "number" || typeof times !== "number") {
      throw new RangeError(`it repeats an axis of size ${size} ${times} times`);
    }
    const apart = reshape(y, [...before, 1, size, ...after]);
    const stretched = broadcast(apart, [...before, times, size, ...after]);
    return reshape(stretched, [...before, times * size, ...after]);
  }, x);
}

function concatenated(xs: readonly Expression[], node: NodeView): Expression {
  const axis = node.axis(node.int("axis", 0), xs[0].shape.length);
  return concat(withSameRows(xs, node.reading, { stretch: true }), axis);
}

/** Starts and ends beyond an axis stand for its end; negative ones are counted from there. */
function sliced([x]: readonly Expression[], node: NodeView): Expression {
  const rank = x.shape.length;
  const [starts, ends] = [node.whole(1).counts, node.whole(2).counts];
  const axes = node.has(3) ? node.numbers(3) : starts.map((_, i) => i);
  const steps = node.numbers(4, starts.map(() => 1));
  return axes.reduce<Expression>((y, given, i) => {
    const axis = node.axis(given, rank);
    return slicedAxis(y, { axis, start: starts[i], end: ends[i], step: steps[i] });
  }, x);
}

function slicedAxis(
  x: Expression,
  { axis, start, end, step }: { axis: number; start: Count; end: Count; step: number },
): Expression {
  const size = x.shape[axis];
  if (typeof size !== "number") {
    const whole = start === 0 && step === 1 && (typeof end !== "number" || end >= 2 ** 31 - 1);
    if (whole) return x;
    throw new RangeError("it takes some of the rows, and a velocity is computed row by row");
  }
  if (typeof start !== "number" || typeof end !== "number") {
    throw new RangeError("its start and end must not depend on the number of rows");
  }
  const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1];
  const place = (at: number): number =>
    Math.min(Math.max(at < 0 ? at + size : at, lowest), highest);
  const [from, to] = [place(start), place(end)];
  const turned = step > 0
    ? { x, from, to }
    : { x: reverse(x, axis), from: size - 1 - from, to: size - 1 - to };
  const along = (value: number, others: readonly number[]): number[] =>
    others.map((other, i) => i === axis ? value : other);
  const zeros = x.shape.map(() => 0);
  return slice(turned.x, {
    starts: along(turned.from, zeros),
    ends: x.shape.map((dim, i) => i === axis ? Math.max(turned.to, turned.from) : dim),
    steps: along(Math.abs(step), zeros.map(() => 1)),
  });
}

function gathered([x]: readonly Expression[], node: NodeView): Expression {
  const axis = node.axis(node.int("axis", 0), x.shape.length);
  const { shape } = node.whole(1);
  const size = x.shape[axis];
  if (typeof size !== "number") {
    throw new RangeError("it picks single rows, and a velocity is computed row by row");
  }
  const places = node.numbers(1).map((place) => {
    if (place >= -size && place < size) return place < 0 ? place + size : place;
    throw new RangeError(`it picks place ${place} of an axis of size ${size}`);
  });
  if (shape.length > 0) return gather(x, constant(Int32Array.from(places), shape), { axis });
  const one = sliceAxis(x, { axis, start: places[0], end: places[0] + 1 });
  return reshape(one, x.shape.filter((_, i) => i !== axis));
}

function split([x]: readonly Expression[], node: NodeView): Expression[] {
  const axis = node.axis(node.int("axis", 0), x.shape.length);
  const size = x.shape[axis];
  if (typeof size !== "number") throw new RangeError("it splits rows from one another");
  const count = node.int("num_outputs", node.outputs);
  if (!(count >= 1 && count <= size)) {
    throw new RangeError(`it splits an axis of size ${size} into ${count}`);
  }
  const each = Math.ceil(size / count);
  const given = node.ints("split") ??
    node.numbers(1, Array.from({ length: count }, (_, i) => Math.min(each, size - i * each)));
  let end = 0;
  return given.map((length) => sliceAxis(x, { axis, start: end, end: end += length }));
}

/** Zeros, or another number, around; the other modes repeat what is there. */
function padded([x]: readonly Expression[], node: NodeView): Expression {
  const mode = node.text("mode", "constant");
  if (mode !== "constant") throw new RangeError(`its mode is ${mode}: only constant is supported`);
  if ((node.scalar(2) ?? 0) !== 0) throw new RangeError("only zeros may be put around");
  const given = node.numbers(1);
  const rank = x.shape.length;
  const axes = node.has(3) ? node.numbers(3).map((axis) => node.axis(axis, rank)) : x.shape.keys();
  const low = x.shape.map(() => 0);
  const high = x.shape.map(() => 0);
  [...axes].forEach((axis, i) => {
    low[axis] = given[i];
    high[axis] = given[i + given.length / 2];
  });
  if ([...low, ...high].some((n) => n < 0)) {
    throw new RangeError("it takes away instead of padding");
  }
  return pad(x, { low, high });
}

/** Operators that move elements. */
export const layouts: OnnxOps = {
  Concat: layout(concatenated, (node) => node.inputs),
  Dropout: layout(([x], node) => {
    if (node.has(2) && node.scalar(2) !== 0) {
      throw new RangeError("it is in training mode: export the network in eval()");
    }
    return x;
  }),
  Expand: layout(expanded),
  Flatten: layout(flattened),
  Gather: layout(gathered),
  Identity: layout(([x]) => x),
  Pad: layout(padded),
  Reshape: layout(reshaped),
  Slice: layout(sliced),
  Split: layout(split),
  Squeeze: layout(squeezed),
  Tile: layout(tiled),
  Transpose: layout(([x], node) => transpose(x, node.ints("perm") ?? undefined)),
  Unsqueeze: layout(unsqueezed),
};
