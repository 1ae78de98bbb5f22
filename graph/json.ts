/** Graphs as plain data: what a spec holds where a user wrote a function. */
import { loopOf } from "./build/loop.ts";
import { build, NONE, opOf, recordOf, topological } from "./expression.ts";
import { rootsOf } from "./loop_body.ts";
import { nearest } from "./nearest.ts";
import { OPS } from "./ops/mod.ts";
import { checkShape } from "./shape.ts";
import type { AttributeKind, DType, Expression, LoopBody, OpName, Shape } from "./types.ts";

/** A value of JSON. */
export type JSONValue =
  | null
  | boolean
  | number
  | string
  | readonly JSONValue[]
  | { readonly [key: string]: JSONValue };

/**
 * One expression: its op, the places of its inputs among the nodes before it, and its attributes.
 */
export interface NodeJSON {
  /** Name of the op. */
  readonly op: string;
  /** Places of its inputs; absent where it has none. */
  readonly inputs?: readonly number[];
  /** An attribute of the op. */
  readonly [attribute: string]: JSONValue | undefined;
}

/** A graph: nodes in an order in which inputs come first, and the places of its outputs. */
export interface GraphJSON {
  /** Each after its inputs. */
  readonly nodes: readonly NodeJSON[];
  /** Places of the outputs among the nodes. */
  readonly outputs: readonly number[];
}

/**
 * A graph as plain data. Equal graphs give equal data, in whatever order they were built.
 *
 * NaN, infinities and -0, which JSON cannot write as numbers, are strings.
 */
export function toJSON(ys: readonly Expression[]): GraphJSON {
  const places = new Map<Expression, number>();
  const nodes = topological(ys).map((node, place) => {
    places.set(node, place);
    const inputs = (node.inputs as readonly Expression[]).map((x) => places.get(x)!);
    const values = node.attributes as Readonly<Record<string, unknown>>;
    const attributes: Record<string, JSONValue> = {};
    for (const [name, kind] of Object.entries(recordOf(node).attributes)) {
      const written = WRITE[kind](values[name] as never);
      if (written !== undefined) attributes[name] = written;
    }
    return { op: node.op, ...(inputs.length > 0 ? { inputs } : {}), ...attributes };
  });
  return { nodes, outputs: ys.map((y) => places.get(y)!) };
}

/**
 * The expressions that `toJSON` wrote.
 *
 * @throws {TypeError} If the data does not have the form of a graph; the message names the place in
 * it.
 * @throws {RangeError} If an op is unknown, or a place or the number of inputs is wrong.
 * @throws {ShapeError} If the shapes do not fit.
 */
export function fromJSON(json: unknown): Expression[] {
  const ys = readGraph(json);
  checkVariables(ys, [], "graph");
  return ys;
}

function readGraph(json: unknown): Expression[] {
  const graph = asRecord(json, "graph");
  const nodes: Expression[] = [];
  asList(graph.nodes, "graph.nodes").forEach((node, i) => {
    nodes.push(readNode(asRecord(node, `nodes[${i}]`), nodes, `nodes[${i}]`));
  });
  return asList(graph.outputs, "graph.outputs").map((place, i) =>
    nodeAt(place, nodes, `outputs[${i}]`)
  );
}

/**
 * Loop variables stand only in the body of their loop, and a body reads nothing but its variables.
 */
function checkVariables(
  ys: readonly Expression[],
  variables: readonly Expression[],
  where: string,
): void {
  const inside = variables.length > 0;
  for (const node of topological(ys)) {
    if (node.op !== "variable" && node.op !== "input") continue;
    if (node.op === "variable" ? !variables.includes(node) : inside) {
      throw new RangeError(
        `Cannot read ${where} as ${node.op} ${node.attributes.name} does not belong there`,
      );
    }
  }
}

function readNode(
  { op, inputs = [], ...rest }: Readonly<Record<string, unknown>>,
  nodes: readonly Expression[],
  where: string,
): Expression {
  if (typeof op !== "string" || !Object.hasOwn(OPS, op)) {
    const meant = nearest(String(op), Object.keys(OPS));
    throw new RangeError(
      `Cannot read ${where} as its op is unknown: found ${JSON.stringify(op)}${
        meant === undefined ? "" : `; nearest is ${meant}`
      }`,
    );
  }
  const name = op as OpName;
  const { arity, attributes: kinds } = opOf(name);
  const sources = asList(inputs, `${where}.inputs`).map((place, i) =>
    nodeAt(place, nodes, `${where}.inputs[${i}]`)
  );
  if (!Number.isNaN(arity) && sources.length !== arity) {
    throw new RangeError(
      `Cannot read ${where} as ${op} takes ${arity} inputs: found ${sources.length}`,
    );
  }
  for (const key of Object.keys(rest)) {
    if (!Object.hasOwn(kinds, key)) {
      throw new TypeError(
        `Cannot read ${where} as ${op} has no attribute ${key}: it has ${
          Object.keys(kinds).join(", ") || "none"
        }`,
      );
    }
  }
  const read: Record<string, unknown> = {};
  for (const [key, kind] of Object.entries(kinds)) {
    read[key] = READ[kind as AttributeKind](rest[key], `${where}.${key}`);
  }
  if (name === "loop") return readLoop(sources, read as unknown as ReadLoop, where);
  return build<OpName>(name, sources, Object.keys(kinds).length === 0 ? NONE : read as never);
}

interface ReadLoop {
  readonly counted: boolean;
  readonly body: LoopBody;
}

/** The name of the size that a loop introduces follows from the rest, so it is not data. */
function readLoop(
  inputs: readonly Expression[],
  { counted, body }: ReadLoop,
  where: string,
): Expression {
  const rest = counted ? inputs.slice(1) : inputs;
  if ((counted && inputs.length === 0) || (!counted && body.condition === null)) {
    throw new RangeError(`Cannot read ${where}: a loop needs a count, a condition, or both`);
  }
  const states = body.state.length;
  const count = counted ? inputs[0] : null;
  const { iterations } = loopOf(body, count, rest.slice(0, states), rest.slice(states));
  return iterations.inputs[0]!;
}

type Writers = { readonly [K in AttributeKind]: (value: never) => JSONValue | undefined };

const plain = (value: JSONValue): JSONValue => value;

const WRITE: Writers = {
  body: writeBody,
  boolean: plain,
  data: (value: Float64Array) => [...value].map(writeNumber),
  dim: plain,
  distribution: plain,
  dtype: plain,
  integer: plain,
  integers: plain,
  length: () => undefined,
  name: plain,
  padding: plain,
  shape: plain,
};

function writeNumber(value: number): JSONValue {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : String(value);
}

const DTYPES: readonly DType[] = ["f32", "i32", "bool"];

const READ: { readonly [K in AttributeKind]: (value: unknown, where: string) => unknown } = {
  body: readBody,
  boolean: (value, where) => expect(typeof value === "boolean", value, where, "true or false"),
  data: (value, where) => Float64Array.from(asList(value, where).map((x) => readNumber(x, where))),
  dim: (value, where) => checkShape(where, [value as number])[0],
  distribution: (value, where) =>
    expect(value === "uniform" || value === "normal", value, where, '"uniform" or "normal"'),
  dtype: (value, where) =>
    expect(DTYPES.includes(value as DType), value, where, DTYPES.map((x) => `"${x}"`).join(", ")),
  integer: (value, where) => expect(Number.isSafeInteger(value), value, where, "a whole number"),
  integers: readIntegers,
  length: () => null,
  name: (value, where) => expect(typeof value === "string" && value !== "", value, where, "a name"),
  padding: (value, where) => {
    const pairs = asList(value, where).map((pair) => readIntegers(pair, where));
    const sound = pairs.length === 2 && pairs.every((pair) => pair.length === 2);
    expect(sound, value, where, "[[top, bottom], [left, right]]");
    return pairs;
  },
  shape: (value, where) => checkShape(where, asList(value, where) as Shape),
};

function readIntegers(value: unknown, where: string): readonly number[] {
  const list = asList(value, where);
  expect(list.every(Number.isSafeInteger), value, where, "a list of whole numbers");
  return list as readonly number[];
}

function readNumber(value: unknown, where: string): number {
  if (typeof value === "number") return value;
  const special = value === "NaN" || value === "Infinity" || value === "-Infinity" ||
    value === "-0";
  expect(special, value, where, 'numbers, "NaN", "Infinity", "-Infinity" or "-0"');
  return Number(value);
}

/**
 * A body as data: a graph whose outputs are next states, then collected values, then the condition.
 */
function writeBody(body: LoopBody): JSONValue {
  const { index, state, captured, next, collect, condition } = body;
  const variables = [index, ...state, ...captured];
  const { nodes, outputs } = toJSON([...variables, ...rootsOf(body)]);
  return {
    nodes: nodes as unknown as JSONValue,
    outputs: outputs.slice(variables.length),
    state: state.length,
    captured: captured.length,
    next: next.length,
    collect: collect.length,
    condition: condition !== null,
  };
}

function readBody(value: unknown, where: string): LoopBody {
  const data = asRecord(value, where);
  const [state, captured, next, collect] = (["state", "captured", "next", "collect"] as const).map(
    (key) => expect(Number.isSafeInteger(data[key]), data[key], `${where}.${key}`, "a number"),
  ) as number[];
  const variables = 1 + state + captured;
  const roots = asList(data.outputs, `${where}.outputs`);
  const places = Array.from({ length: variables }, (_, i) => i);
  const all = readGraph({ nodes: data.nodes, outputs: [...places, ...roots] });
  const outputs = all.slice(variables);
  const sound = outputs.length === next + collect + Number(data.condition) && next === state &&
    all.slice(0, variables).every((x) => x.op === "variable");
  expect(sound, roots, `${where}.outputs`, "one place per state, collected value and condition");
  checkVariables(outputs, all.slice(0, variables), where);
  return {
    index: all[0],
    state: all.slice(1, 1 + state),
    captured: all.slice(1 + state, variables),
    next: outputs.slice(0, next),
    collect: outputs.slice(next, next + collect),
    condition: data.condition === true ? outputs[next + collect] : null,
  };
}

function nodeAt(place: unknown, nodes: readonly Expression[], where: string): Expression {
  const node = typeof place === "number" ? nodes[place] : undefined;
  if (node === undefined) {
    throw new RangeError(
      `Cannot read ${where} as it must be the place of an earlier node: found ${
        JSON.stringify(place)
      } among ${nodes.length}`,
    );
  }
  return node;
}

function asRecord(value: unknown, where: string): Readonly<Record<string, unknown>> {
  expect(
    typeof value === "object" && value !== null && !Array.isArray(value),
    value,
    where,
    "an object",
  );
  return value as Readonly<Record<string, unknown>>;
}

function asList(value: unknown, where: string): readonly unknown[] {
  expect(Array.isArray(value), value, where, "a list");
  return value as readonly unknown[];
}

function expect<T>(sound: boolean, value: T, where: string, rule: string): T {
  if (sound) return value;
  throw new TypeError(`Cannot read ${where} as it must be ${rule}: found ${JSON.stringify(value)}`);
}
