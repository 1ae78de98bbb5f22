import { InputError } from "../../dsl/error.ts";
import type { GraphProto, NodeProto, TensorProto } from "../onnx/proto.ts";
import { checkSize, NodeView, type Reading, showNode } from "./node_view.ts";
import { onnxOp } from "./table.ts";
import type { Value } from "./value.ts";

/** What a scope is lent. */
export interface ScopeContext {
  readonly reading: Reading;
  /** The error that something about the file is not as it must be. */
  readonly trouble: (found: string, cause?: unknown) => InputError;
}

/**
 * The values of one graph by name, each read when it is first asked for; an inner graph sees the values around it.
 * The order in which nodes stand does not matter, as long as none needs itself.
 */
export class Scope {
  readonly #context: ScopeContext;
  readonly #parent: Scope | null;
  readonly #makers = new Map<string, NodeProto>();
  readonly #constants = new Map<string, TensorProto>();
  readonly #values = new Map<string, Value>();
  /** Nodes that are being read, each for the one before it; `next` is the input to look at. */
  readonly #open: { readonly node: NodeProto; readonly name: string; next: number }[] = [];

  /**
   * @param given Values of the graph's inputs.
   * @throws {InputError} If two values of the graph have one name.
   */
  constructor(
    graph: GraphProto,
    given: ReadonlyMap<string, Value>,
    context: ScopeContext,
    parent: Scope | null = null,
  ) {
    this.#context = context;
    this.#parent = parent;
    const takenBy = new Map([...given.keys()].map((name) => [name, "an input"]));
    const take = (name: string, what: string): void => {
      const other = takenBy.get(name);
      if (other !== undefined) {
        throw context.trouble(`two values are called "${name}": ${other} and ${what}`);
      }
      takenBy.set(name, what);
    };
    for (const tensor of graph.initializer ?? []) {
      take(tensor.name ?? "", "an initialiser");
      this.#constants.set(tensor.name ?? "", tensor);
    }
    for (const node of graph.node ?? []) {
      for (const name of node.output ?? []) {
        if (name === "") continue;
        take(name, showNode(node));
        this.#makers.set(name, node);
      }
    }
    for (const [name, value] of given) this.#values.set(name, value);
  }

  /**
   * The value of that name.
   *
   * @throws {InputError} If nothing makes it, it needs itself, or what makes it cannot be read.
   */
  value(name: string): Value {
    const below = this.#open.length;
    this.#enter(name, null);
    while (this.#open.length > below) {
      const top = this.#open[this.#open.length - 1];
      const inputs = top.node.input ?? [];
      if (top.next < inputs.length) {
        const input = inputs[top.next++];
        if (input !== "") this.#enter(input, top.node);
      } else {
        this.#read(top.node);
        this.#open.pop();
      }
    }
    return this.#known(name, null)!;
  }

  /** Opens the node that makes a value, unless it is known. */
  #enter(name: string, by: NodeProto | null): void {
    if (this.#known(name, by) !== null) return;
    const node = this.#makers.get(name)!;
    const first = this.#open.findIndex((one) => one.node === node);
    if (first >= 0) {
      const names = [...this.#open.slice(first).map((one) => one.name), name];
      throw this.#context.trouble(
        `its nodes need each other in a circle: ${
          names.map((name) => JSON.stringify(name)).join(" needs ")
        }`,
      );
    }
    this.#open.push({ node, name, next: 0 });
  }

  /** The value if it is known, is a constant or lies outside; null if a node of this graph has yet to make it. */
  #known(name: string, by: NodeProto | null): Value | null {
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    const constant = this.#constants.get(name);
    if (constant !== undefined) {
      const made = this.#held(constant, name);
      this.#values.set(name, made);
      return made;
    }
    if (this.#makers.has(name)) return null;
    if (this.#parent !== null) return this.#parent.value(name);
    throw this.#context.trouble(
      by === null
        ? `nothing makes its output "${name}"`
        : `${showNode(by)} takes "${name}", which nothing makes`,
    );
  }

  #held(tensor: TensorProto, name: string): Value {
    try {
      return this.#context.reading.constant(tensor, name);
    } catch (cause) {
      throw this.#explained(`the tensor "${name}"`, cause);
    }
  }

  #read(node: NodeProto): void {
    const inputs = (node.input ?? []).map((name) => name === "" ? null : this.#known(name, node));
    const view = new NodeView(node, inputs, this.#context.reading, (graph) => {
      const inner = new Scope(graph, new Map(), this.#context, this);
      return (graph.output ?? []).map(({ name }) => inner.value(name ?? ""));
    });
    try {
      const outputs = [onnxOp(node.opType ?? "")!(view)].flat();
      for (const [i, name] of (node.output ?? []).entries()) {
        if (name === "") continue;
        if (i < outputs.length) this.#values.set(name, checkSize(outputs[i]));
        else this.#makers.delete(name); // such as a mask: what asks for it says that nothing makes it
      }
    } catch (cause) {
      throw this.#explained(showNode(node), cause);
    }
  }

  /** An error with the place in the file; what is no mistake of the file goes on as it is. */
  #explained(place: string, cause: unknown): unknown {
    const known = cause instanceof RangeError || cause instanceof TypeError;
    if (cause instanceof InputError || !known) return cause;
    return this.#context.trouble(`${place}: ${cause.message}`, cause);
  }
}
