import {
  type Attribute,
  attributeOf,
  type Elements,
  elementTypeOf,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  tensorProto,
  type ValueInfo,
} from "./proto.ts";

/** The contributed operators of ONNX Runtime, used only where a program is run, never in a file that leaves. */
export const CONTRIB = "com.microsoft";

/** Constants of up to this many elements are compared by content. */
const SMALL = 64;

function keyOf(data: Elements): string {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).toHex();
}

/** What all scopes of one model share: names, constants and operator domains. */
class Model {
  readonly constants = new Map<string, string>();
  readonly initializers: TensorProto[] = [];
  readonly domains = new Map<string, number>();
  #names = 0;

  fresh(): string {
    return `%${this.#names++}`;
  }
}

/**
 * One ONNX graph while it is being written: the main graph or the body of a loop. A body sees the values
 * of the scopes around it. Constants stand once, in the main graph.
 */
export class Scope {
  readonly depth: number;
  readonly #parent: Scope | null;
  readonly #model: Model;
  readonly #nodes: NodeProto[] = [];
  readonly #own = new Set<string>();

  constructor(parent: Scope | null = null) {
    this.#parent = parent;
    this.depth = parent === null ? 0 : parent.depth + 1;
    this.#model = parent === null ? new Model() : parent.#model;
  }

  /** The scope at a smaller or equal depth that this one lies in. */
  at(depth: number): Scope {
    return depth === this.depth || this.#parent === null ? this : this.#parent.at(depth);
  }

  /** Operator domains in use beside the standard one, with their versions. */
  get domains(): ReadonlyMap<string, number> {
    return this.#model.domains;
  }

  /** A name that no value of the model has yet. */
  fresh(): string {
    return this.#model.fresh();
  }

  /** Adds a node of the standard domain with one output and returns the output's name. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    return this.nodes(opType, inputs, attributes, 1)[0];
  }

  /** Adds a node with several outputs and returns their names. */
  nodes(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    outputs: number,
    domain = "",
  ): string[] {
    if (domain !== "") this.#model.domains.set(domain, 1);
    const output = Array.from({ length: outputs }, () => this.fresh());
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    this.#nodes.push({ opType, domain, input: [...inputs], output, attribute });
    for (const name of output) this.#own.add(name);
    return output;
  }

  /**
   * A name under which a value may leave this graph: a graph gives out only what its own nodes made, each
   * once. Copies are made of other values alone; copying all costs 6 % of a training step.
   */
  leaving(value: string): string {
    return this.#own.delete(value) ? value : this.node("Identity", [value]);
  }

  /** Names an existing value; graph outputs need names of their own. */
  identity(from: string, name: string): void {
    this.#nodes.push({ opType: "Identity", input: [from], output: [name] });
  }

  /** The name of a tensor of constants; small equal constants are one. */
  constant(data: Elements, dims: readonly number[]): string {
    const { constants, initializers } = this.#model;
    const key = data.length > SMALL ? null : `${elementTypeOf(data)}[${dims}]${keyOf(data)}`;
    const known = key === null ? undefined : constants.get(key);
    if (known !== undefined) return known;
    const name = this.fresh();
    if (key !== null) constants.set(key, name);
    initializers.push(tensorProto(name, dims, data));
    return name;
  }

  /** Adds a tensor of constants under a name of its own. */
  initializer(name: string, data: Elements, dims: readonly number[]): void {
    this.#model.initializers.push(tensorProto(name, dims, data));
  }

  /** A vector of 64-bit integers, the form in which ONNX takes shapes and axes. */
  ints(values: readonly number[]): string {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** A 64-bit integer scalar. */
  int(value: number): string {
    return this.constant(BigInt64Array.of(BigInt(value)), []);
  }

  /** A float32 scalar. */
  float(value: number): string {
    return this.constant(Float32Array.of(value), []);
  }

  /** The finished graph. */
  graph(name: string, input: readonly ValueInfo[], output: readonly ValueInfo[]): GraphProto {
    const initializer = this.#parent === null ? this.#model.initializers : [];
    return { name, node: this.#nodes, input: [...input], output: [...output], initializer };
  }
}
