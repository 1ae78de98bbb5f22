/** Whole numbers that a file computes from shapes: known, or known up to the number of rows. */
import type { Dim } from "../../graph/mod.ts";

/** The name of the size that counts samples in every graph that is read. */
export const ROWS = "n";

/** `per` times the number of rows, plus `plus`; `per` is not 0. */
export interface OfRows {
  readonly per: number;
  readonly plus: number;
}

/** A whole number. */
export type Count = number | OfRows;

/** The number of rows itself. */
export const rowCount: Count = { per: 1, plus: 0 };

function parts(a: Count): OfRows {
  return typeof a === "number" ? { per: 0, plus: a } : a;
}

function count(per: number, plus: number): Count {
  return per === 0 ? plus : { per, plus };
}

/** `3 n + 1`, for messages. */
export function showCount(a: Count): string {
  if (typeof a === "number") return String(a);
  const per = a.per === 1 ? ROWS : `${a.per} ${ROWS}`;
  return a.plus === 0 ? per : `${per} + ${a.plus}`;
}

/** a + b. */
export function add(a: Count, b: Count): Count {
  const [x, y] = [parts(a), parts(b)];
  return count(x.per + y.per, x.plus + y.plus);
}

/** a - b. */
export function subtract(a: Count, b: Count): Count {
  return add(a, multiply(b, -1));
}

/** a b, where one of them is known. */
export function multiply(a: Count, b: Count): Count {
  if (typeof a !== "number" && typeof b !== "number") throw dependsOnRows("the product", a, b);
  const [k, x] = typeof a === "number" ? [a, parts(b)] : [b as number, parts(a)];
  return count(k * x.per, k * x.plus);
}

/** a / b truncated towards zero, where what is left does not depend on the rows. */
export function divide(a: Count, b: Count): Count {
  if (typeof a === "number" && typeof b === "number") {
    if (b === 0) throw new RangeError("it divides a whole number by 0");
    return Math.trunc(a / b);
  }
  const [x, y] = [parts(a), parts(b)];
  if (y.per === 0 && y.plus !== 0 && x.per % y.plus === 0 && x.plus % y.plus === 0) {
    return count(x.per / y.plus, x.plus / y.plus);
  }
  if (y.plus === 0 && x.plus === 0 && x.per % y.per === 0) return x.per / y.per;
  throw dependsOnRows("the quotient", a, b);
}

/** a modulo b with the sign of b, as ONNX's Mod of integers. */
export function modulo(a: Count, b: Count): Count {
  if (typeof b !== "number" || b === 0 || parts(a).per % b !== 0) {
    throw dependsOnRows("the remainder", a, b);
  }
  const rest = parts(a).plus % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** 1 if a = b for whatever number of rows, else 0: no particular number of rows is taken for the rule. */
export function isEqual(a: Count, b: Count): Count {
  const { per, plus } = parts(subtract(a, b));
  return Number(per === 0 && plus === 0);
}

/** 1 if a < b, else 0, where that is so for every number of rows from 1 on. */
export function isLess(a: Count, b: Count): Count {
  const { per, plus } = parts(subtract(a, b));
  if (per === 0) return Number(plus < 0);
  if (per > 0 && per + plus >= 0) return 0;
  if (per < 0 && per + plus < 0) return 1;
  throw dependsOnRows("the comparison", a, b);
}

/** The size that a count is, or undefined if a tensor has no such size. */
export function dimOf(a: Count): Dim | undefined {
  if (typeof a === "number") return Number.isSafeInteger(a) && a >= 0 ? a : undefined;
  return a.per === 1 && a.plus === 0 ? ROWS : undefined;
}

/** The count that a size is. */
export function countOfDim(dim: Dim): Count {
  return typeof dim === "number" ? dim : rowCount;
}

function dependsOnRows(what: string, a: Count, b: Count): RangeError {
  return new RangeError(
    `${what} of ${showCount(a)} and ${showCount(b)} depends on the number of rows, ${ROWS}`,
  );
}
