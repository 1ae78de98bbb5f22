/** Expressions in place of others, and numbers in place of names of sizes. */
import { rebuild, recordOf, topological } from "./expression.ts";
import { rootsOf, withRoots } from "./loop_body.ts";
import type { AttributeKind, Dim, Expression, LoopBody, Shape } from "./types.ts";

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
export function mapSizes(ys: readonly Expression[], size: SizeMap): Expression[] {
  return rewrite(ys, new Map(), size);
}

/**
 * The size that a loop introduces is named for its inputs, so a loop over other inputs introduces
 * another name. Sizes may stand in expressions that do not use the loop; hence the rewriting starts
 * over with each new name.
 */
function rewrite(
  ys: readonly Expression[],
  map: ReadonlyMap<Expression, Expression>,
  size: (SizeMap) | null,
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
      if (size !== null || known > 0) attributes = resizeAttributes(node, resize);
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

type SizeMap = (dim: Dim) => Dim;

const RESIZE: { readonly [K in AttributeKind]?: (value: never, size: SizeMap) => unknown } = {
  body: resizeBody,
  dim: (value: Dim, size) => size(value),
  length: (value: Dim | null, size) => value === null ? null : size(value),
  shape: (value: Shape, size) => value.map(size),
};

/** The attributes of an expression with every size mapped. */
export function resizeAttributes(
  node: Expression,
  size: SizeMap,
): Expression["attributes"] {
  const { attributes } = node;
  const kinds = Object.entries(recordOf(node).attributes);
  if (kinds.every(([, kind]) => RESIZE[kind] === undefined)) return attributes;
  const values = attributes as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    kinds.map((
      [name, kind],
    ) => [name, RESIZE[kind]?.(values[name] as never, size) ?? values[name]]),
  ) as Expression["attributes"];
}

function resizeBody(body: LoopBody, size: SizeMap): LoopBody {
  const { index, state, captured } = body;
  const mapped = mapSizes([index, ...state, ...captured, ...rootsOf(body)], size);
  const variables = 1 + state.length + captured.length;
  return {
    ...withRoots(body, mapped.slice(variables)),
    index: mapped[0],
    state: mapped.slice(1, 1 + state.length),
    captured: mapped.slice(1 + state.length, variables),
  };
}
