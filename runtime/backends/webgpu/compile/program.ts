import { type Expression, type Program, rootsOfProgram } from "../../../../graph/mod.ts";
import type { FixedTensor } from "../../../onnx/mod.ts";
import { type Arena, type Place } from "../place.ts";
import type { Plan } from "../plan.ts";
import type { Leaf } from "../wgsl/emitter.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import { compileBlock, PlanParts, type Settings } from "./block.ts";

/** Where the states of a program lie: in one buffer before a run, in the other after it. */
export interface StatePlaces {
  readonly read: ReadonlyMap<string, Place>;
  readonly written: ReadonlyMap<string, Place>;
}

/** What a program is compiled with. */
export interface CompileOptions {
  readonly settings: Settings;
  readonly fixed: Readonly<Record<string, FixedTensor>>;
  readonly states: StatePlaces;
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
  const held = new Map(program.state.map(({ input }) => [input, states.read.get(nameOf(input))!]));
  for (const [input, place] of held) leaves.set(input, { kind: "place", place });
  const known = new Set(
    program.inputs.filter((x) =>
      !Object.hasOwn(fixed, nameOf(x)) &&
      sizesOf(x).reduce((a, b) => a * b, 1) <= HOST_ELEMENTS
    ),
  );
  const names = Object.keys(program.outputs);
  const roots = rootsOfProgram(program);
  const block = compileBlock({
    parts,
    leaves,
    kept: roots.slice(0, names.length),
    stores: program.state.map(({ input }, i) => ({
      node: roots[names.length + i],
      place: states.written.get(nameOf(input))!,
    })),
    level: 0,
    gate: null,
    host: (leaf) => known.has(leaf) ? leaf : null,
  });
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
    moves: program.state.length > 0,
  };
}

/** Name of an input. */
export function nameOf(input: Expression): string {
  return (input.attributes as { readonly name: string }).name;
}
