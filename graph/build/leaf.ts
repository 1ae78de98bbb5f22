import { build } from "../expression.ts";
import type { Dim, DType, Expression, Shape, Value } from "../types.ts";

/** A tensor that is handed in when the graph runs. */
export function input(name: string, shape: Shape, dtype: DType = "f32"): Expression {
  return build("input", [], { name, shape, dtype });
}

/**
 * A tensor of known values, row-major.
 *
 * @param shape By default [] for a number and [length] for a list; one value fills any shape.
 * @throws {ShapeError} If the number of values is not that of the shape.
 */
export function constant(
  values: number | readonly number[] | Float64Array | Float32Array | Int32Array,
  shape?: Shape,
  dtype: DType = values instanceof Int32Array ? "i32" : "f32",
): Expression {
  const data = typeof values === "number" ? [values] : values;
  const sizes = shape ?? (typeof values === "number" ? [] : [data.length]);
  if (typeof values === "number" && sizes.length > 0) {
    return build("broadcast", [constant(values, [], dtype)], { shape: sizes });
  }
  return build("constant", [], { data: Float64Array.from(data), shape: sizes, dtype });
}

const small = new Map<string, Expression>();

/** A number as a scalar constant: of the dtype of `like` if that is an integer, else f32. */
export function asExpression(value: Value, like?: Expression): Expression {
  if (typeof value !== "number") return value;
  const dtype = like?.dtype === "i32" && Number.isInteger(value) ? "i32" : "f32";
  if (!Number.isInteger(value) || Math.abs(value) > 16 || Object.is(value, -0)) {
    return constant(value, [], dtype);
  }
  const key = dtype + value;
  let found = small.get(key);
  if (found === undefined) small.set(key, found = constant(value, [], dtype));
  return found;
}

/** The integers 0, 1, ... up to and without `length`. */
export function iota(length: Dim): Expression {
  return build("iota", [], { length });
}

/** The value of a size, an i32 scalar. */
export function size(dim: Dim): Expression {
  return typeof dim === "number" ? constant(dim, [], "i32") : build("size", [], { dim });
}

/**
 * The parameter of a loop body. Keys tell variables of one name apart; that of a finished body is
 * 0.
 */
export function variable(
  name: string,
  shape: Shape,
  dtype: DType,
  key: number,
): Expression {
  return build("variable", [], { name, key, shape, dtype });
}
