/** Programs cut where a size is known only at run time: by a count that is handed in, or by a loop that ends. */
import {
  type Expression,
  input,
  type Node,
  type Program,
  rootsOfProgram,
  substitute,
  topological,
} from "../../../../graph/mod.ts";
import { build } from "../../../../graph/expression.ts";
import { count } from "../../../../graph/shape.ts";
import { simplified, withCount, withRoots, withSizes } from "./bound.ts";
import { HOST_ELEMENTS } from "./program.ts";

/** What is to be run next, and what then. */
export type Stage =
  /** All sizes are known. */
  | { readonly kind: "whole"; readonly program: Program }
  /** The host computes how often a loop runs. */
  | {
    readonly kind: "count";
    readonly count: Expression;
    readonly rest: (length: number) => Program;
  }
  /** Loops are run to know how often they do. */
  | {
    readonly kind: "wait";
    readonly program: Program;
    /** Outputs that the rest takes as inputs. */
    readonly results: readonly string[];
    /** The output that is the number of iterations. */
    readonly length: string;
    readonly rest: (length: number) => Program;
  };

/**
 * The first stage of a program the sizes of whose inputs are numbers.
 *
 * @param isHanded Whether an input is handed in at each run.
 */
export function stageOf(bound: Program, isHanded: (input: Expression) => boolean): Stage {
  const program = simplified(bound);
  const open = firstOpenLoop(program, isHanded);
  if (open === null) return { kind: "whole", program };
  const { counted, body } = open.attributes;
  const length = counted ? open.inputs[0] : null;
  if (length !== null && body.condition === null && isHostKnown(length, isHanded)) {
    return { kind: "count", count: length, rest: (n) => withCount(program, length, n) };
  }
  return waitFor(program, open);
}

/** The part of a program up to loops whose length only running them tells, and the rest. */
function waitFor(program: Program, open: Node<"loop">): Stage {
  const name = open.attributes.length as string;
  const roots = rootsOfProgram(program);
  const items = topological(roots).filter((node): node is Expression & Node<"item"> =>
    node.op === "item" && (node.inputs[0] as Node<"loop">).attributes.length === name
  );
  const results = items.map((item, i) => `@${name}:${i}:${item.attributes.index}`);
  const { next, collect } = open.attributes.body;
  const length = build("item", [open as unknown as Expression], {
    index: next.length + collect.length,
  });
  return {
    kind: "wait",
    program: {
      ...program,
      state: program.state.map(({ input }) => ({ input, next: input })),
      outputs: {
        ...Object.fromEntries(items.map((item, i) => [results[i], item])),
        [`@${name}`]: length,
      },
    },
    results,
    length: `@${name}`,
    rest: (n) => {
      const inputs = items.map(({ shape, dtype }, i) => input(results[i], shape, dtype));
      const map = new Map<Expression, Expression>(items.map((item, i) => [item, inputs[i]]));
      const rest = withRoots(program, substitute(roots, map), (x) => x);
      return withSizes({ ...rest, inputs: [...rest.inputs, ...inputs] }, { [name]: n });
    },
  };
}

/** The first loop, in the order in which they run, whose length is still a name and must be known. */
function firstOpenLoop(
  program: Program,
  isHanded: (input: Expression) => boolean,
): Node<"loop"> | null {
  const order = topological(rootsOfProgram(program));
  for (const node of order) {
    if (node.op !== "loop" || typeof node.attributes.length !== "string") continue;
    const { counted, body } = node.attributes;
    const known = counted && body.condition === null && isHostKnown(node.inputs[0], isHanded);
    if (!known || readsRows(program, order, node)) return node;
  }
  return null;
}

/** Whether the rows that a loop collects are more than outputs. */
function readsRows(
  { state }: Program,
  order: readonly Expression[],
  { attributes: { length } }: Node<"loop">,
): boolean {
  const isOpen = (x: Expression): boolean => x.op === "item" && x.shape[0] === length;
  return state.some(({ next }) => isOpen(next)) ||
    order.some(({ inputs }) => (inputs as readonly Expression[]).some(isOpen));
}

/** Whether an expression is made of sizes, constants and small inputs alone. */
function isHostKnown(y: Expression, isHanded: (input: Expression) => boolean): boolean {
  return topological([y]).every((node) => {
    switch (node.op) {
      case "input":
        return isHanded(node) && count(node.shape as number[]) <= HOST_ELEMENTS;
      case "loop":
      case "item":
      case "random":
      case "variable":
        return false;
      default:
        return true;
    }
  });
}
