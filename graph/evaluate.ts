/**
 * The reference interpreter: plain loops in float64, the oracle that backends and derivatives are
 * tested against.
 */
import { recordOf, topological } from "./expression.ts";
import { count, ShapeError, showShape } from "./shape.ts";
import type { Environment } from "./op.ts";
import type { Expression, Node, Shape, Tensor64 } from "./types.ts";

/** A tensor handed to the interpreter; bools are 0 and 1. */
export interface TensorLike {
  /** Row-major. */
  readonly data: ArrayLike<number>;
  /** The sizes. */
  readonly shape: readonly number[];
}

/**
 * The values of `ys`, computed in float64; f32 is not rounded, i32 wraps at 32 bits.
 *
 * Symbolic sizes take their values from the tensors handed in.
 *
 * @param inputs A tensor for the name of each input.
 * @throws {ShapeError} If a tensor does not fit its input, or two inputs give one name different
 * sizes.
 * @throws {RangeError} If an input is missing, or an index is outside its axis.
 */
export function evaluate(
  ys: readonly Expression[],
  inputs: Readonly<Record<string, TensorLike>>,
): Tensor64[] {
  return new Interpreter(inputs).evaluate(ys);
}

class Interpreter implements Environment {
  readonly sizes = new Map<string, number>();
  #inputs: Readonly<Record<string, TensorLike>>;
  #variables: ReadonlyMap<Expression, Tensor64> = new Map();
  #orders = new Map<string, Expression[]>();

  constructor(inputs: Readonly<Record<string, TensorLike>>) {
    this.#inputs = inputs;
  }

  evaluate(ys: readonly Expression[]): Tensor64[] {
    for (const node of topological(ys)) if (node.op === "input") this.#bind(node);
    return this.run(ys, new Map());
  }

  run(ys: readonly Expression[], variables: ReadonlyMap<Expression, Tensor64>): Tensor64[] {
    const outer = this.#variables;
    this.#variables = variables;
    const values = new Map<Expression, readonly Tensor64[]>();
    for (const node of this.#order(ys)) {
      const record = recordOf(node);
      const which = record.result?.(node.attributes) ?? 0;
      const inputs = (node.inputs as readonly Expression[]).map((x) => values.get(x)![which]);
      const results = record.multiple
        ? record.multiple.reference(inputs, node, this)
        : [record.reference(inputs, node, this)];
      values.set(node, results);
    }
    this.#variables = outer;
    return ys.map((y) => values.get(y)![0]);
  }

  leaf(node: Node<"input"> | Node<"variable">): Tensor64 {
    if (node.op === "input") {
      const { data, shape } = this.#inputs[node.attributes.name];
      return { data: Float64Array.from(data), shape: [...shape] };
    }
    const value = this.#variables.get(node);
    if (value === undefined) {
      throw new RangeError(
        `Cannot evaluate the loop variable ${node.attributes.name} outside of its loop`,
      );
    }
    return value;
  }

  shape(shape: Shape): number[] {
    return shape.map((dim) => {
      if (typeof dim === "number") return dim;
      const size = this.sizes.get(dim);
      if (size === undefined) {
        throw new RangeError(`Cannot evaluate as no input carries the size ${dim}`);
      }
      return size;
    });
  }

  #order(ys: readonly Expression[]): Expression[] {
    const key = ys.map((y) => y.id).join();
    let order = this.#orders.get(key);
    if (order === undefined) this.#orders.set(key, order = inOrder(ys));
    return order;
  }

  #bind(node: Node<"input">): void {
    const { name } = node.attributes;
    const given = this.#inputs[name];
    if (given === undefined) {
      throw new RangeError(
        `Cannot evaluate as input ${name} is missing: found ${
          Object.keys(this.#inputs).join(", ")
        }`,
      );
    }
    const fits = given.shape.length === node.shape.length &&
      node.shape.every((dim, i) => typeof dim === "string" || dim === given.shape[i]) &&
      given.data.length === count(given.shape);
    if (!fits) {
      throw new ShapeError(
        `Cannot evaluate input ${name} of shape ${
          showShape(node.shape)
        }: found ${given.data.length} values of shape ${showShape(given.shape)}`,
        node.shape,
        given.shape,
      );
    }
    node.shape.forEach((dim, i) => {
      if (typeof dim === "number") return;
      const known = this.sizes.get(dim) ?? given.shape[i];
      if (known !== given.shape[i]) {
        throw new ShapeError(
          `Cannot evaluate as size ${dim} is ${known} in one input and ${
            given.shape[i]
          } in ${name}`,
          node.shape,
          given.shape,
        );
      }
      this.sizes.set(dim, known);
    });
  }
}

/**
 * Inputs before users, and before all else the loops whose number of iterations is a size that
 * others may mention.
 */
function inOrder(ys: readonly Expression[]): Expression[] {
  const order = topological(ys);
  const counting = order.filter((node) =>
    node.op === "loop" && typeof node.attributes.length === "string"
  );
  return counting.length === 0 ? order : topological([...counting, ...ys]);
}
