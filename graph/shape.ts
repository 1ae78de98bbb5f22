/** Shapes: how they are written, compared and broadcast. */
import type { Dim, Shape } from "./types.ts";

/** Shapes that do not fit an op. */
export class ShapeError extends RangeError {
  /** The name by which tests and messages know it. */
  override readonly name = "ShapeError";
  /** The shapes that did not fit. */
  readonly shapes: readonly Shape[];

  /**
   * An error about these shapes.
   *
   * @param message What was done, the rule, and what was found.
   */
  constructor(message: string, ...shapes: readonly Shape[]) {
    super(message);
    this.shapes = shapes;
  }
}

/** `[3, n]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Whether two shapes are the same, size by size. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The shape both `a` and `b` stretch to: aligned at the last axis, sizes equal or 1. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b) || b.length === 0) return a;
  if (a.length === 0) return b;
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const m = i < rank - a.length ? 1 : a[i - rank + a.length];
    const n = i < rank - b.length ? 1 : b[i - rank + b.length];
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `Cannot ${op} ${showShape(a)} and ${
          showShape(b)
        } as sizes must match or be 1: axis ${i} is ${m} and ${n}`,
        a,
        b,
      );
    }
    result.push(m === 1 ? n : m);
  }
  return result;
}

/** A checked shape. */
export function checkShape(op: string, shape: Shape): Shape {
  for (const dim of shape) {
    const sound = typeof dim === "string" ? dim !== "" : Number.isInteger(dim) && dim >= 0;
    if (!sound) {
      throw new ShapeError(
        `Cannot build ${op} of shape ${
          showShape(shape)
        }: a size is a whole number or a name, found ${dim}`,
        shape,
      );
    }
  }
  return shape;
}

/** `axis` counted from the front, where -1 is the last. */
export function normalizeAxis(op: string, axis: number, shape: Shape): number {
  const rank = shape.length;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(
      `Cannot ${op} ${showShape(shape)} on axis ${axis}: it has ${rank} ${
        rank === 1 ? "axis" : "axes"
      }`,
      shape,
    );
  }
  return axis < 0 ? axis + rank : axis;
}

/** The number of elements, as a whole number times a product of names. */
export function elements(shape: Shape): { readonly count: number; readonly names: string } {
  let count = 1;
  const names: string[] = [];
  for (const dim of shape) {
    if (typeof dim === "number") count *= dim;
    else names.push(dim);
  }
  return { count, names: names.sort().join("*") };
}

/** The number of elements of a shape without names. */
export function count(shape: readonly number[]): number {
  let n = 1;
  for (const dim of shape) n *= dim;
  return n;
}

/** The distance in memory between neighbours on each axis, row-major. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}
