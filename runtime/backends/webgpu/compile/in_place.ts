/**
 * States that are written where they are read: whoever else reads the old value must be done before, and who writes the
 * new one may read of the old one only the element it is about to write.
 *
 * @module
 */
import type { Expression, Node } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import { lowering } from "../wgsl/lowerings.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import { levelOf, type Store, type Unit, type Units } from "./units.ts";

/** A state, and where its next value is stored. */
export interface Rewrite {
  /** The old value, which is handed to the block. */
  readonly leaf: Expression;
  readonly store: Store;
}

/** What is known of a block. */
export interface Readers {
  readonly units: Units;
  isLeaf(node: Expression): boolean;
  readByLoop(node: Node<"loop">): readonly Expression[];
}

/**
 * Has who stores the next value wait for all others who read the old one.
 *
 * @returns Whether that can be, in no more waves than without; if not, nothing has changed.
 */
export function rewriteInPlace({ leaf, store }: Rewrite, readers: Readers): boolean {
  const { units } = readers.units;
  const writer = units.find((unit) => unit.kind === "group" && unit.stores.includes(store));
  if (writer === undefined || leaf === store.node) return leaf === store.node;
  const others: Unit[] = [];
  for (const unit of units) {
    const read = readsOf(unit, readers).get(leaf);
    if (read === undefined) continue;
    if (unit !== writer) others.push(unit);
    else if (!read.aligned) return false;
  }
  if (others.some((other) => comesAfter(other, writer))) return false;
  const added = others.filter((other) => !writer.needs.has(other));
  const before = wavesOf(units);
  for (const other of added) writer.needs.add(other);
  if (wavesOf(units) <= before) return true;
  for (const other of added) writer.needs.delete(other);
  return false;
}

/** The leaves that a unit reads, and whether each is read at the unit's own place alone. */
export function readsOf(
  unit: Unit,
  { units: { madeBy }, isLeaf, readByLoop }: Readers,
): ReadonlyMap<Expression, { readonly aligned: boolean }> {
  const reads = new Map<Expression, { readonly aligned: boolean }>();
  const note = (leaf: Expression, aligned: boolean): void => {
    reads.set(leaf, { aligned: aligned && (reads.get(leaf)?.aligned ?? true) });
  };
  if (unit.kind === "loop") {
    for (const x of readByLoop(unit.node)) if (isLeaf(x)) note(x, false);
    return reads;
  }
  const seen = new Map<Expression, boolean>();
  const visit = (node: Expression, aligned: boolean): void => {
    if (isLeaf(node)) return note(node, aligned);
    // What was seen at its own place is looked at again where it is read elsewhere.
    if (madeBy.has(node) || (seen.has(node) && (aligned || !seen.get(node)!))) return;
    seen.set(node, aligned);
    visitInputs(node, aligned);
  };
  const visitInputs = (node: Expression, aligned: boolean): void => {
    const own = aligned && lowering(node).pointwise;
    for (const x of node.inputs as readonly Expression[]) {
      visit(x, own && elements(x) === elements(node));
    }
  };
  for (const node of unit.members) visitInputs(node, true);
  for (const { node } of unit.stores) visit(node, elements(node) === count(unit.shape));
  return reads;
}

/** Whether a unit must be done after another. */
function comesAfter(unit: Unit, other: Unit): boolean {
  const before = new Set<Unit>([unit]);
  for (const each of before) for (const need of each.needs) before.add(need);
  return before.has(other);
}

function wavesOf(units: readonly Unit[]): number {
  const known = new Map<Unit, number>();
  return Math.max(...units.map((unit) => levelOf(unit, known)));
}

function elements(node: Expression): number {
  return count(sizesOf(node));
}
