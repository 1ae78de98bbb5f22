/** The loop of a program over rows: some iterations in a dispatch, its states in storage in between. */
import {
  type Expression,
  type Node,
  type Program,
  rootsOfProgram,
  topological,
} from "../../../../../graph/mod.ts";
import { rootsOf, splitInputs } from "../../../../../graph/loop_body.ts";
import { count } from "../../../../../graph/shape.ts";
import { type Arena, asWords, type Place } from "../../place.ts";
import { lowering } from "../../wgsl/lowerings.ts";
import { sizesOf } from "../../wgsl/sizes.ts";
import type { ResumedLoop } from "./block.ts";
import { told } from "./frame.ts";
import type { TileText } from "./text.ts";

/** The loop that takes longest of those that a program, whose sizes are numbers, is made of; null if there is none. */
export function longestLoop(program: Program): Node<"loop"> | null {
  const loops = topological(rootsOfProgram(program)).filter((node) => node.op === "loop");
  return loops.reduce<Node<"loop"> | null>(
    (longest, loop) => longest !== null && workOf(longest) >= workOf(loop) ? longest : loop,
    null,
  );
}

/** Iterations of a loop whose count is not a constant, to compare it with others. */
const TYPICAL = 100;

function workOf(loop: Node<"loop">): number {
  const { count: length } = splitInputs<Expression>(loop, loop.inputs);
  const times = length?.op === "constant" ? length.attributes.data[0] : TYPICAL;
  return times *
    topological(rootsOf(loop.attributes.body)).reduce(
      (sum, node) =>
        sum + (node.op === "loop" ? workOf(node) : lowering(node).cost(node as never) *
          count(sizesOf(node))),
      0,
    );
}

/** What a loop is put together with. */
export interface ResumeOptions {
  readonly text: TileText;
  /** A place for a tensor of all rows. */
  readonly keep: (place: Place) => Place;
  /** Where each tile says whether it is still on its way. */
  readonly alive: Arena;
}

/** Statements that bring a loop's states back, do its iterations, and put the states away unless it has ended. */
export function resumed(
  { states, body, condition }: ResumedLoop,
  { text, keep, alive }: ResumeOptions,
): string[] {
  const { bindings } = text;
  const kept = states.map((place) => ({ local: asWords(place), away: asWords(keep(place)) }));
  const each = (statement: (i: string, k: number) => string): string =>
    text.call(
      () => null,
      (emitter) =>
        kept.forEach(({ local }, k) =>
          text.each(emitter, local.length, (i) => emitter.line(statement(i, k)))
        ),
    );
  const restore = each((i, k) =>
    bindings.store(kept[k].local, i, bindings.loadOfAll(kept[k].away, i))
  );
  const save = each((i, k) => bindings.store(kept[k].away, i, bindings.load(kept[k].local, i)));
  if (condition !== null) bindings.written.add(alive);
  const mark = (value: string): string[] =>
    condition === null ? [] : [`if (lane == 0u) { ${alive.name}[group] = ${value}; }`];
  return [
    `if (${told("first")} > 0i) {`,
    ...(condition === null ? [] : [
      `  if (lane == 0u) { go = ${alive.name}[group]; }`,
      "  if (workgroupUniformLoad(&go) == 0i) { return; }",
    ]),
    `  ${restore}`,
    "  workgroupBarrier();",
    "}",
    `var ended = ${told("last")} == 1i;`,
    `for (var i0 = ${told("first")}; i0 < ${told("until")}; i0++) {`,
    ...[
      "index0 = i0;",
      ...(condition === null ? [] : [
        ...condition,
        "if (workgroupUniformLoad(&go) == 0i) { ended = true; break; }",
      ]),
      ...body,
    ].map((line) => `  ${line}`),
    "}",
    "if (!ended) {",
    ...[save, ...mark("1i"), "return;"].map((line) => `  ${line}`),
    "}",
    ...mark("0i"),
  ];
}
