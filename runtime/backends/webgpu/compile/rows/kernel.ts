/** The text of a kernel over rows. */
import type { Binding, DispatchStep } from "../../plan.ts";
import type { Arena } from "../../place.ts";
import { libraryCode } from "../../wgsl/library.ts";
import { declarations } from "../kernel.ts";
import { told } from "./frame.ts";
import type { TileText } from "./text.ts";

/** What a kernel over rows is. */
export interface RowsKernelOptions {
  readonly title: string;
  readonly tiles: number;
  /** Workgroups along an axis of a dispatch at most. */
  readonly mostWorkgroups: number;
  /** Operations besides those of the iterations of its loop, roughly. */
  readonly work: number;
}

/** A dispatch in which each workgroup executes the lines for its tile. */
export function rowsKernel(
  text: TileText,
  lines: readonly string[],
  { title, tiles, mostWorkgroups, work }: RowsKernelOptions,
): DispatchStep {
  const { bindings, options: { lanes } } = text;
  bindings.frame = true;
  const arenas: Binding[] = [
    ...[...bindings.read].filter((arena) => !bindings.written.has(arena)).map(reading),
    ...[...bindings.fours].map((arena) => ({ ...reading(arena), fours: true })),
    ...[...bindings.written].map((arena) => ({ arena, access: "write" }) as const),
  ];
  const { f32, i32 } = bindings.tile;
  const across = tiles > mostWorkgroups ? mostWorkgroups : undefined;
  const code = [
    declarations(arenas, bindings),
    [
      ...(f32.size > 0 ? [`var<workgroup> tile: array<vec4<f32>, ${f32.size / 4}>;`] : []),
      ...(i32.size > 0 ? [`var<workgroup> tilei: array<i32, ${i32.size}>;`] : []),
      "var<workgroup> go: i32;",
      ...["first", "total", "room"].map((name) => `var<private> ${name}: u32;`),
      ...Array.from({ length: text.levels }, (_, i) => `var<private> index${i}: i32;`),
    ].join("\n"),
    ...libraryCode(bindings.uses),
    ...text.functions,
    [
      `@compute @workgroup_size(${lanes})`,
      "fn main(@builtin(workgroup_id) at: vec3<u32>, @builtin(local_invocation_index) lane: u32) {",
      ...[
        `let group = u32(${told("tile")}) + ${
          across === undefined ? "at.x" : `at.y * ${across}u + at.x`
        };`,
        ...(across === undefined ? [] : [`if (group >= u32(${told("beyond")})) { return; }`]),
        `first = group * ${bindings.rows}u;`,
        `total = u32(${told("total")});`,
        `room = u32(${told("room")});`,
        ...lines,
      ].map((line) => `  ${line}`),
      "}",
    ].join("\n"),
  ];
  return {
    kind: "dispatch",
    title,
    code: code.join("\n\n") + "\n",
    bindings: arenas,
    frame: true,
    workgroups: tiles,
    across,
    shared: bindings.sharedBytes,
    work,
  };
}

function reading(arena: Arena): Binding {
  return { arena, access: "read" };
}
