import { coordinateOf, integers, placeOf, stridesOf } from "../integers.ts";
import { type Apply, byDType, type Kernel, type KernelTable } from "../kernel.ts";
import type { Tf, TfTensor } from "../library.ts";

/** Sums, greatest elements and their places. */
export const reduction: KernelTable<"sum" | "reduceMax" | "argMax" | "cumulativeSum"> = {
  sum: over({ real: (tf, x, axes) => tf.sum(x, axes), step: "y += a;", none: 0 }),
  reduceMax: over({
    real: (tf, x, axes) => tf.max(x, axes),
    step: "if (k == 0 || a > y) { y = a; }",
    none: -Infinity,
  }),
  argMax: byDType({
    real: ([x], { tf, attributes: { axis } }) =>
      tf.reshape(tf.argMax(x, axis), x.shape.filter((_, i) => i !== axis)),
    integer: along(({ size, stride, from }) => ({
      body: `var best = A[${from}];
        for (var k = 1; k < ${size}; k++) {
          let a = A[${from} + k * ${stride}];
          if (a > best) { best = a; y = k; }
        }`,
      reduced: true,
    })),
  }),
  cumulativeSum: byDType({
    real: ([x], { tf, attributes: { axis } }) => tf.cumsum(x, axis),
    integer: along(({ stride, place }) => ({
      body: `for (var k = 0; k <= ${place}; k++) { y += A[i - k * ${stride}]; }`,
      reduced: false,
    })),
  }),
};

/** A reduction over some axes. */
function over<K extends "sum" | "reduceMax">({ real, step, none }: {
  readonly real: (tf: Tf, x: TfTensor, axes: number[]) => TfTensor;
  /** Of integers: WGSL that takes up element number k, a, into y. */
  readonly step: string;
  /** What no element makes. */
  readonly none: number;
}): Kernel<K> {
  return byDType<K>({
    real: ([x], { tf, attributes: { axes, keep } }) => {
      const shape = reducedShape(x.shape, axes, keep);
      return tf.reshape(real(tf, x, [...axes]), shape);
    },
    integer: ([x], { tf, attributes: { axes, keep } }) => {
      const own = stridesOf(x.shape);
      const [gone, left] = [true, false].map((wanted) => {
        const kept = x.shape.map((_, axis) => axis).filter((axis) =>
          axes.includes(axis) === wanted
        );
        return { shape: kept.map((axis) => x.shape[axis]), strides: kept.map((axis) => own[axis]) };
      });
      const inner = placeOf(gone.shape, gone.strides, { element: "k" });
      const count = gone.shape.reduce((a, b) => a * b, 1);
      const shape = reducedShape(x.shape, axes, keep);
      const body = `let first = ${placeOf(left.shape, left.strides)};
        for (var k = 0; k < ${count}; k++) { let a = A[first + ${inner}]; ${step} }`;
      return integers(tf, [x], { shape, dtype: "int32", body });
    },
  }, { nothing: none });
}

function reducedShape(shape: readonly number[], axes: readonly number[], keep: boolean): number[] {
  return keep
    ? shape.map((dim, axis) => axes.includes(axis) ? 1 : dim)
    : shape.filter((_, axis) => !axes.includes(axis));
}

/** What WGSL along one axis is written with. */
interface Line {
  /** Elements on the axis, and the distance between them. */
  readonly size: number;
  readonly stride: number;
  /** The place of the first element of line `i`, of a result without the axis. */
  readonly from: string;
  /** The coordinate of element `i` on the axis, of a result that has it. */
  readonly place: string;
}

/** A kernel on integers along an axis. */
function along<K extends "argMax" | "cumulativeSum">(
  write: (line: Line) => { readonly body: string; readonly reduced: boolean },
): Apply<K> {
  return ([x], { tf, attributes: { axis } }) => {
    const own = stridesOf(x.shape);
    const others = x.shape.filter((_, i) => i !== axis);
    const { body, reduced } = write({
      size: x.shape[axis],
      stride: own[axis],
      from: placeOf(others, own.filter((_, i) => i !== axis)),
      place: coordinateOf(x.shape, axis),
    });
    return integers(tf, [x], { shape: reduced ? others : x.shape, dtype: "int32", body });
  };
}
