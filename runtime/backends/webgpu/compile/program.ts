import {
  type Expression,
  type Node,
  type Program,
  rootsOfProgram,
  topological,
} from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import type { FixedTensor } from "../../../onnx/mod.ts";
import { type Arena, arenaOf, type Place, take } from "../place.ts";
import type { Plan } from "../plan.ts";
import type { Leaf } from "../wgsl/emitter.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import { compileBlock, PlanParts, type Settings, statesInPlace } from "./block.ts";

/** What a program is compiled with. */
export interface CompileOptions {
  readonly settings: Settings;
  readonly fixed: Readonly<Record<string, FixedTensor>>;
  /** Where states lie, by name. */
  readonly states: ReadonlyMap<string, Place>;
}

/** The greatest number of elements of an input that the host reads to know how often a loop runs. */
export const HOST_ELEMENTS = 64;

/** Compiles a program whose sizes are all numbers. */
export function compileProgram(program: Program, options: CompileOptions): Plan {
  const { settings, fixed, states } = options;
  const parts = new PlanParts(settings);
  const leaves = new Map<Expression, Leaf>();
  const inputs = new Map<string, Place>();
  for (const x of program.inputs) {
    const name = nameOf(x);
    const place = parts.give(x);
    leaves.set(x, { kind: "place", place });
    if (Object.hasOwn(fixed, name)) parts.filled.push({ place, data: fixed[name].data });
    else inputs.set(name, place);
  }
  const old = program.state.map(({ input }) => input);
  const places = old.map((input) => states.get(nameOf(input))!);
  old.forEach((input, i) => leaves.set(input, { kind: "place", place: places[i] }));
  const known = new Set(
    program.inputs.filter((x) => !Object.hasOwn(fixed, nameOf(x)) && isHostSized(x)),
  );
  const names = Object.keys(program.outputs);
  const roots = rootsOfProgram(program);
  const kept = roots.slice(0, names.length);
  const next = roots.slice(names.length);
  const shared = {
    ...{ parts, kept, level: 0 },
    host: (leaf: Expression) => known.has(leaf) ? leaf : null,
  };
  const held = mayStop(program)
    ? new Set<number>()
    : statesInPlace({ ...shared, leaves: leaves.keys(), stored: next, states: old });
  // What cannot be written over at once is set aside until all is done.
  const aside = arenaOf("aside", "f32");
  const stores = next.map((node, i) => ({
    node,
    place: held.has(i) ? places[i] : take(aside, places[i].length, "f32"),
  }));
  if (aside.size > 0) parts.arenas.add(aside);
  const block = compileBlock({ ...shared, leaves, stores, gate: null });
  const outputs = names.map((name, i) => ({
    name,
    place: block.placeOf(roots[i]),
    shape: roots[i].shape,
  }));
  const arenas = new Set<Arena>(parts.arenas);
  for (const { place } of outputs) arenas.add(place.arena);
  for (const { place } of parts.filled) arenas.add(place.arena);
  for (const place of inputs.values()) arenas.add(place.arena);
  return {
    steps: block.steps,
    arenas: [...arenas],
    filled: parts.filled,
    inputs,
    outputs,
    copies: stores
      .map(({ place }, i) => ({ from: place, to: places[i] }))
      .filter(({ from, to }) => from !== to),
  };
}

/**
 * Whether a run may find when it is under way that the rows of a loop outgrow the GPU, so that it is begun again elsewhere
 * and must leave states as they were: what comes before that loop may be done by then. One loop that alone moves all
 * states on and whose rows are counted before it begins, such as that of a training, has written none.
 */
function mayStop(program: Program): boolean {
  const open = topological(rootsOfProgram(program)).filter((node) =>
    node.op === "loop" && typeof node.attributes.length === "string"
  ) as readonly Expression[];
  const movesAll = ([loop]: readonly Expression[]): boolean =>
    (loop as Node<"loop">).attributes.body.condition === null &&
    program.state.every(({ next }) => next.op === "item" && next.inputs[0] === loop);
  return open.length > 0 && !(open.length === 1 && movesAll(open));
}

/** Whether an input is so small that the host reads it. */
export function isHostSized(input: Expression): boolean {
  return count(sizesOf(input)) <= HOST_ELEMENTS;
}

/** Whether an expression is made of sizes, constants and inputs that the host knows. */
export function hostKnows(y: Expression, known: readonly Expression[]): boolean {
  return topological([y]).every((node) => {
    const { op } = node;
    if (op === "input") return known.includes(node);
    return op !== "loop" && op !== "item" && op !== "random" && op !== "variable";
  });
}

/** Name of an input. */
export function nameOf(input: Expression): string {
  return (input.attributes as { readonly name: string }).name;
}
