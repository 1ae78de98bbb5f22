import type { Arena, Place } from "../place.ts";
import type { Binding, DispatchStep } from "../plan.ts";
import { Bindings } from "../wgsl/emitter.ts";

/** What the kernel of a gate reads and writes. */
export interface GateOptions {
  /** Whether to go on. */
  readonly go: Place;
  /** Iterations done. */
  readonly done: Place;
  /** The loop's condition. */
  readonly condition: Place;
  /** Whether the loop has a condition. */
  readonly conditional: boolean;
  /** The greatest number of iterations, if the device knows it alone. */
  readonly count: Place | null;
  readonly level: number;
  /** The gate of the loop around. */
  readonly outer: Arena | null;
}

/** Decides whether the next iteration runs: never again once one has not. */
export function gateKernel(options: GateOptions): DispatchStep {
  const { go, done, condition, conditional, count, level, outer } = options;
  const bindings = new Bindings(new Set([go.arena]));
  const index = bindings.level(level);
  const [going, iterations] = [bindings.load(go, "0u"), bindings.load(done, "0u")];
  const conditions = [
    `(${index} == 0i || ${going} == 1i)`,
    ...(conditional ? [bindings.load(condition, "0u")] : []),
    ...(count === null ? [] : [`${index} < ${bindings.load(count, "0u")}`]),
    ...(outer === null ? [] : [`${outer.name}[0] == 1i`]),
  ];
  const arenas: Binding[] = [
    ...(outer === null ? [] : [{ arena: outer, access: "read" } as const]),
    ...[...bindings.read].map((arena) => ({ arena, access: "read" }) as const),
    ...[...bindings.written].map((arena) => ({ arena, access: "write" }) as const),
  ];
  const declarations = arenas.map(({ arena, access }, i) =>
    `@group(0) @binding(${i + 1}) var<storage, ${
      access === "read" ? "read" : "read_write"
    }> ${arena.name}: array<${arena.type}>;`
  );
  return {
    kind: "dispatch",
    title: "gate",
    code: [
      "struct Frame { at: array<vec4<i32>, 2> }",
      "@group(0) @binding(0) var<uniform> frame: Frame;",
      ...declarations,
      "",
      "@compute @workgroup_size(1)",
      "fn main() {",
      `  let go = ${conditions.join(" && ")};`,
      `  let done = select(${iterations}, 0i, ${index} == 0i);`,
      `  ${bindings.store(done, "0u", "done + select(0i, 1i, go)")}`,
      `  ${bindings.store(go, "0u", "select(0i, 1i, go)")}`,
      "}",
      "",
    ].join("\n"),
    bindings: arenas,
    frame: true,
    workgroups: 1,
    work: 10,
  };
}
