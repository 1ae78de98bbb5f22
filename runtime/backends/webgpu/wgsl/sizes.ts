import type { Node, OpName } from "../../../../graph/mod.ts";
import { openRowsError } from "../errors.ts";

/**
 * The sizes of an expression.
 *
 * @throws {UncoveredError} If one of them is the number of rows that a loop inside a loop collects.
 */
export function sizesOf({ shape }: Pick<Node<OpName>, "shape">): readonly number[] {
  if (shape.some((dim) => typeof dim === "string")) throw openRowsError();
  return shape as readonly number[];
}
