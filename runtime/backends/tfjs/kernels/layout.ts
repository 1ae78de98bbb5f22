import {
  coordinateOf,
  integers,
  nameOf,
  placeOf,
  stretchedStrides,
  stridesOf,
} from "../integers.ts";
import { type Apply, byDType, type Call, type KernelTable, onTensors } from "../kernel.ts";
import type { Tf, TfTensor } from "../library.ts";

/** Ops that put elements elsewhere. */
type Layout =
  | ("reshape" | "transpose" | "broadcast" | "concat" | "slice" | "pad" | "reverse")
  | ("gather" | "scatterAdd");

/** How elements are put elsewhere. */
export const layout: KernelTable<Layout> = {
  reshape: onTensors(([x], { tf, attributes, shape }) => tf.reshape(x, shape(attributes.shape))),
  transpose: byDType<"transpose">({
    real: ([x], { tf, attributes: { permutation } }) => tf.transpose(x, [...permutation]),
    integer: view(({ shape }, { attributes: { permutation } }) => ({
      shape: permutation.map((axis) => shape[axis]),
      strides: permutation.map((axis) => stridesOf(shape)[axis]),
      offset: 0,
    })),
  }),
  broadcast: byDType<"broadcast">({
    real: ([x], { tf, attributes, shape }) => tf.broadcastTo(x, shape(attributes.shape)),
    integer: view((x, { attributes, shape }) => ({
      shape: shape(attributes.shape),
      strides: stretchedStrides(x.shape, shape(attributes.shape)),
      offset: 0,
    })),
  }),
  concat: byDType<"concat">({
    real: (xs, { tf, attributes: { axis } }) => tf.concat([...xs], axis),
    integer: (xs, { tf, attributes: { axis } }) => joined(tf, xs, axis),
  }, { nothing: null }),
  slice: byDType<"slice">({
    real: ([x], { tf, attributes: { starts, ends, steps }, shape }) =>
      steps.every((step) => step === 1)
        ? tf.slice(x, [...starts], shape(ends).map((end, axis) => end - starts[axis]))
        : tf.stridedSlice(x, [...starts], shape(ends), [...steps]),
    integer: view((x, { attributes: { starts, ends, steps }, shape }) => {
      const own = stridesOf(x.shape);
      return {
        shape: shape(ends).map((end, axis) => Math.ceil((end - starts[axis]) / steps[axis])),
        strides: own.map((stride, axis) => stride * steps[axis]),
        offset: starts.reduce((sum, start, axis) => sum + start * own[axis], 0),
      };
    }),
  }),
  pad: byDType<"pad">({
    real: ([x], { tf, attributes: { low, high } }) =>
      tf.pad(x, low.map((n, axis) => [n, high[axis]])),
    integer: surrounded,
  }),
  reverse: byDType<"reverse">({
    real: ([x], { tf, attributes: { axes } }) => tf.reverse(x, [...axes]),
    integer: view(({ shape }, { attributes: { axes } }) => {
      const own = stridesOf(shape);
      return {
        shape,
        strides: own.map((stride, axis) => axes.includes(axis) ? -stride : stride),
        offset: axes.reduce((sum, axis) => sum + (shape[axis] - 1) * own[axis], 0),
      };
    }),
  }),
  gather: byDType<"gather">({
    real: ([x, indices], { tf, attributes: { axis } }) => tf.gather(x, indices as never, axis),
    integer: chosen,
  }),
  scatterAdd: byDType<"scatterAdd">({ real: added, integer: addedIntegers }, {
    dtypeOf: (node) => node.dtype,
  }),
};

/** Where element `i` of a result lies in the input: at `offset` plus its coordinates times `strides`. */
interface View {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** A kernel on integers that reads every element from a place known beforehand. */
function view<K extends Layout>(of: (x: TfTensor, call: Call<K>) => View): Apply<K> {
  return ([x], call) => {
    const { shape, strides, offset } = of(x, call);
    const body = `y = A[${placeOf(shape, strides, { offset })}];`;
    return integers(call.tf, [x], { shape, dtype: dtypeOf(x), body });
  };
}

function dtypeOf(x: TfTensor): "int32" | "bool" {
  return x.dtype === "bool" ? "bool" : "int32";
}

/** Buffers that a kernel may read on any device, one of eight being for its result. */
const MOST = 7;

/** Integers one after the other: what lies before an input's end lies in it, or in one before. */
export function joined(tf: Tf, xs: readonly TfTensor[], axis: number): TfTensor {
  if (xs.length > MOST) {
    const parts = Array.from(
      { length: Math.ceil(xs.length / MOST) },
      (_, k) => joined(tf, xs.slice(k * MOST, (k + 1) * MOST), axis),
    );
    return joined(tf, parts, axis);
  }
  const shape = [...xs[0].shape];
  shape[axis] = xs.reduce((sum, x) => sum + x.shape[axis], 0);
  let start = 0;
  const cases = xs.map((x, k) => {
    const strides = stridesOf(x.shape);
    const place = placeOf(shape, strides, { offset: -start * strides[axis] });
    start += x.shape[axis];
    return `if (at < ${start}) { y = ${nameOf(k)}[${place}]; }`;
  });
  const body = `let at = ${coordinateOf(shape, axis)}; ${cases.join(" else ")}`;
  return integers(tf, xs, { shape, dtype: dtypeOf(xs[0]), body });
}

/** Integers with zeros around them. */
function surrounded(
  [x]: readonly TfTensor[],
  { tf, attributes: { low, high } }: Call<"pad">,
): TfTensor {
  const shape = x.shape.map((dim, axis) => low[axis] + dim + high[axis]);
  const own = stridesOf(x.shape);
  const inside = shape.flatMap((_, axis) => {
    const at = coordinateOf(shape, axis);
    return [`${at} >= ${low[axis]}`, `${at} < ${low[axis] + x.shape[axis]}`];
  });
  const offset = -low.reduce((sum, n, axis) => sum + n * own[axis], 0);
  const place = placeOf(shape, own, { offset });
  const body = `if (${["true", ...inside].join(" && ")}) { y = A[${place}]; }`;
  return integers(tf, [x], { shape, dtype: dtypeOf(x), body });
}

/** Slices of integers, chosen by index. */
function chosen(
  [x, indices]: readonly TfTensor[],
  { tf, attributes: { axis } }: Call<"gather">,
): TfTensor {
  const inner = sizeOf(x.shape.slice(axis + 1));
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const body = `let slice = i / ${inner};
    let index = B[slice % ${indices.size}];
    y = A[(slice / ${indices.size} * ${x.shape[axis]} + index) * ${inner} + i % ${inner}];`;
  return integers(tf, [x, indices], { shape, dtype: dtypeOf(x), body });
}

/** Slices added at indices: those that are added to the same place are added in no particular order. */
function added(
  [indices, updates]: readonly TfTensor[],
  { tf, attributes: { axis, size }, shape }: Call<"scatterAdd">,
): TfTensor {
  const outer = updates.shape.slice(0, axis);
  const after = updates.shape.slice(axis + indices.rank);
  const [before, inner] = [sizeOf(outer), sizeOf(after)];
  const [length] = shape([size]);
  const rows = tf.transpose(tf.reshape(updates, [before, indices.size, inner]), [1, 0, 2]);
  const sums = tf.scatterND(
    tf.reshape(indices, [indices.size, 1]) as never,
    tf.reshape(rows, [indices.size, before * inner]),
    [length, before * inner] as never,
  );
  const turned = tf.transpose(tf.reshape(sums, [length, before, inner]), [1, 0, 2]);
  return tf.reshape(turned, [...outer, length, ...after]);
}

/** Integers added at indices: every place looks for what is added to it. */
function addedIntegers(
  [indices, updates]: readonly TfTensor[],
  { tf, attributes: { axis, size }, shape: sized }: Call<"scatterAdd">,
): TfTensor {
  const after = updates.shape.slice(axis + indices.rank);
  const inner = sizeOf(after);
  const [length] = sized([size]);
  const shape = [...updates.shape.slice(0, axis), length, ...after];
  const body = `let slice = i / ${inner};
    for (var k = 0; k < ${indices.size}; k++) {
      if (A[k] != slice % ${length}) { continue; }
      y += B[(slice / ${length} * ${indices.size} + k) * ${inner} + i % ${inner}];
    }`;
  return integers(tf, [indices, updates], { shape, dtype: "int32", body });
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
