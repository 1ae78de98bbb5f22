/** Compiles a block of expressions: a program, the body of a loop, or a loop's condition. */
import {
  type Expression,
  input,
  type Node,
  substitute,
  topological,
} from "../../../../graph/mod.ts";
import { splitInputs } from "../../../../graph/loop_body.ts";
import { count } from "../../../../graph/shape.ts";
import { openRowsError, UncoveredError } from "../errors.ts";
import { type Arena, arenaOf, type Pair, type Place, roomFor, take, WORDS } from "../place.ts";
import type { DispatchStep, Filled, Gate, LoopStep, Rows, Step } from "../plan.ts";
import type { Leaf } from "../wgsl/emitter.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import { gateKernel } from "./gate.ts";
import { type Readers, readsOf, rewriteInPlace } from "./in_place.ts";
import { kernelOf } from "./kernel.ts";
import { type Lifetime, Memory } from "./memory.ts";
import type { Layout, Writes } from "./part.ts";
import { split } from "./split.ts";
import {
  type Group,
  levelOf,
  type LoopUnit,
  type Store,
  type Unit,
  type Units,
  unitsOf,
} from "./units.ts";

/** What is settled for a whole plan. */
export interface Settings {
  readonly layout: Layout;
  /** Words in an arena at most. */
  readonly mostWords: number;
  /** Arenas in a kernel at most. */
  readonly mostBindings: number;
  /** Bytes of workgroup memory in a kernel at most. */
  readonly mostShared: number;
  /** Workgroups along an axis of a dispatch at most. */
  readonly mostWorkgroups: number;
}

/** What a whole plan collects while its blocks are compiled. */
export class PlanParts {
  readonly arenas: Set<Arena> = new Set<Arena>();
  readonly filled: Filled[] = [];
  readonly #given = { f32: arenaOf("given", "f32"), i32: arenaOf("giveni", "i32") };
  #givens = 1;
  readonly #constants = new Map<Expression, Place>();
  #names = 0;

  constructor(readonly settings: Settings) {}

  /** A number for names. */
  next(): number {
    return this.#names++;
  }

  /** A place that the host fills before a run. */
  give(node: Expression): Place {
    const type = WORDS[node.dtype];
    const length = count(sizesOf(node));
    const { size, name } = this.#given[type];
    if (size > 0 && size + roomFor(length) > this.settings.mostWords) {
      this.#given[type] = arenaOf(`${name.split("_")[0]}_${this.#givens++}`, type);
    }
    return take(this.#given[type], length, node.dtype);
  }

  /** Where a constant tensor lies. */
  constant(node: Expression & Node<"constant">): Place {
    let place = this.#constants.get(node);
    if (place === undefined) {
      this.#constants.set(node, place = this.give(node));
      this.filled.push({ place, data: node.attributes.data });
    }
    return place;
  }
}

/** What a block is and where it stands. */
export interface BlockOptions {
  readonly parts: PlanParts;
  /** What is handed in. */
  readonly leaves: ReadonlyMap<Expression, Leaf>;
  /** What is wanted until the end of the block. */
  readonly kept: readonly Expression[];
  readonly stores: readonly Store[];
  /** Loops around. */
  readonly level: number;
  readonly gate: Arena | null;
  /** What a leaf is to the host, if it knows it. */
  host(leaf: Expression): Expression | null;
}

/** A compiled block. */
export interface Block {
  readonly steps: readonly Step[];
  /** Where something kept lies. */
  placeOf(node: Expression): Place;
}

/** A loop on its way: where its states and results lie. */
interface OpenLoop {
  readonly unit: LoopUnit;
  readonly pair: Pair;
  readonly read: readonly Place[];
  readonly written: readonly Place[];
  /** For each collected value that is used, where a row is written. */
  readonly rows: readonly (Place | null)[];
  readonly dynamic: readonly Rows[];
  /** Results by their number. */
  readonly results: ReadonlyMap<number, Place>;
}

/** Compiles a block. */
export function compileBlock(options: BlockOptions): Block {
  return new BlockCompiler(options, `s${options.parts.next()}`).compile();
}

/** A block in which nothing has a place yet. */
export interface OpenBlock extends Omit<BlockOptions, "leaves" | "stores" | "gate"> {
  /** What is handed in. */
  readonly leaves: Iterable<Expression>;
  /** What is stored. */
  readonly stored: readonly Expression[];
  /** Old values of states, whose next ones are the first that are stored. */
  readonly states: readonly Expression[];
}

/** Which states of a block can be written where they are read, by number. */
export function statesInPlace(
  { stored, states, ...options }: OpenBlock,
): ReadonlySet<number> {
  const leaves = new Map<Expression, Leaf>(
    [...options.leaves].map((expression) => [expression, { kind: "expression", expression }]),
  );
  const stores = stored.map((node) => ({ node, place: NOWHERE }));
  const block = new BlockCompiler({ ...options, leaves, stores, gate: null }, "");
  const found = new Set<number>();
  states.forEach((leaf, k) => {
    if (!options.kept.includes(leaf) && block.rewrite(leaf, k)) found.add(k);
  });
  return found;
}

/** Where nothing is written. */
const NOWHERE: Place = take(arenaOf("nowhere", "f32"), 0, "f32");

class BlockCompiler {
  readonly #options: BlockOptions;
  readonly #units: Units;
  readonly #readers: Readers;
  readonly #memory: Memory;
  readonly #loops = new Map<LoopUnit, OpenLoop>();
  /** What was asked for, with its long sums cut up. */
  readonly #cut: ReadonlyMap<Expression, Expression>;

  /** @param name What the names of its memory begin with. */
  constructor(asked: BlockOptions, name: string) {
    const { parts } = asked;
    const roots = [...asked.kept, ...asked.stores.map(({ node }) => node)];
    this.#cut = split(roots, parts.settings.layout, (node) => asked.leaves.has(node));
    const options = {
      ...asked,
      kept: asked.kept.map((node) => this.#asked(node)),
      stores: asked.stores.map(({ node, place }) => ({ node: this.#asked(node), place })),
    };
    this.#options = options;
    this.#memory = new Memory(name, parts.settings.mostWords);
    this.#units = unitsOf({
      kept: options.kept,
      stores: options.stores,
      isLeaf: (node) => this.#given(node) !== null,
      readByLoop: (node) => this.#readByLoop(node),
    });
    this.#readers = {
      units: this.#units,
      isLeaf: (node) => options.leaves.has(node),
      readByLoop: (node) => this.#readByLoop(node),
    };
    const states = new Map<Place, Expression>();
    for (const [node, leaf] of options.leaves) {
      if (leaf.kind === "place") states.set(leaf.place, node);
    }
    options.stores.forEach(({ place }, i) => {
      const leaf = states.get(place);
      if (leaf === undefined || this.rewrite(leaf, i)) return;
      throw new Error(
        "Cannot write over an old value as it is read later, or elsewhere than it is written",
      );
    });
  }

  /** Has a store wait for all who read what lies there; whether that can be. */
  rewrite(leaf: Expression, store: number): boolean {
    return rewriteInPlace({ leaf, store: this.#options.stores[store] }, this.#readers);
  }

  compile(): Block {
    const waves = this.#waves();
    for (const wave of waves) {
      for (const unit of wave) {
        if (unit.kind === "loop") this.#loops.set(unit, this.#openLoop(unit));
      }
    }
    this.#plan(waves);
    const steps = waves.flatMap((wave): Step[] => {
      const groups = wave.filter((unit) => unit.kind === "group");
      const loops = wave.filter((unit) => unit.kind === "loop");
      return [...this.#dispatches(groups), ...loops.map((unit) => this.#compileLoop(unit))];
    });
    return { steps, placeOf: (node) => this.#placeOf(this.#asked(node)) };
  }

  #asked(node: Expression): Expression {
    return this.#cut.get(node) ?? node;
  }

  /** Units that do not need each other, one wave after the other. */
  #waves(): (Group | LoopUnit)[][] {
    const levels = new Map<Group | LoopUnit, number>();
    const waves: (Group | LoopUnit)[][] = [];
    for (const unit of this.#units.units) (waves[levelOf(unit, levels)] ??= []).push(unit);
    return waves;
  }

  #plan(waves: readonly (readonly (Group | LoopUnit)[])[]): void {
    const step = new Map(waves.flatMap((wave, i) => wave.map((unit) => [unit, i] as const)));
    const kept = new Set(this.#options.kept);
    const loaded = new Map<Group | LoopUnit, Expression[]>();
    for (const [node, units] of this.#units.loadedBy) {
      for (const unit of units) loaded.set(unit, [...loaded.get(unit) ?? [], node]);
    }
    const lifetimes: Lifetime[] = [];
    for (const wave of waves) {
      const beside = wave.flatMap((unit) => loaded.get(unit) ?? []);
      for (const unit of wave) {
        if (unit.kind === "loop") continue;
        for (const node of unit.members) {
          const loaders = [...this.#units.loadedBy.get(node) ?? []].map((user) => step.get(user)!);
          if (loaders.length === 0 && !kept.has(node)) continue;
          const to = kept.has(node) ? Infinity : Math.max(...loaders);
          lifetimes.push({ node, from: step.get(unit)!, to, beside });
        }
      }
    }
    this.#memory.plan(lifetimes);
  }

  /** One dispatch, or more where a kernel would bind too many arenas. */
  #dispatches(groups: readonly Group[]): DispatchStep[] {
    const { parts, gate } = this.#options;
    const { layout, mostWorkgroups } = parts.settings;
    const build = (list: readonly Writes[]): DispatchStep =>
      kernelOf(list, { leaves: (node) => this.#leaf(node), gate, layout, mostWorkgroups });
    const steps: DispatchStep[] = [];
    let open: Writes[] = [];
    let made: DispatchStep | null = null;
    for (const group of groups) {
      const own = group.members.flatMap((node) => {
        const place = this.#memory.get(node);
        return place === undefined ? [] : [{ node, place }];
      });
      const stores = [...own, ...group.stores].filter(({ node, place }) =>
        place.length > 0 && (own.some((one) => one.node === node) || !this.#isAt(node, place))
      );
      if (stores.length === 0) continue;
      const next = build([...open, { group, stores }]);
      if (made !== null && (!layout.merged || excess(next, parts.settings) !== null)) {
        steps.push(made);
        open = [{ group, stores }];
        made = build(open);
      } else {
        open.push({ group, stores });
        made = next;
      }
      const more = excess(made, parts.settings);
      if (more !== null) throw new UncoveredError(`${made.title}, which takes ${more}`);
    }
    if (made !== null) steps.push(made);
    for (const { bindings } of steps) for (const { arena } of bindings) parts.arenas.add(arena);
    return steps;
  }

  /** Whether something lies at a place already. */
  #isAt(node: Expression, place: Place): boolean {
    const leaf = this.#leaf(node);
    return leaf?.kind === "place" && leaf.place === place;
  }

  #compileLoop(unit: LoopUnit): LoopStep {
    const { node } = unit;
    const { parts, level, gate: outer } = this.#options;
    const { body, counted } = node.attributes;
    const open = this.#loops.get(unit)!;
    const { captured, initial, count: length } = splitInputs<Expression>(node, node.inputs);
    const hostCount = length === null ? null : this.#host(length);
    const dynamic = body.condition !== null || (counted && hostCount === null);

    const leaves = new Map<Expression, Leaf>([[body.index, { kind: "index", level }]]);
    body.state.forEach((x, k) => leaves.set(x, { kind: "place", place: open.read[k] }));
    body.captured.forEach((x, k) => leaves.set(x, this.#leafOf(captured[k])));
    const shared = { parts, leaves, level: level + 1, host: this.#hostIn(unit) };
    const gate = dynamic ? arenaOf(`gate${parts.next()}`, "i32") : null;
    const stores = [
      ...body.next.map((next, k) => ({ node: next, place: open.written[k] })),
      ...body.collect.flatMap((row, k) => {
        const place = open.rows[k];
        return place === null ? [] : [{ node: row, place }];
      }),
    ];
    const inner = compileBlock({ ...shared, kept: [], stores, gate: gate ?? outer });
    return {
      kind: "loop",
      level,
      node,
      count: hostCount,
      copies: initial
        .map((x, k) => ({ from: this.#placeOf(x), to: open.read[k] }))
        .filter(({ from, to }) => from !== to),
      pair: open.pair,
      body: inner.steps,
      gate: gate === null ? null : this.#gate(gate, body.condition, {
        ...shared,
        count: length !== null && hostCount === null ? this.#placeOf(length) : null,
      }),
      iterations: open.results.get(body.next.length + body.collect.length) ?? null,
      rows: open.dynamic,
    };
  }

  /** What the host knows in the body of a loop. */
  #hostIn({ node }: LoopUnit): BlockOptions["host"] {
    const { body } = node.attributes;
    const { captured } = splitInputs<Expression>(node, node.inputs);
    return (leaf) => {
      if (leaf === body.index) return input(indexName(this.#options.level), [], "i32");
      const place = body.captured.indexOf(leaf);
      return place < 0 ? null : this.#host(captured[place]);
    };
  }

  /** States of a loop that its body can write where it reads them, by number. */
  #heldBy(unit: LoopUnit): ReadonlySet<number> {
    const { body } = unit.node.attributes;
    const collected = body.collect.filter((_, k) => unit.used.has(body.next.length + k));
    return statesInPlace({
      ...{ parts: this.#options.parts, level: this.#options.level + 1, host: this.#hostIn(unit) },
      leaves: [body.index, ...body.state, ...body.captured],
      ...{ kept: [], stored: [...body.next, ...collected], states: body.state },
    });
  }

  /**
   * Where a loop may keep a state from the start, so that nothing is copied: where that of this block lies which it
   * carries on and nobody else reads any more.
   */
  #lentTo(unit: LoopUnit, number: number): Place | null {
    const { initial } = splitInputs<Expression>(unit.node, unit.node.inputs);
    const before = initial[number];
    const leaf = this.#options.leaves.get(before);
    if (leaf?.kind !== "place") return null;
    const isOwn = ({ node, place }: Store): boolean =>
      place === leaf.place && node.op === "item" && this.#units.madeBy.get(node) === unit &&
      node.attributes.index === number;
    const readOnce = this.#readByLoop(unit.node).filter((x) => x === before).length === 1;
    if (!readOnce || !this.#options.stores.some(isOwn)) return null;
    const known = new Map<Unit, number>();
    const level = levelOf(unit, known);
    const late = this.#units.units.some((other) =>
      other !== unit && levelOf(other, known) >= level && readsOf(other, this.#readers).has(before)
    );
    return late ? null : leaf.place;
  }

  /** What decides on the device whether an iteration runs. */
  #gate(
    arena: Arena,
    condition: Expression | null,
    { count, ...shared }:
      & Pick<BlockOptions, "parts" | "leaves" | "level" | "host">
      & { readonly count: Place | null },
  ): Gate {
    const { parts, gate: outer } = this.#options;
    const word = (): Place => take(arena, 1, "i32");
    const places = { go: word(), done: word(), condition: { ...word(), dtype: "bool" as const } };
    parts.arenas.add(arena);
    const before = condition === null ? [] : compileBlock({
      ...shared,
      kept: [],
      stores: [{ node: condition, place: places.condition }],
      gate: null,
    }).steps;
    const decide = gateKernel({
      ...places,
      level: shared.level - 1,
      outer,
      count,
      conditional: condition !== null,
    });
    for (const { arena } of decide.bindings) parts.arenas.add(arena);
    return { arena, words: [places.go, places.done], steps: [...before, decide] };
  }

  #openLoop(unit: LoopUnit): OpenLoop {
    const { parts } = this.#options;
    const { body, length } = unit.node.attributes;
    const id = parts.next();
    const pair: Pair = { turn: 0 };
    const arenas = (name: string, turns: Arena["turns"]) => ({
      f32: arenaOf(name, "f32", turns),
      i32: arenaOf(`${name}i`, "i32", turns),
    });
    const from = arenas(`loop${id}`, { pair, side: "read" });
    const to = arenas(`next${id}`, { pair, side: "written" });
    const one = arenas(`held${id}`, null);
    const held = this.#heldBy(unit);
    const places = body.state.map((x, k) => {
      const placeIn = (side: typeof from): Place =>
        take(side[WORDS[x.dtype]], count(sizesOf(x)), x.dtype);
      if (!held.has(k)) return { read: placeIn(from), written: placeIn(to) };
      const place = this.#lentTo(unit, k) ?? placeIn(one);
      return { read: place, written: place };
    });
    const [read, written] = [places.map((x) => x.read), places.map((x) => x.written)];
    for (const place of [...read, ...written]) parts.arenas.add(place.arena);

    const results = new Map<number, Place>();
    read.forEach((place, k) => results.set(k, place));
    const together = { f32: arenaOf(`rows${id}`, "f32"), i32: arenaOf(`rows${id}i`, "i32") };
    const dynamic: Rows[] = [];
    const rows = body.collect.map((x, k) => {
      const result = body.next.length + k;
      if (!unit.used.has(result)) return null;
      const type = WORDS[x.dtype];
      const row = count(sizesOf(x));
      const open = typeof length === "string";
      if (open && this.#options.level > 0) throw openRowsError();
      const arena = open ? arenaOf(`rows${id}n${k}`, type) : together[type];
      const whole = open ? 0 : (length as number) * row;
      const place: Place = {
        arena,
        offset: arena.size,
        length: whole,
        dtype: x.dtype,
        level: null,
      };
      arena.size += roomFor(whole);
      if (open) dynamic.push({ arena, row });
      results.set(result, place);
      parts.arenas.add(arena);
      return { ...place, length: row, level: this.#options.level };
    });
    const iterations = body.next.length + body.collect.length;
    if (unit.used.has(iterations)) {
      const arena = arenaOf(`count${id}`, "i32");
      parts.arenas.add(arena);
      results.set(iterations, take(arena, 1, "i32"));
    }
    return { unit, pair, read, written, rows, dynamic, results };
  }

  /** What a loop reads of this block, as tensors. */
  #readByLoop(node: Node<"loop">): readonly Expression[] {
    const { captured, initial, count } = splitInputs<Expression>(node, node.inputs);
    const device = count !== null && this.#host(count) === null ? [count] : [];
    return [...device, ...initial, ...captured].filter((x) => x.op !== "loop");
  }

  /** What was handed to this block, or is a tensor of constants. */
  #given(node: Expression): Leaf | null {
    const leaf = this.#options.leaves.get(node);
    if (leaf !== undefined) return leaf;
    if (node.op !== "constant" || node.shape.length === 0) return null;
    return { kind: "place", place: this.#options.parts.constant(node) };
  }

  #leaf(node: Expression): Leaf | null {
    const given = this.#given(node);
    if (given !== null) return given;
    const place = node.op === "item" ? this.#itemPlace(node) : this.#memory.get(node);
    return place === undefined ? null : { kind: "place", place };
  }

  #itemPlace(node: Node<"item">): Place | undefined {
    const unit = this.#units.madeBy.get(node as Expression) as LoopUnit;
    return this.#loops.get(unit)?.results.get(node.attributes.index);
  }

  /** What something of this block is to the body of a loop. */
  #leafOf(node: Expression): Leaf {
    const leaf = this.#leaf(node);
    if (leaf !== null) return leaf;
    if ((node.inputs as readonly Expression[]).length === 0) {
      return { kind: "expression", expression: node };
    }
    return { kind: "place", place: this.#placeOf(node) };
  }

  #placeOf(node: Expression): Place {
    const leaf = this.#leaf(node);
    if (leaf?.kind === "place") {
      if (leaf.place.arena.name.startsWith("given")) {
        this.#options.parts.arenas.add(leaf.place.arena);
      }
      return leaf.place;
    }
    throw new Error(`Cannot find where a ${node.op} lies`);
  }

  /** The expression of what the host knows that an expression is, or null. */
  #host(node: Expression): Expression | null {
    const map = new Map<Expression, Expression>();
    for (const leaf of topological([node])) {
      const { op } = leaf;
      if (op === "loop" || op === "item" || op === "random") return null;
      const handedIn = op === "input" || op === "variable";
      if (!handedIn) continue;
      const known = this.#options.host(leaf);
      if (known === null) return null;
      map.set(leaf, known);
    }
    return substitute([node], map)[0];
  }
}

/** What a kernel takes more of than a GPU has, in words; null if it has enough. */
function excess(step: DispatchStep, most: Settings): string | null {
  const { bindings, shared, workgroups } = step;
  const beyond = (what: string, found: number, limit: number): string | null =>
    found <= limit
      ? null
      : `${found} ${what}, more than the ${limit} that this GPU has for a kernel`;
  return beyond("buffers", bindings.length, most.mostBindings) ??
    beyond("bytes of workgroup memory", shared ?? 0, most.mostShared) ??
    beyond("workgroups", workgroups, most.mostWorkgroups ** 2);
}

/** Name of the input that stands for the index of the loop at a level, where the host computes. */
export function indexName(level: number): string {
  return `@index${level}`;
}
