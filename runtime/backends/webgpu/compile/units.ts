/**
 * What a block of expressions (a program, or the body of a loop) is cut into: kernels and loops.
 *
 * Most expressions are never stored: who reads them computes them again at the index it needs. Stored, if anything, are
 * the anchors: what is asked for, what takes long sums, and what would be computed again too often. An anchor whose
 * inputs are made at the same places by one kernel joins that kernel, as an activation joins its matrix product.
 *
 * @module
 */
import { type Expression, type Node, topological } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import { lowering } from "../wgsl/lowerings.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import type { Place } from "../place.ts";

/** An element that must be stored at a place besides where the block keeps it. */
export interface Store {
  readonly node: Expression;
  readonly place: Place;
}

/** Expressions that one function of a kernel computes, at one index each. */
export interface Group {
  readonly kind: "group";
  /** What begins it, if that takes long sums. */
  readonly heavy: Expression | null;
  /** The sizes that its index runs over. */
  readonly shape: readonly number[];
  /** What it computes, in order, all of as many elements as its index has. */
  readonly members: Expression[];
  /** What must be done before. */
  readonly needs: Set<Unit>;
  /** Places to store to, of members or of what others made. */
  readonly stores: Store[];
}

/** A loop. */
export interface LoopUnit {
  readonly kind: "loop";
  readonly node: Node<"loop">;
  readonly needs: Set<Unit>;
  /** Numbers of the results that somebody reads. */
  readonly used: Set<number>;
}

/** Something that is done as a whole. */
export type Unit = Group | LoopUnit;

/** A block cut up. */
export interface Units {
  /** In an order in which what is needed comes first. */
  readonly units: readonly Unit[];
  /** The unit that makes an anchor or an item of a loop. */
  readonly madeBy: ReadonlyMap<Expression, Unit>;
  /** For each anchor that others load, the units that do. */
  readonly loadedBy: ReadonlyMap<Expression, ReadonlySet<Unit>>;
}

/** What is to be cut up. */
export interface BlockRoots {
  /** What the block must keep until its end. */
  readonly kept: readonly Expression[];
  /** What it must store elsewhere. */
  readonly stores: readonly Store[];
  /** Whether an expression is handed in. */
  isLeaf(node: Expression): boolean;
  /** What a loop reads of the block around: initial states, captured values, a count. */
  readByLoop(node: Node<"loop">): readonly Expression[];
}

/** Sums of more terms than this are worth a kernel of their own. */
const LONG = 16;

/** Work saved by storing, in operations for each element, from which it is worth it. */
const WORTH_STORING = 8;

/** Operations for one element, without those of its inputs, from which it is computed once for all who read it. */
const DEAR = 100;

/** Cuts a block up. */
export function unitsOf(block: BlockRoots): Units {
  const roots = [...block.kept, ...block.stores.map(({ node }) => node)];
  const order = topological(roots, (node) => !block.isLeaf(node));
  return new Cutter(block, order).cut();
}

/** An anchor that a tree of expressions ends at, and whether it is read at the tree's own place alone. */
interface End {
  readonly node: Expression;
  readonly aligned: boolean;
}

class Cutter {
  readonly #block: BlockRoots;
  readonly #order: readonly Expression[];
  readonly #anchors: ReadonlySet<Expression>;
  readonly #units: Unit[] = [];
  readonly #madeBy = new Map<Expression, Unit>();
  readonly #loadedBy = new Map<Expression, Set<Unit>>();

  constructor(block: BlockRoots, order: readonly Expression[]) {
    this.#block = block;
    this.#order = order;
    this.#anchors = anchorsOf(block, order);
  }

  cut(): Units {
    for (const node of this.#order) {
      if (node.op === "loop") this.#addLoop(node);
      else if (node.op === "item") this.#addItem(node);
      else if (this.#anchors.has(node)) this.#addAnchor(node);
    }
    for (const store of this.#block.stores) this.#addStore(store);
    return {
      units: inOrder(this.#units),
      madeBy: this.#madeBy,
      loadedBy: this.#loadedBy,
    };
  }

  #addLoop(node: Node<"loop">): void {
    const unit: LoopUnit = { kind: "loop", node, needs: new Set(), used: new Set() };
    this.#units.push(unit);
    this.#madeBy.set(node as Expression, unit);
    for (const x of this.#block.readByLoop(node)) this.#load(unit, x);
  }

  #addItem(node: Node<"item">): void {
    const unit = this.#madeBy.get(node.inputs[0]) as LoopUnit;
    unit.used.add(node.attributes.index);
    this.#madeBy.set(node as Expression, unit);
  }

  #addAnchor(node: Expression): void {
    const ends = this.#endsOf(node);
    const group = (isHeavy(node) ? null : this.#groupToJoin(ends)) ?? this.#newGroup(node);
    group.members.push(node);
    this.#madeBy.set(node, group);
    for (const { node: end } of ends) if (this.#madeBy.get(end) !== group) this.#load(group, end);
  }

  #newGroup(node: Expression, heavy: Expression | null = isHeavy(node) ? node : null): Group {
    const shape = sizesOf(node);
    const group: Group = {
      kind: "group",
      heavy,
      shape,
      members: [],
      needs: new Set(),
      stores: [],
    };
    this.#units.push(group);
    return group;
  }

  #addStore(store: Store): void {
    const maker = this.#madeBy.get(store.node);
    if (maker?.kind === "group") {
      maker.stores.push(store);
      return;
    }
    const group = this.#newGroup(store.node, null);
    group.stores.push(store);
    if (maker !== undefined) this.#load(group, store.node);
  }

  /** Notes that a unit loads what others made. */
  #load(unit: Unit, node: Expression): void {
    const maker = this.#madeBy.get(node);
    if (maker === undefined) return;
    unit.needs.add(maker);
    let loaders = this.#loadedBy.get(node);
    if (loaders === undefined) this.#loadedBy.set(node, loaders = new Set());
    loaders.add(unit);
  }

  /** What an anchor is made of: other anchors and items of loops. */
  #endsOf(anchor: Expression): End[] {
    const ends = new Map<Expression, boolean>();
    const seen = new Map<Expression, boolean>();
    const stack: { node: Expression; aligned: boolean }[] = [{ node: anchor, aligned: true }];
    while (stack.length > 0) {
      const { node, aligned } = stack.pop()!;
      const own = aligned && lowering(node).pointwise;
      for (const x of node.inputs as readonly Expression[]) {
        const same = own && elements(x) === elements(node);
        if (this.#madeBy.has(x) && (this.#anchors.has(x) || x.op === "item")) {
          ends.set(x, (ends.get(x) ?? true) && same);
        } else if (!this.#block.isLeaf(x) && (!seen.has(x) || (seen.get(x)! && !same))) {
          seen.set(x, same);
          stack.push({ node: x, aligned: same });
        }
      }
    }
    return [...ends].map(([node, aligned]) => ({ node, aligned }));
  }

  /**
   * The kernel that can compute one more anchor: that of the latest things it is made of, if those are at its own places.
   * Where several kernels made them, none of which needs another, they become one.
   */
  #groupToJoin(ends: readonly End[]): Group | null {
    const levels = new Map<Unit, number>();
    const makers = ends.map(({ node }) => this.#madeBy.get(node)!);
    const latest = Math.max(-1, ...makers.map((maker) => levelOf(maker, levels)));
    const groups = new Set<Group>();
    for (const [i, { aligned }] of ends.entries()) {
      const maker = makers[i];
      if (levelOf(maker, levels) < latest) continue;
      if (!aligned || maker.kind === "loop") return null;
      groups.add(maker);
    }
    const [first, ...others] = [...groups].sort((a, b) =>
      Number(a.heavy === null) - Number(b.heavy === null)
    );
    if (first === undefined || others.some(({ heavy }) => heavy !== null)) return null;
    for (const other of others) this.#merge(first, other);
    return first;
  }

  /** Has one group do another's work too. */
  #merge(group: Group, other: Group): void {
    for (const node of other.members) {
      group.members.push(node);
      this.#madeBy.set(node, group);
    }
    for (const need of other.needs) group.needs.add(need);
    this.#units.splice(this.#units.indexOf(other), 1);
    for (const { needs } of this.#units) if (needs.delete(other)) needs.add(group);
    for (const loaders of this.#loadedBy.values()) {
      if (loaders.delete(other)) loaders.add(group);
    }
  }
}

/** How many units must be done one after the other before this one. */
export function levelOf(unit: Unit, known: Map<Unit, number> = new Map()): number {
  const level = known.get(unit);
  if (level !== undefined) return level;
  let most = -1;
  for (const need of unit.needs) most = Math.max(most, levelOf(need, known));
  known.set(unit, most + 1);
  return most + 1;
}

function inOrder(units: readonly Unit[]): Unit[] {
  const known = new Map<Unit, number>();
  return [...units].sort((a, b) => levelOf(a, known) - levelOf(b, known));
}

/** What has a kernel begin, or is computed once for all who read it. */
function anchorsOf(block: BlockRoots, order: readonly Expression[]): Set<Expression> {
  const computed: ReadonlySet<Expression> = new Set<Expression>(
    order.filter((node) => node.op !== "loop" && node.op !== "item"),
  );
  const anchors = new Set<Expression>();
  for (const node of [...block.kept, ...block.stores.map((store) => store.node)]) {
    if (computed.has(node)) anchors.add(node);
  }
  const costs = new Map<Expression, number>();
  for (const node of order) {
    if (node.op === "loop") {
      for (const x of block.readByLoop(node)) if (computed.has(x)) anchors.add(x);
    }
    if (!computed.has(node)) continue;
    if (isHeavy(node) || isDear(node)) anchors.add(node);
    costs.set(node, costOf(node, (x) => isHeavy(x) || isDear(x) ? 0 : costs.get(x) ?? 0));
  }
  const times = new Map<Expression, number>();
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i];
    if (!computed.has(node)) continue;
    const often = times.get(node) ?? 0;
    const computes = lowering(node).cost(node as never) > 0; // what only says where elements are is never stored
    const counts = node.dtype === "i32" && node.shape.length === 0; // nor is a step's number
    const stored = computes && !(counts && costs.get(node)! <= WORTH_STORING);
    if (stored && (often - 1) * costs.get(node)! > WORTH_STORING) anchors.add(node);
    const own = anchors.has(node) ? 1 : often;
    const reads = lowering(node).reads(node as never);
    for (const x of new Set(node.inputs as readonly Expression[])) {
      const ratio = reads * elements(node) / Math.max(1, elements(x));
      times.set(x, (times.get(x) ?? 0) + own * Math.max(ratio, 1));
    }
  }
  return anchors;
}

/** Operations for one element with those of its inputs; what is loaded costs nothing. */
function costOf(node: Expression, cost: (x: Expression) => number): number {
  const { cost: own, reads } = lowering(node);
  const inputs = node.inputs as readonly Expression[];
  return own(node as never) + reads(node as never) * inputs.reduce((sum, x) => sum + cost(x), 0);
}

function isHeavy(node: Expression): boolean {
  return lowering(node).reads(node as never) > LONG;
}

function isDear(node: Expression): boolean {
  return lowering(node).cost(node as never) > DEAR;
}

function elements(node: Expression): number {
  return count(sizesOf(node));
}
