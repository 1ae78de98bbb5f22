/** The text of a kernel: a function for each group, and an entry point that calls them by the workgroup's number. */
import type { Expression } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import type { Arena, Place } from "../place.ts";
import type { Binding, DispatchStep } from "../plan.ts";
import { Bindings, Emitter, type Leaves } from "../wgsl/emitter.ts";
import { linearIndex } from "../wgsl/index.ts";
import { libraryCode } from "../wgsl/library.ts";
import { lowering } from "../wgsl/lowerings.ts";
import type { Group } from "./units.ts";

/** What a group stores where. */
export interface Writes {
  readonly group: Group;
  readonly stores: readonly { readonly node: Expression; readonly place: Place }[];
}

/** What all kernels of a block share. */
export interface KernelOptions {
  readonly leaves: Leaves;
  /** Whether to run at all. */
  readonly gate: Arena | null;
  /** Invocations in a workgroup. */
  readonly lanes: number;
}

/** Workgroups on one axis of a dispatch at most, on every device. */
export const MOST_WORKGROUPS = 65535;

/** One function of a kernel. */
interface Function {
  readonly lines: readonly string[];
  readonly workgroups: number;
  readonly work: number;
}

/** A dispatch that computes groups which do not need each other. */
export function kernelOf(all: readonly Writes[], options: KernelOptions): DispatchStep {
  const { gate, lanes } = options;
  const writes = new Set(all.flatMap(({ stores }) => stores.map(({ place }) => place.arena)));
  const bindings = new Bindings(writes);
  const functions = all.map((one) => mapFunction(one, bindings, options));
  const arenas: Binding[] = [
    ...(gate === null ? [] : [{ arena: gate, access: "read" } as const]),
    ...[...bindings.read].map((arena) => ({ arena, access: "read" }) as const),
    ...[...bindings.written].map((arena) => ({ arena, access: "write" }) as const),
  ];
  const workgroups = functions.reduce((n, f) => n + f.workgroups, 0);
  const parts = [
    declarations(arenas, bindings.frame),
    ...libraryCode(bindings.uses),
    ...functions.map(({ lines }, i) =>
      [`fn part${i}(group: u32, lane: u32) {`, ...lines.map((line) => `  ${line}`), "}"].join("\n")
    ),
    entry(functions, { lanes, gate, workgroups }),
  ];
  return {
    kind: "dispatch",
    title: all.map(({ group }) => titleOf(group)).join("; "),
    code: parts.join("\n\n") + "\n",
    bindings: arenas,
    frame: bindings.frame,
    workgroups,
    work: functions.reduce((n, f) => n + f.work, 0),
  };
}

/** The ops of a group and its sizes. */
export function titleOf({ members, shape }: Group): string {
  const ops = members.length === 0 ? ["copy"] : members.map(({ op }) => op);
  return `${ops.join(", ")} [${shape.join(", ")}]`;
}

/** One invocation for each element. */
function mapFunction(
  { group, stores }: Writes,
  bindings: Bindings,
  { leaves, lanes }: KernelOptions,
): Function {
  const length = count(group.shape);
  const emitter = new Emitter(bindings, leavesWithout(leaves, group), lowering);
  const index = linearIndex(group.shape, "i");
  for (const { node, place } of stores) {
    const at = emitter.broadcast(index, node.shape as readonly number[]);
    emitter.line(bindings.store(place, "i", emitter.at(node, at)));
  }
  return {
    lines: [
      `let i = group * ${lanes}u + lane;`,
      `if (i >= ${length}u) { return; }`,
      ...emitter.lines,
    ],
    workgroups: Math.ceil(length / lanes),
    work: length * emitter.lines.length,
  };
}

/** Leaves of a group: what it computes itself is none. */
function leavesWithout(leaves: Leaves, { members }: Group): Leaves {
  const own = new Set(members);
  return (node) => own.has(node) ? null : leaves(node);
}

function declarations(arenas: readonly Binding[], frame: boolean): string {
  const lines = frame
    ? [
      "struct Frame { at: array<vec4<i32>, 2> }",
      "@group(0) @binding(0) var<uniform> frame: Frame;",
    ]
    : [];
  arenas.forEach(({ arena, access }, i) => {
    const mode = access === "read" ? "read" : "read_write";
    const binding = i + Number(frame);
    lines.push(
      `@group(0) @binding(${binding}) var<storage, ${mode}> ${arena.name}: array<${arena.type}>;`,
    );
  });
  return lines.join("\n");
}

function entry(
  functions: readonly Function[],
  { lanes, gate, workgroups }: { lanes: number; gate: Arena | null; workgroups: number },
): string {
  const wide = workgroups > MOST_WORKGROUPS;
  const lines = [
    `@compute @workgroup_size(${lanes})`,
    "fn main(@builtin(workgroup_id) at: vec3<u32>, @builtin(local_invocation_index) lane: u32) {",
    ...(gate === null ? [] : [`  if (${gate.name}[0] == 0i) { return; }`]),
    `  let group = ${wide ? `at.y * ${MOST_WORKGROUPS}u + at.x` : "at.x"};`,
  ];
  let from = 0;
  functions.forEach(({ workgroups: own }, i) => {
    const start = from;
    from += own;
    const call = `part${i}(group${start > 0 ? ` - ${start}u` : ""}, lane);`;
    const last = i === functions.length - 1 && !wide;
    const word = i === 0 ? "  " : " else ";
    if (functions.length === 1 && !wide) lines.push(`  ${call}`);
    else if (last) lines[lines.length - 1] += `${word}{ ${call} }`;
    else {
      const text = `if (group < ${from}u) { ${call} }`;
      if (i === 0) lines.push(`  ${text}`);
      else lines[lines.length - 1] += `${word}${text}`;
    }
  });
  lines.push("}");
  return lines.join("\n");
}
