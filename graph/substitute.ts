/** Expressions in place of others, and numbers in place of names of sizes. */
import { rebuild, recordOf, topological } from "./expression.ts";
import type { Dim, Expression } from "./types.ts";

/** `ys` with every expression that is a key of `map` replaced by its value. */
export function substitute(
  ys: readonly Expression[],
  map: ReadonlyMap<Expression, Expression>,
): Expression[] {
  return rewrite(ys, map, null);
}

/** `ys` with symbolic sizes replaced by numbers or other names, inputs included. */
export function bindSizes(
  ys: readonly Expression[],
  sizes: Readonly<Record<string, Dim>>,
): Expression[] {
  return mapSizes(ys, (dim) => typeof dim === "string" ? sizes[dim] ?? dim : dim);
}

/** `ys` with every size mapped. */
export function mapSizes(ys: readonly Expression[], size: (dim: Dim) => Dim): Expression[] {
  return rewrite(ys, new Map(), size);
}

/**
 * The size that a loop introduces is named for its inputs, so a loop over other inputs introduces another name. Sizes may
 * stand in expressions that do not use the loop; hence the rewriting starts over with each new name.
 */
function rewrite(
  ys: readonly Expression[],
  map: ReadonlyMap<Expression, Expression>,
  size: ((dim: Dim) => Dim) | null,
): Expression[] {
  const sizes = new Map<Dim, Dim>();
  const resize = (dim: Dim) => sizes.get(dim) ?? size?.(dim) ?? dim;
  const order = topological(ys, (node) => !map.has(node));
  for (;;) {
    const known = sizes.size;
    const done = new Map(map);
    for (const node of order) {
      const inputs = (node.inputs as readonly Expression[]).map((x) => done.get(x)!);
      const record = recordOf(node);
      let attributes = node.attributes;
      if (record.resize && (size !== null || known > 0)) {
        attributes = record.resize(attributes, resize);
      }
      const changed = inputs.some((x, i) => x !== node.inputs[i]) || attributes !== node.attributes;
      if (changed && record.introduce) {
        const { before, after, ...named } = record.introduce(inputs, attributes);
        attributes = named.attributes;
        if (typeof before === "string" && after !== null && after !== before) {
          sizes.set(before, after);
        }
      }
      done.set(node, changed ? rebuild(node, inputs, attributes) : node);
      if (sizes.size > known) break;
    }
    if (sizes.size === known) return ys.map((y) => done.get(y)!);
  }
}
