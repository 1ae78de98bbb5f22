/** Reverse derivatives. */
import { broadcast } from "./build/layout.ts";
import { constant } from "./build/leaf.ts";
import { sumTo, zerosLike } from "./build/reduction.ts";
import { recordOf, topological } from "./expression.ts";
import { total } from "./ops/rule.ts";
import { sameShape, ShapeError, showShape } from "./shape.ts";
import type { Derivation } from "./op.ts";
import type { Expression } from "./types.ts";

/**
 * The derivative of a scalar `y` by each of `xs`; each result has the shape of its x.
 *
 * The xs may be any expressions, inputs or not.
 *
 * @param cotangent Of the shape of y, if y is not a scalar: then the derivative of their inner
 * product.
 * @throws {ShapeError} If y is not a scalar and there is no cotangent of its shape.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluate, gradient, input, sum, times } from "./mod.ts";
 * const x = input("x", [3]);
 * const [g] = gradient(sum(times(x, x)), [x]);
 * const [value] = evaluate([g], { x: { data: [1, 2, 3], shape: [3] } });
 * assert.deepEqual([...value.data], [2, 4, 6]);
 * ```
 */
export function gradient(
  y: Expression,
  xs: readonly Expression[],
  cotangent: Expression | null = null,
): Expression[] {
  if (cotangent === null && y.shape.length > 0) {
    throw new ShapeError(
      `Cannot take the gradient of a tensor of shape ${
        showShape(y.shape)
      }: it must be a scalar, or come with a cotangent`,
      y.shape,
    );
  }
  return vjp([y], xs, [cotangent ?? constant(1)]);
}

/** The derivative by each of `xs` of the inner product of `ys` with `cotangents`. */
export function vjp(
  ys: readonly Expression[],
  xs: readonly Expression[],
  cotangents: readonly Expression[],
): Expression[] {
  ys.forEach((y, i) => {
    if (y.dtype !== "f32" || !sameShape(y.shape, cotangents[i].shape)) {
      throw new ShapeError(
        `Cannot differentiate ${y.dtype}${showShape(y.shape)} with a cotangent of shape ${
          showShape(cotangents[i].shape)
        }: it must be real and of the same shape`,
        y.shape,
        cotangents[i].shape,
      );
    }
  });
  return pullback(ys, xs, cotangents).map((g, i) => g ?? zerosLike(xs[i]));
}

/**
 * As `vjp`, with null for zero, in and out.
 *
 * On its way a cotangent may be narrower than its expression, standing for itself stretched:
 * elementwise rules broadcast, so it is stretched only where another op needs all of it.
 */
export function pullback(
  ys: readonly Expression[],
  xs: readonly Expression[],
  cotangents: readonly (Expression | null)[],
): (Expression | null)[] {
  const variables = new Set(xs);
  const isVariable = (x: Expression) => variables.has(x);
  const oldest = Math.min(...xs.map((x) => x.id));
  const order = topological(ys, (x) => x.id >= oldest);
  const depends = new Set<Expression>();
  for (const node of order) {
    const inputs: readonly Expression[] = node.inputs;
    if (variables.has(node) || inputs.some((x) => depends.has(x))) depends.add(node);
  }
  const sums = new Map<Expression, (Expression | null)[]>();
  const give = (x: Expression, g: Expression | null, result: number) => {
    if (!g || !depends.has(x)) return;
    const slots = sums.get(x) ?? [];
    slots[result] = total(slots[result] ?? null, g);
    sums.set(x, slots);
  };
  ys.forEach((y, i) => give(y, cotangents[i], 0));
  for (let k = order.length - 1; k >= 0; k--) {
    const node = order[k];
    const slots = sums.get(node);
    if (slots === undefined) continue;
    const record = recordOf(node);
    const inputs: readonly Expression[] = node.inputs;
    const derivation: Derivation = { needs: inputs.map((x) => depends.has(x)), isVariable };
    const gs = record.multiple ? record.multiple.vjp(slots, node, derivation) : record.vjp(
      record.elementwise ? slots[0]! : broadcast(slots[0]!, node.shape),
      node,
      derivation,
    );
    const result = record.result?.(node.attributes);
    inputs.forEach((x, i) => {
      if (result !== undefined) give(x, gs[i], result);
      else if (x.dtype === "f32" && gs[i] !== null && depends.has(x)) {
        const whole = record.elementwise && !sameShape(x.shape, node.shape);
        give(x, whole ? sumTo(x.shape, broadcast(gs[i], node.shape)) : gs[i], 0);
      }
    });
  }
  return xs.map((x) => {
    const g = sums.get(x)?.[0] ?? null;
    return g && broadcast(g, x.shape);
  });
}
