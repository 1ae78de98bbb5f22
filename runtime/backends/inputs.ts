/** What a program is handed, checked alike by every backend. */
import { bindSizes, type Expression, type Program, rootsOfProgram } from "../../graph/mod.ts";
import type { RunTensor } from "./backend.ts";

/** The name of an input. */
export function inputName(input: Expression): string {
  return (input.attributes as { readonly name: string }).name;
}

/**
 * The tensor for an input of a program.
 *
 * @throws {RangeError} If there is none, or it does not fit.
 */
export function fitting(
  program: Program,
  expected: Expression,
  tensor: RunTensor | undefined,
): RunTensor {
  const name = inputName(expected);
  if (tensor === undefined) {
    throw new RangeError(
      `Cannot run ${program.name} without the input ${name} of shape [${expected.shape}]`,
    );
  }
  const { shape } = tensor;
  const fits = shape.length === expected.shape.length &&
    expected.shape.every((dim, i) => typeof dim === "string" || dim === shape[i]);
  if (fits) return tensor;
  throw new RangeError(
    `Cannot run ${program.name} as ${name} has shape [${expected.shape}]: found [${shape}]`,
  );
}

/** @throws {RangeError} Always: a state that was never written has no value. */
export function unwritten(program: Program, state: Expression): never {
  throw new RangeError(
    `Cannot run ${program.name} before its state is written: ${inputName(state)} is missing`,
  );
}

/**
 * The state of a program that has this name.
 *
 * @throws {RangeError} If there is none.
 */
export function stateNamed(program: Program, name: string): Expression {
  const found = program.state.find(({ input }) => inputName(input) === name);
  if (found !== undefined) return found.input;
  throw new RangeError(
    `Cannot write the state ${name} of ${program.name}: it has ${
      program.state.map(({ input }) => inputName(input)).join(", ")
    }`,
  );
}

/** @throws {TypeError} If a state is not f32. */
export function checkStates(program: Program): void {
  for (const { input } of program.state) {
    if (input.dtype === "f32") continue;
    throw new TypeError(
      `Cannot load ${program.name} as states are f32: ${inputName(input)} is ${input.dtype}`,
    );
  }
}

/** A program in which symbolic sizes are numbers. */
export function withSizes(program: Program, sizes: Readonly<Record<string, number>>): Program {
  const bind = (x: Expression): Expression => bindSizes([x], sizes)[0];
  const roots = bindSizes(rootsOfProgram(program), sizes);
  const names = Object.keys(program.outputs);
  return {
    name: program.name,
    inputs: program.inputs.map(bind),
    state: program.state.map(({ input }, i) => ({
      input: bind(input),
      next: roots[names.length + i],
    })),
    outputs: Object.fromEntries(names.map((name, i) => [name, roots[i]])),
  };
}
