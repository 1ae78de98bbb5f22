import { type Dim, type Expression, ShapeError, showShape } from "../../graph/mod.ts";
import type { GraphProto, NodeProto, TensorProto } from "../onnx/proto.ts";
import { type Count, dimOf, showCount } from "./count.ts";
import { numberOf } from "./protobuf.ts";
import { expressionOf, numbersOf, type Value, type Whole, wholeOf } from "./value.ts";

/** What a file is read with. */
export interface Reading {
  /** The number of rows that the file was exported for; null if it takes any. */
  readonly fixedRows: number | null;
  /** The numbers of an input of the graph that stands for weights, for those who must look at them. */
  weights(input: Expression): Float32Array | null;
  /** The value of a tensor that a node holds. */
  constant(tensor: TensorProto, name: string): Value;
}

/** One node while it is read: its inputs and attributes, as what they are meant to be. */
export class NodeView {
  readonly node: NodeProto;
  readonly reading: Reading;
  readonly #inputs: readonly (Value | null)[];
  readonly #branch: (graph: GraphProto) => Value[];

  /** @param inputs Values of its inputs; null for those left out. */
  constructor(
    node: NodeProto,
    inputs: readonly (Value | null)[],
    reading: Reading,
    branch: (graph: GraphProto) => Value[],
  ) {
    this.node = node;
    this.reading = reading;
    this.#inputs = inputs;
    this.#branch = branch;
  }

  /** The number of outputs that the node names. */
  get outputs(): number {
    return this.node.output?.length ?? 0;
  }

  /** All inputs, none of which may be left out. */
  get inputs(): readonly Value[] {
    return this.#inputs.map((_, i) => this.value(i));
  }

  /** Whether an input is there. */
  has(i: number): boolean {
    return (this.#inputs[i] ?? null) !== null;
  }

  /** An input that must be there. */
  value(i: number): Value {
    const value = this.#inputs[i] ?? null;
    if (value === null) throw new RangeError(`its input ${i} is missing`);
    return value;
  }

  /** An input as an expression. */
  tensor(i: number): Expression {
    return expressionOf(this.value(i));
  }

  /** An input as whole numbers. */
  whole(i: number): Whole {
    const value = wholeOf(this.value(i));
    if (value === null) {
      throw new RangeError(
        `its input ${i} must not depend on data: whole numbers that do are not supported`,
      );
    }
    return value;
  }

  /** An input as known whole numbers; `otherwise` where it is left out. */
  numbers(i: number, otherwise?: readonly number[]): readonly number[] {
    if (!this.has(i) && otherwise !== undefined) return otherwise;
    return this.whole(i).counts.map((count) => {
      if (typeof count === "number") return count;
      throw new RangeError(`its input ${i} must not depend on the number of rows`);
    });
  }

  /** An input as one real number, or null where it is left out; it may not depend on data. */
  scalar(i: number): number | null {
    if (!this.has(i)) return null;
    const numbers = numbersOf(this.value(i));
    if (numbers?.length === 1) return numbers[0];
    throw new RangeError(`its input ${i} must be one number that does not depend on data`);
  }

  /** Whether the node holds an attribute. */
  holds(name: string): boolean {
    return this.#attribute(name) !== undefined;
  }

  /** A whole number that the node holds. */
  int(name: string, otherwise: number): number {
    const i = this.#attribute(name)?.i;
    return i === undefined || i === null ? otherwise : numberOf(i);
  }

  /** A real number that the node holds. */
  float(name: string, otherwise: number): number {
    return this.#attribute(name)?.f ?? otherwise;
  }

  /** Text that the node holds. */
  text(name: string, otherwise: string): string {
    const bytes = this.#attribute(name)?.s;
    return bytes?.length ? new TextDecoder().decode(bytes) : otherwise;
  }

  /** Whole numbers that the node holds, or null. */
  ints(name: string): readonly number[] | null {
    const attribute = this.#attribute(name);
    return attribute?.ints ? attribute.ints.map(numberOf) : null;
  }

  /** Real numbers that the node holds, or null. */
  floats(name: string): readonly number[] | null {
    return this.#attribute(name)?.floats ?? null;
  }

  /** A tensor that the node holds, or null. */
  constant(name: string): Value | null {
    const proto = this.#attribute(name)?.t;
    return proto ? this.reading.constant(proto, this.node.output?.[0] ?? name) : null;
  }

  /** The values of an inner graph that the node holds. */
  branch(name: string): Value[] {
    const graph = this.#attribute(name)?.g;
    if (!graph) throw new RangeError(`it has no graph ${name}`);
    return this.#branch(graph);
  }

  /** Axes from an attribute (older opsets) or an input (newer ones), counted from the front; null for all. */
  axes(input: number, rank: number): readonly number[] | null {
    const given = this.ints("axes") ?? (this.has(input) ? this.numbers(input) : null);
    return given === null ? null : given.map((axis) => this.axis(axis, rank));
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
    throw new RangeError(`its axis ${axis} is not one of ${rank}`);
  }

  /** Whole numbers as sizes. */
  dims(counts: readonly Count[]): Dim[] {
    return counts.map((count) => {
      const dim = dimOf(count);
      if (dim !== undefined) return dim;
      throw new RangeError(`it makes an axis of size ${showCount(count)}`);
    });
  }

  #attribute(name: string): NonNullable<NodeProto["attribute"]>[number] | undefined {
    return this.node.attribute?.find((attribute) => attribute.name === name);
  }
}

/** A node as messages call it. */
export function showNode({ name, opType, output }: NodeProto): string {
  return name ? `node "${name}" (${opType})` : `the ${opType} that makes "${output?.[0] ?? ""}"`;
}

/** Elements that a value may have for one row: 256 MiB in single precision. */
const LARGEST_ROW = 2 ** 26;

/** Refuses what no machine could hold. */
export function checkSize(value: Value): Value {
  if (value.kind === "whole") return value;
  const { shape } = value.y;
  const each = shape.reduce<number>((n, dim) => typeof dim === "number" ? n * dim : n, 1);
  if (each <= LARGEST_ROW) return value;
  throw new ShapeError(
    `it makes ${each} numbers ${showShape(shape)} a row: at most ${LARGEST_ROW} are accepted`,
    shape,
  );
}
