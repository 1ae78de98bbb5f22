/** What a program is compiled to, as text: made without a GPU. */
import type { Program } from "../../../graph/mod.ts";
import { withSizes } from "./compile/bound.ts";
import { LAYOUTS } from "./compile/layouts.ts";
import type { Layout } from "./compile/part.ts";
import { compileProgram } from "./compile/program.ts";
import { rowsPlannerOf } from "./compile/rows/planner.ts";
import { stageOf } from "./compile/stages.ts";
import { statePlaces } from "./compile/states.ts";
import type { DispatchStep, Plan, Step } from "./plan.ts";

/** The limits that every GPU keeps to. */
const LEAST_LIMITS = {
  mostWords: 2 ** 25,
  mostBindings: 8,
  mostShared: 16_384,
  mostWorkgroups: 65_535,
};

/** What is listed. */
export interface ListingOptions {
  /** Numbers for the program's sizes. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** How kernels are laid out; by default as on a GPU. */
  readonly layout?: Layout;
}

/**
 * The plan of a program of these sizes.
 *
 * @throws {RangeError} If a size is left that only running the program tells.
 */
export function planFor(program: Program, options: ListingOptions = {}): Plan {
  const sizes = options.sizes ?? {};
  const settings = { layout: options.layout ?? LAYOUTS.hardware, ...LEAST_LIMITS };
  const whole = rowsPlannerOf(program, { settings, fixed: {} })?.planFor(sizes) ?? null;
  if (whole !== null) return whole;
  const stage = stageOf(withSizes(program, sizes), () => true);
  if (stage.kind !== "whole") {
    throw new RangeError(`Cannot list ${program.name} as a size is known only when it runs`);
  }
  return compileProgram(stage.program, {
    settings,
    fixed: {},
    states: statePlaces(stage.program),
  });
}

/** The kernels of a program in their order, each under the groups that it computes. */
export function listing(program: Program, options: ListingOptions = {}): string {
  const lines: string[] = [];
  const visit = (steps: readonly Step[], where: string): void => {
    steps.forEach((step, i) => {
      const number = `${where}${i + 1}`;
      if (step.kind === "dispatch") return lines.push(...kernelText(step, number));
      if (step.kind === "rows") return lines.push(...kernelText(step.kernel, number));
      const own = counted(dispatches(step.body), "dispatch", "dispatches");
      lines.push(`// ${number}. loop: ${own} an iteration`, "");
      visit([...step.gate?.steps ?? [], ...step.body], `${number}.`);
    });
  };
  const { steps } = planFor(program, options);
  lines.push(`// ${program.name}`);
  visit(steps, "");
  return lines.join("\n");
}

/** Dispatches of steps, loops inside them not counted. */
export function dispatches(steps: readonly Step[]): number {
  return steps.filter(({ kind }) => kind === "dispatch").length;
}

function kernelText({ title, workgroups, code }: DispatchStep, number: string): string[] {
  const groups = title.split("; ").map((group) => `//   ${group}`);
  return [`// ${number}. ${counted(workgroups, "workgroup", "workgroups")}`, ...groups, code];
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
