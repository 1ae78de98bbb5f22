/**
 * Compiles a block of expressions (a program, the body of a loop, or its condition) to statements that one workgroup
 * executes for its tile, one after the other with barriers between.
 */
import type { Expression, Node } from "../../../../../graph/mod.ts";
import { splitInputs } from "../../../../../graph/loop_body.ts";
import { count } from "../../../../../graph/shape.ts";
import { asWords, type Place } from "../../place.ts";
import type { Leaf } from "../../wgsl/emitter.ts";
import { linearIndex } from "../../wgsl/index.ts";
import { lowering } from "../../wgsl/lowerings.ts";
import { sizesOf } from "../../wgsl/sizes.ts";
import { workOf } from "../contraction.ts";
import { matrixProduct, type Product } from "../product.ts";
import { storeAll, type Writes } from "../part.ts";
import { type Group, type LoopUnit, type Store, type Unit, type Units, unitsOf } from "../units.ts";
import type { Words } from "./bindings.ts";
import { TileMemory } from "./memory.ts";
import {
  holdsResults,
  isNarrow,
  readResult,
  roomOf,
  sharingOf,
  writeBlocks,
  writeParts,
} from "./product.ts";
import type { TileText } from "./text.ts";

/** What a block is and where it stands. */
export interface TileBlockOptions {
  readonly text: TileText;
  /** What is handed in. */
  leaf(node: Expression): Leaf | null;
  readonly stores: readonly Store[];
  /** Loops around. */
  readonly level: number;
  /** Words that the blocks around need meanwhile. */
  readonly start: Words;
  /** How the loop is written that may be taken up again in another dispatch; null within a loop. */
  readonly resume: Resume | null;
}

/** A loop that is done some iterations at a time. */
export interface Resume {
  readonly node: Node<"loop">;
  /** The loop, between what brings its states back and what puts them away. */
  around(loop: ResumedLoop): readonly string[];
}

/** What there is of a loop before it is put together. */
export interface ResumedLoop {
  readonly states: readonly Place[];
  /** Statements of an iteration. */
  readonly body: readonly string[];
  /** Statements that find whether there is one, in `go`; null if the count alone decides. */
  readonly condition: readonly string[] | null;
  /** Operations of an iteration, roughly. */
  readonly work: number;
}

/** A compiled block. */
export interface TileBlock {
  readonly lines: readonly string[];
  /** Operations, roughly. */
  readonly work: number;
}

const BARRIER = "workgroupBarrier();";

/** Operations for an element that the body of a loop does again rather than have it stored. */
const CHEAP = 32;

/** Iterations that a loop is taken to do if its count is not a constant. */
const TYPICAL = 16;

/** Compiles a block. */
export function compileTileBlock(options: TileBlockOptions): TileBlock {
  return new TileBlockCompiler(options).compile();
}

class TileBlockCompiler {
  readonly #options: TileBlockOptions;
  readonly #units: Units;
  readonly #memory: TileMemory;
  readonly #places = new Map<Expression, Place>();
  /** Where the results of products first lie. */
  readonly #raw = new Map<Group, Place>();
  /** Where the states of loops lie. */
  readonly #states = new Map<LoopUnit, readonly Place[]>();
  readonly #costs = new Map<Expression, number>();
  #work = 0;

  constructor(options: TileBlockOptions) {
    this.#options = options;
    options.text.levels = Math.max(options.text.levels, options.level);
    this.#memory = new TileMemory(options.text.bindings, options.start);
    this.#units = unitsOf({
      kept: [],
      stores: options.stores,
      isLeaf: (node) => this.#given(node) !== null,
      readByLoop: (node) => this.#readByLoop(node),
    });
  }

  compile(): TileBlock {
    const order = latestFirst(this.#units.units);
    const stepOf: StepOf = (unit) => order.indexOf(unit);
    for (const unit of order) this.#plan(unit, stepOf);
    this.#memory.settle(order.filter(({ kind }) => kind === "loop").map(stepOf));
    const lines = order.flatMap((unit, at) =>
      unit.kind === "group"
        ? [...this.#groupLines(unit), BARRIER]
        : this.#loopLines(unit, this.#memory.endAt(at))
    );
    return { lines, work: this.#work };
  }

  /** Takes the places of what a unit makes. */
  #plan(unit: Unit, stepOf: StepOf): void {
    const from = stepOf(unit);
    const lastOf = (node: Expression): number =>
      Math.max(from, ...[...this.#units.loadedBy.get(node) ?? []].map(stepOf));
    if (unit.kind === "loop") {
      const items = [...this.#units.madeBy].filter(([, maker]) => maker === unit);
      const to = Math.max(from, ...items.map(([node]) => lastOf(node)));
      const { state } = unit.node.attributes.body;
      this.#states.set(unit, state.map((x) => this.#memory.take({ ...tensor(x), from, to })));
      return;
    }
    const product = flatProduct(unit);
    const lanes = this.#options.text.options.lanes;
    const blocks = product !== null && !isNarrow(product);
    const inPlace = product === null || (blocks && sharingOf(product, lanes).once);
    const over = inPlace ? this.#freed(unit, stepOf) : [];
    for (const node of unit.members) {
      if (!this.#units.loadedBy.has(node)) continue;
      const own = tensor(node);
      const first = blocks && !this.#raw.has(unit) && holdsResults(own, product);
      const place = this.#memory.take({
        ...own,
        from,
        to: lastOf(node),
        over: first || product === null ? over : [],
        exactly: product === null,
      });
      this.#places.set(node, place);
      if (first) this.#raw.set(unit, place);
    }
    if (product !== null && !this.#raw.has(unit)) {
      const own = { length: roomOf(product), dtype: "f32" } as const;
      this.#raw.set(unit, this.#memory.take({ ...own, from, to: from, over }));
    }
  }

  /**
   * What may be overwritten by what a group makes, as it is read for the last time, and nowhere else then: by a product all
   * that its factors read, as that is done before anything is stored; by other groups what they read at their own place.
   */
  #freed(group: Group, stepOf: StepOf): Place[] {
    const product = flatProduct(group);
    const bad = new Set<Expression>(); // read after something is stored
    const seen = new Map<Expression, boolean>();
    const visit = (node: Expression, aligned: boolean): void => {
      const before = seen.get(node);
      if (before === false || before === aligned) return;
      seen.set(node, aligned);
      if (product !== null && node === group.heavy) return;
      const isRead = !group.members.includes(node) &&
        (this.#places.has(node) || this.#leaf(node) !== null);
      if (isRead) {
        if (!aligned || product !== null) bad.add(node);
        return;
      }
      const own = aligned && lowering(node).pointwise;
      for (const x of node.inputs as readonly Expression[]) {
        visit(x, own && count(sizesOf(x)) === count(sizesOf(node)));
      }
    };
    for (const node of [...group.members, ...group.stores.map((store) => store.node)]) {
      visit(node, true);
    }
    const now = stepOf(group);
    return [...this.#places].flatMap(([node, place]) => {
      const loaders = [...this.#units.loadedBy.get(node) ?? []];
      const last = loaders.every((unit) => unit === group || stepOf(unit) < now);
      return last && loaders.includes(group) && !bad.has(node) ? [place] : [];
    });
  }

  #groupLines(group: Group): string[] {
    const { text } = this.#options;
    const own = group.members.flatMap((node) => {
      const place = this.#places.get(node);
      return place === undefined ? [] : [{ node, place }];
    });
    const writes: Writes = { group, stores: [...own, ...group.stores] };
    const members = new Set(group.members);
    const leaf = (node: Expression): Leaf | null => members.has(node) ? null : this.#leaf(node);
    const product = flatProduct(group);
    const length = count(group.shape);
    if (product === null) {
      this.#work += length *
        (group.heavy === null ? 10 : lowering(group.heavy).cost(group.heavy as never));
      return [
        text.call(
          leaf,
          (emitter) => text.each(emitter, length, (i) => storeAll(emitter, writes, i, null)),
        ),
      ];
    }
    this.#work += workOf(product);
    const raw = this.#raw.get(group)!;
    const { lanes } = text.options;
    const write = isNarrow(product) ? writeParts : writeBlocks;
    const lines = [text.call(leaf, (emitter) => write(emitter, product, { lanes, raw }))];
    const [only, ...others] = writes.stores;
    if (only.node === group.heavy && only.place === raw && others.length === 0) return lines;
    const end = text.call(
      leaf,
      (emitter) =>
        text.each(
          emitter,
          length,
          (i) => storeAll(emitter, writes, i, readResult(emitter, product, { raw, at: i })),
        ),
    );
    return [...lines, BARRIER, end];
  }

  #loopLines(unit: LoopUnit, taken: Words): string[] {
    const { text, level, resume } = this.#options;
    const { node } = unit;
    const { body, counted } = node.attributes;
    const { captured, initial, count: length } = splitInputs<Expression>(node, node.inputs);
    const states = this.#states.get(unit)!;
    const leaves = new Map<Expression, Leaf>([[body.index, { kind: "index", level }]]);
    body.state.forEach((x, k) => leaves.set(x, { kind: "place", place: states[k] }));
    body.captured.forEach((x, k) => leaves.set(x, this.#leafOf(captured[k])));
    const leaf = (x: Expression): Leaf | null => leaves.get(x) ?? this.#leaf(x);

    const inner = new TileMemory(text.bindings, taken);
    const always = { from: 0, to: 0 };
    const changed = body.next.flatMap((next, k) =>
      next === body.state[k]
        ? []
        : [{ node: next, place: inner.take({ ...tensor(next), ...always }), to: states[k] }]
    );
    const conditioned = body.condition === null
      ? null
      : { node: body.condition, place: inner.take({ ...tensor(body.condition), ...always }) };
    inner.settle();
    const shared = { text, leaf, level: level + 1, start: inner.endAt(0), resume: null };
    const before = this.#work;
    const compiled = compileTileBlock({ ...shared, stores: changed });
    const condition = conditioned === null
      ? null
      : compileTileBlock({ ...shared, stores: [conditioned] });
    const work = compiled.work + (condition?.work ?? 0);
    const known = length?.op === "constant" ? length.attributes.data[0] : null;
    this.#work = before + work * (known ?? TYPICAL);

    const start = text.call((x) => this.#leaf(x), (emitter) =>
      initial.forEach((x, k) => {
        const sizes = sizesOf(x);
        text.each(emitter, states[k].length, (i) => {
          const value = emitter.at(x, linearIndex(sizes, i));
          emitter.line(emitter.bindings.store(states[k], i, value));
        });
      }));
    const advance = text.call(
      () => null,
      (emitter) =>
        changed.forEach(({ place, to }) =>
          text.each(emitter, place.length, (i) => {
            const { bindings } = emitter;
            emitter.line(bindings.store(asWords(to), i, bindings.load(asWords(place), i)));
          })
        ),
    );
    const iteration = [...compiled.lines, ...(changed.length === 0 ? [] : [advance, BARRIER])];
    const decide = conditioned === null ? null : [
      ...condition!.lines,
      `if (lane == 0u) { go = ${text.bindings.load(asWords(conditioned.place), "0u")}; }`,
    ];
    const opening = initial.length === 0 ? [] : [start, BARRIER];
    if (resume?.node === node) {
      this.#work = before;
      return [
        ...opening,
        ...resume.around({ states, body: iteration, condition: decide, work }),
      ];
    }
    const i = `i${level}`;
    const most = known === null ? `most${text.functions.length}` : `${known}i`;
    return [
      ...opening,
      ...(counted && known === null ? this.#countLines(length!, most) : []),
      `for (var ${i} = 0i; ; ${i}++) {`,
      ...[
        ...(counted ? [`if (${i} >= ${most}) { break; }`] : []),
        `index${level} = ${i};`,
        ...(decide === null ? [] : [...decide, "if (workgroupUniformLoad(&go) == 0i) { break; }"]),
        ...iteration,
      ].map((line) => `  ${line}`),
      "}",
    ];
  }

  /** A count that is computed, the same for all invocations. */
  #countLines(length: Expression, name: string): string[] {
    const value = this.#options.text.value((node) => this.#leaf(node), {
      type: "i32",
      write: (emitter) => emitter.at(length, linearIndex([], "0u")),
    });
    return [
      `if (lane == 0u) { go = ${value}; }`,
      `let ${name} = workgroupUniformLoad(&go);`,
    ];
  }

  /** What a loop reads of this block, as tensors. */
  #readByLoop(node: Node<"loop">): readonly Expression[] {
    const { captured, initial, count: length } = splitInputs<Expression>(node, node.inputs);
    const all = [...(length === null ? [] : [length]), ...initial, ...captured];
    return [...new Set(all.flatMap((x) => this.#basesOf(x)))];
  }

  /** What is stored so that a body can compute an expression from it; what takes little is computed there each time. */
  #basesOf(node: Expression): readonly Expression[] {
    if (node.op === "loop" || this.#given(node) !== null) return [];
    if (node.op === "item" || this.#costOf(node) > CHEAP) return [node];
    return (node.inputs as readonly Expression[]).flatMap((x) => this.#basesOf(x));
  }

  /** Operations for one element, with those of what it is made of. */
  #costOf(node: Expression): number {
    if (node.op === "loop" || node.op === "item" || this.#given(node) !== null) return 0;
    let cost = this.#costs.get(node);
    if (cost === undefined) {
      const { cost: own, reads } = lowering(node);
      const inputs = (node.inputs as readonly Expression[]).map((x) => this.#costOf(x));
      cost = own(node as never) + reads(node as never) * inputs.reduce((a, b) => a + b, 0);
      this.#costs.set(node, cost);
    }
    return cost;
  }

  /** What was handed to this block, or is a tensor of constants. */
  #given(node: Expression): Leaf | null {
    const leaf = this.#options.leaf(node);
    if (leaf !== null) return leaf;
    if (node.op !== "constant" || node.shape.length === 0) return null;
    return { kind: "place", place: this.#options.text.options.constant(node) };
  }

  #leaf(node: Expression): Leaf | null {
    const given = this.#given(node);
    if (given !== null) return given;
    if (node.op === "item") {
      const unit = this.#units.madeBy.get(node as Expression) as LoopUnit | undefined;
      if (unit === undefined) return null;
      return { kind: "place", place: this.#states.get(unit)![node.attributes.index] };
    }
    const place = this.#places.get(node);
    return place === undefined ? null : { kind: "place", place };
  }

  /** What something of this block is to the body of a loop. */
  #leafOf(node: Expression): Leaf {
    return this.#leaf(node) ?? { kind: "expression", expression: node };
  }
}

/** The number of the step in which a unit is done. */
type StepOf = (unit: Unit) => number;

/**
 * Units in an order in which each comes as late as it can, so that what it makes lies in memory for a short while; of those
 * that could come at one time, first the short ones, which free what they read.
 */
function latestFirst(units: readonly Unit[]): Unit[] {
  const after = new Map<Unit, number>(units.map((unit) => [unit, 0]));
  for (const unit of [...units].reverse()) { // who needs a unit comes after it
    for (const need of unit.needs) {
      after.set(need, Math.max(after.get(need)!, after.get(unit)! + 1));
    }
  }
  const isLong = (unit: Unit): number => Number(unit.kind === "loop" || unit.heavy !== null);
  return [...units].sort((a, b) => after.get(b)! - after.get(a)! || isLong(a) - isLong(b));
}

/** The product that a group begins with, if it is one of matrices. */
function flatProduct({ heavy }: Group): Product | null {
  return heavy?.op === "matmul" && heavy.shape.length === 2 ? matrixProduct(heavy) : null;
}

function tensor(node: Expression): Pick<Place, "length" | "dtype"> {
  return { length: count(sizesOf(node)), dtype: node.dtype };
}
