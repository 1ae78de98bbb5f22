import type { Expression, Node, OpName, Shape } from "../../../graph/mod.ts";
import { Held } from "./held.ts";
import type { Frame, Kernel } from "./kernel.ts";
import type { Library } from "./library.ts";
import { type Plan, planOf, resultOf } from "./plan.ts";
import { KERNELS } from "./table.ts";

/**
 * What a loaded program remembers between runs: plans, and the tensors of its constants.
 */
export class Memory {
  readonly #library: Library;
  readonly #plans = new Map<string, Plan>();
  readonly #constants = new Map<Expression, Held>();

  /** Nothing yet. */
  constructor(library: Library) {
    this.#library = library;
  }

  /** The plan of `ys`. */
  plan(ys: readonly Expression[]): Plan {
    const key = ys.map(({ id }) => id).join();
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const plan = planOf(ys);
    this.#plans.set(key, plan);
    return plan;
  }

  /** The value of a constant, which stays the memory's. */
  constant(node: Node<"constant">): Held {
    const expression = node as Expression;
    const known = this.#constants.get(expression);
    if (known !== undefined) return known;
    const { data, shape } = node.attributes;
    const held = Held.of(this.#library, node.dtype, { data, shape: shape as readonly number[] });
    this.#constants.set(expression, held);
    return held;
  }

  /** Frees the constants. */
  close(): void {
    for (const held of this.#constants.values()) held.release();
    this.#constants.clear();
  }
}

/** One run of a program: expressions to values, op by op. */
export class Interpreter implements Frame {
  readonly library: Library;
  readonly sizes: Map<string, number> = new Map();
  readonly #memory: Memory;
  /** Values of inputs, and of variables of the loops around. */
  #bound: ReadonlyMap<Expression, Held>;
  #used: ReadonlyMap<Expression, ReadonlySet<number>> = new Map();

  /**
   * @param inputs Values of inputs; they stay the caller's. Symbolic sizes are those of their shapes.
   */
  constructor(library: Library, memory: Memory, inputs: ReadonlyMap<Expression, Held>) {
    this.library = library;
    this.#memory = memory;
    this.#bound = inputs;
    for (const [{ shape }, held] of inputs) {
      shape.forEach((dim, axis) => {
        if (typeof dim === "string") this.sizes.set(dim, held.tensor.shape[axis]);
      });
    }
  }

  readonly shape = (shape: Shape): number[] =>
    shape.map((dim) => typeof dim === "number" ? dim : this.sizes.get(dim)!);

  bound(leaf: Expression): Held {
    return this.#bound.get(leaf)!;
  }

  constant(node: Node<"constant">): Held {
    return this.#memory.constant(node);
  }

  used(loop: Expression): ReadonlySet<number> {
    return this.#used.get(loop) ?? new Set();
  }

  async run(
    ys: readonly Expression[],
    variables: ReadonlyMap<Expression, Held> = new Map(),
  ): Promise<Held[]> {
    const { order, wanted, results } = this.#memory.plan(ys);
    const [bound, used] = [this.#bound, this.#used];
    this.#bound = new Map([...bound, ...variables]);
    this.#used = results;
    const values = new Map<Expression, readonly Held[]>();
    const left = new Map(wanted);
    for (const node of order) {
      const inputs = node.inputs as readonly Expression[];
      const which = resultOf(node);
      const kernel = KERNELS[node.op] as Kernel<OpName>;
      const result = kernel(inputs.map((x) => values.get(x)![which]), node as Node<OpName>, this);
      const value = result instanceof Promise ? await result : result;
      values.set(node, value instanceof Held ? [value] : value);
      for (const x of inputs) {
        const count = left.get(x)! - 1;
        left.set(x, count);
        if (count === 0) values.get(x)!.forEach((held) => held.release());
      }
      // A loop that only binds a size is wanted by nobody.
      if (!left.has(node)) values.get(node)!.forEach((held) => held.release());
    }
    [this.#bound, this.#used] = [bound, used];
    const taken = ys.map((y) => values.get(y)![0].retain());
    new Set(ys).forEach((y) => values.get(y)![0].release());
    return taken;
  }
}
