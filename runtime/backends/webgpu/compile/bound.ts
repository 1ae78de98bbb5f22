/** Programs with numbers in place of names of sizes. */
import {
  bindSizes,
  constant,
  type Expression,
  type Program,
  rootsOfProgram,
  simplify,
  substitute,
} from "../../../../graph/mod.ts";

/** A program in which symbolic sizes are numbers. */
export function withSizes(program: Program, sizes: Readonly<Record<string, number>>): Program {
  const bind = (x: Expression): Expression => bindSizes([x], sizes)[0];
  const roots = bindSizes(rootsOfProgram(program), sizes);
  return withRoots({ ...program, inputs: program.inputs.map(bind) }, roots, bind);
}

/** A program in which a count is a number. */
export function withCount(program: Program, count: Expression, value: number): Program {
  const map = new Map([[count, constant(value, [], "i32")]]);
  return withRoots(program, substitute(rootsOfProgram(program), map), (x) => x);
}

/** A program of the same values from fewer ops. */
export function simplified(program: Program): Program {
  return withRoots(program, simplify(rootsOfProgram(program)), (x) => x);
}

/** A program that computes other expressions under the same names. */
export function withRoots(
  program: Program,
  roots: readonly Expression[],
  bind: (x: Expression) => Expression,
): Program {
  const names = Object.keys(program.outputs);
  return {
    ...program,
    state: program.state.map(({ input }, i) => ({
      input: bind(input),
      next: roots[names.length + i],
    })),
    outputs: Object.fromEntries(names.map((name, i) => [name, roots[i]])),
  };
}
