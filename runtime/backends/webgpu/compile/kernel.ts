/** The text of a kernel: a function for each group, and an entry point that calls them by the workgroup's number. */
import type { Expression } from "../../../../graph/mod.ts";
import type { Arena } from "../place.ts";
import type { Binding, DispatchStep } from "../plan.ts";
import { Bindings, type Leaves } from "../wgsl/emitter.ts";
import { libraryCode } from "../wgsl/library.ts";
import { argMaxPart } from "./arg_max.ts";
import { contractionPart } from "./contraction.ts";
import {
  convolutionInputProduct,
  convolutionProduct,
  convolutionWeightProduct,
} from "./convolution.ts";
import { mapPart } from "./map.ts";
import type { Layout, Part, Writes } from "./part.ts";
import { matrixProduct, type Product } from "./product.ts";
import { partners, reductionPart } from "./reduction.ts";
import { scanPart } from "./scan.ts";
import { scatterPart } from "./scatter.ts";
import type { Group } from "./units.ts";

/** What all kernels of a block share. */
export interface KernelOptions {
  readonly leaves: Leaves;
  /** Whether to run at all. */
  readonly gate: Arena | null;
  readonly layout: Layout;
  /** Workgroups along an axis of a dispatch at most. */
  readonly mostWorkgroups: number;
}

/** A dispatch that computes groups which do not need each other. */
export function kernelOf(all: readonly Writes[], options: KernelOptions): DispatchStep {
  const { gate, layout: { lanes }, mostWorkgroups } = options;
  const writes = new Set(all.flatMap(({ stores }) => stores.map(({ place }) => place.arena)));
  const bindings = new Bindings(writes);
  const functions = all.map((one) => partOf(one, bindings, options));
  const arenas: Binding[] = [
    ...(gate === null ? [] : [{ arena: gate, access: "read" } as const]),
    ...[...bindings.read].map((arena) => ({ arena, access: "read" }) as const),
    ...[...bindings.fours].map((arena) => ({ arena, access: "read", fours: true }) as const),
    ...[...bindings.written].map((arena) => ({ arena, access: "write" }) as const),
  ];
  const workgroups = functions.reduce((n, f) => n + f.workgroups, 0);
  const across = workgroups > mostWorkgroups ? mostWorkgroups : undefined;
  const parts = [
    declarations(arenas, bindings),
    ...libraryCode(bindings.uses),
    ...functions.map(({ lines }, i) =>
      [`fn part${i}(group: u32, lane: u32) {`, ...lines.map((line) => `  ${line}`), "}"].join("\n")
    ),
    entry(functions, { lanes, gate, across }),
  ];
  return {
    kind: "dispatch",
    title: all.map(({ group }) => titleOf(group)).join("; "),
    code: parts.join("\n\n") + "\n",
    bindings: arenas,
    frame: bindings.frame,
    workgroups,
    across,
    shared: 4 * (bindings.shared.f32 + bindings.shared.i32 + bindings.shared.flags),
    work: functions.reduce((n, f) => n + f.work, 0),
  };
}

/** The ops of a group and its sizes. */
export function titleOf({ members, shape }: Group): string {
  const ops = members.length === 0 ? ["copy"] : members.map(({ op }) => op);
  return `${ops.join(", ")} [${shape.join(", ")}]`;
}

/** The function of a group, by what it begins with. */
function partOf(writes: Writes, bindings: Bindings, { leaves, layout }: KernelOptions): Part {
  const { group } = writes;
  const options = { ...writes, bindings, leaves: leavesWithout(leaves, group), layout };
  const product = productOf(group.heavy);
  if (product !== null) return contractionPart(options, product);
  switch (group.heavy?.op) {
    case "argMax":
      return argMaxPart(options, group.heavy);
    case "scatterAdd":
      return scatterPart(options, group.heavy);
    case "cumulativeSum":
      return scanPart(options, group.heavy);
    default: {
      const share = partners(group.heavy, layout.lanes);
      return share > 1 ? reductionPart(options, share) : mapPart(options);
    }
  }
}

/** The product that a group begins with, if it is one. */
function productOf(node: Expression | null): Product | null {
  switch (node?.op) {
    case "matmul":
      return matrixProduct(node);
    case "convolution":
      return convolutionProduct(node);
    case "convolutionInput":
      return convolutionInputProduct(node);
    case "convolutionWeight":
      return convolutionWeightProduct(node);
    default:
      return null;
  }
}

/** Leaves of a group: what it computes itself is none. */
function leavesWithout(leaves: Leaves, { members }: Group): Leaves {
  const own = new Set(members);
  return (node) => own.has(node) ? null : leaves(node);
}

/** What a kernel binds, and the workgroup memory of its functions. */
export function declarations(
  arenas: readonly Binding[],
  { frame, shared }: Pick<Bindings, "frame" | "shared">,
): string {
  const lines = frame
    ? [
      "struct Frame { at: array<vec4<i32>, 2> }",
      "@group(0) @binding(0) var<uniform> frame: Frame;",
    ]
    : [];
  arenas.forEach(({ arena, access, fours }, i) => {
    const mode = access === "read" ? "read" : "read_write";
    const binding = i + Number(frame);
    const [name, type] = fours
      ? [`${arena.name}_4`, "vec4<f32>"]
      : [arena.name, arena.type as string];
    lines.push(`@group(0) @binding(${binding}) var<storage, ${mode}> ${name}: array<${type}>;`);
  });
  if (shared.f32 > 0) lines.push(`var<workgroup> shared_: array<f32, ${shared.f32}>;`);
  if (shared.i32 > 0) lines.push(`var<workgroup> sharedi_: array<i32, ${shared.i32}>;`);
  if (shared.flags > 0) {
    lines.push(`var<workgroup> flags_: array<atomic<u32>, ${shared.flags}>;`);
  }
  return lines.join("\n");
}

function entry(
  functions: readonly Part[],
  { lanes, gate, across }: { lanes: number; gate: Arena | null; across: number | undefined },
): string {
  const wide = across !== undefined;
  const lines = [
    `@compute @workgroup_size(${lanes})`,
    "fn main(@builtin(workgroup_id) at: vec3<u32>, @builtin(local_invocation_index) lane: u32) {",
    ...(gate === null ? [] : [`  if (${gate.name}[0] == 0i) { return; }`]),
    `  let group = ${wide ? `at.y * ${across}u + at.x` : "at.x"};`,
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
