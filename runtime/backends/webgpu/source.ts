import type { Program } from "../../../graph/mod.ts";
import { compileProgram } from "./compile/program.ts";
import { simplified, statePlaces, withSizes } from "./executable.ts";
import type { Step } from "./plan.ts";
import { WORD } from "./run/buffers.ts";

/** What every WebGPU device offers. Source: W3C, WebGPU, §3.6.2, default limits. */
const SETTINGS = { lanes: 64, mostWords: 2 ** 27 / WORD, mostBindings: 8 };

/**
 * The kernels that a program is compiled to, as WGSL with a comment above each. No GPU is needed.
 *
 * @param sizes Numbers for the program's symbolic sizes.
 */
export function sourceOf(program: Program, sizes: Readonly<Record<string, number>>): string {
  const bound = simplified(withSizes(program, sizes));
  const states = statePlaces(bound, { turn: 0 });
  const { steps } = compileProgram(bound, { settings: SETTINGS, fixed: {}, states });
  return textOf(steps).join("\n\n") + "\n";
}

function textOf(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    switch (step.kind) {
      case "dispatch":
        return [`// ${step.title}: ${step.workgroups} workgroups\n${step.code.trim()}`];
      case "loop":
        return [
          `// loop ${step.level} begins`,
          ...textOf(step.gate?.steps ?? []),
          ...textOf(step.body),
          `// loop ${step.level} ends`,
        ];
      default:
        return step satisfies never;
    }
  });
}
