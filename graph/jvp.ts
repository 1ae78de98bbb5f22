/** Forward derivatives. */
import { broadcast } from "./build/layout.ts";
import { zerosLike } from "./build/reduction.ts";
import { recordOf, topological } from "./expression.ts";
import { sameShape, ShapeError, showShape } from "./shape.ts";
import type { Derivation } from "./op.ts";
import type { Expression } from "./types.ts";

/**
 * The derivative of `ys` in a direction: that in which each key of `tangents` moves by its value.
 *
 * The keys may be any expressions: what they are made of is then held still. Each result has the
 * shape of its y.
 *
 * @throws {ShapeError} If a tangent has not the shape of its key.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { constant, evaluate, input, jvp, sin } from "./mod.ts";
 * const x = input("x", []);
 * const [dy] = jvp([sin(x)], new Map([[x, constant(2)]]));
 * const [value] = evaluate([dy], { x: { data: [0], shape: [] } });
 * assert.equal(value.data[0], 2);
 * ```
 */
export function jvp(
  ys: readonly Expression[],
  tangents: ReadonlyMap<Expression, Expression>,
): Expression[] {
  for (const [x, dx] of tangents) {
    if (!sameShape(x.shape, dx.shape)) {
      throw new ShapeError(
        `Cannot differentiate by ${showShape(x.shape)} in a direction of shape ${
          showShape(dx.shape)
        }: ` +
          `they must be the same`,
        x.shape,
        dx.shape,
      );
    }
  }
  return pushforward(ys, tangents).map((d, i) => d ?? zerosLike(ys[i]));
}

/**
 * As `jvp`, with null for a derivative that is identically zero.
 *
 * On its way a tangent may be narrower than its expression: elementwise rules broadcast, so it is
 * stretched only where another op needs all of it.
 */
export function pushforward(
  ys: readonly Expression[],
  tangents: ReadonlyMap<Expression, Expression>,
): (Expression | null)[] {
  const oldest = Math.min(...[...tangents.keys()].map((x) => x.id));
  const isVariable = (x: Expression) => tangents.has(x);
  const moves = new Map<Expression, readonly (Expression | null)[]>();
  for (const node of topological(ys, (x) => x.id >= oldest)) {
    const given = tangents.get(node);
    if (given !== undefined) {
      moves.set(node, [given]);
      continue;
    }
    const record = recordOf(node);
    const which = record.result?.(node.attributes) ?? 0;
    const inputs: readonly Expression[] = node.inputs;
    const ds = inputs.map((x) => {
      const d = moves.get(x)?.[which] ?? null;
      return d === null || record.elementwise || record.result ? d : broadcast(d, x.shape);
    });
    const needs = ds.map((d) => d !== null);
    if (!needs.includes(true)) continue;
    const derivation: Derivation = { needs, isVariable };
    if (record.multiple) {
      moves.set(node, record.multiple.jvp(ds, node, derivation));
    } else if (node.dtype === "f32") {
      const d = record.jvp(ds, node, derivation);
      if (d !== null) moves.set(node, [d]);
    }
  }
  return ys.map((y) => {
    const d = moves.get(y)?.[0] ?? null;
    return d && broadcast(d, y.shape);
  });
}
