import type { Expression, LoopBody } from "../../../../../graph/mod.ts";

/**
 * Whether a loop goes on while some row has one mark, and leaves all others exactly as they are: then a few rows may end
 * before the others do.
 *
 * The condition must be that the greatest of a state's marks is a constant, which is the greatest there is, as
 * `STATUS.running` is. That rows without it stay is found by following every state through an iteration in which
 * "has the mark" is false.
 */
export function endsByRow({ condition, state, next }: LoopBody): boolean {
  const mark = markOf(condition);
  if (mark === null || !state.includes(mark.of)) return false;
  const isMarked = ({ op, inputs: [a, b] }: Expression): boolean =>
    op === "equal" &&
    (a === mark.of && b === mark.value || a === mark.value && b === mark.of);
  const known = new Map<Expression, Expression | "false" | "true">();
  /** What is left of an expression where no row is marked. */
  const rest = (y: Expression): Expression | "false" | "true" => {
    const done = known.get(y);
    if (done !== undefined) return done;
    const found = simplest(y);
    known.set(y, found);
    return found;
  };
  const simplest = (y: Expression): Expression | "false" | "true" => {
    if (isMarked(y)) return "false";
    const [a, b, c] = y.inputs as readonly Expression[];
    switch (y.op) {
      case "and":
        return rest(a) === "false" || rest(b) === "false" ? "false" : y;
      case "or":
        return rest(a) === "false" && rest(b) === "false" ? "false" : y;
      case "not":
        return rest(a) === "false" ? "true" : rest(a) === "true" ? "false" : y;
      case "cast":
      case "reshape":
      case "broadcast":
        return rest(a) === "false" ? "false" : y;
      case "select":
        return rest(a) === "false" ? rest(c) : rest(a) === "true" ? rest(b) : y;
      case "add": // of integers: "false" is their 0
        return y.dtype !== "i32"
          ? y
          : rest(b) === "false"
          ? rest(a)
          : rest(a) === "false"
          ? rest(b)
          : y;
      default:
        return y;
    }
  };
  return next.every((y, k) => rest(y) === state[k]);
}

/** The state whose greatest mark is compared, and with what. */
function markOf(
  condition: Expression | null,
): { readonly of: Expression; readonly value: Expression } | null {
  if (condition?.op !== "equal") return null;
  const [a, b] = condition.inputs;
  const [greatest, value] = a.op === "reduceMax" ? [a, b] : [b, a];
  if (greatest.op !== "reduceMax" || value.op !== "constant" || value.shape.length > 0) return null;
  const [of] = greatest.inputs;
  const { axes } = greatest.attributes;
  return axes.length === of.shape.length ? { of, value } : null;
}
