/**
 * How expressions come to be: checked, and each only once.
 *
 * Two expressions with the same op, inputs and attributes are the same object, so that equality of
 * graphs is equality of references and common parts are shared without a pass. The table holds them
 * weakly.
 */
import type { AnyOp, Op, OpTable } from "./op.ts";
import type {
  Attributes,
  DType,
  Expression,
  NoAttributes,
  Node,
  OpName,
  PerInput,
  Shape,
} from "./types.ts";

let table: OpTable | undefined;
let nextId = 0;
const nodes = new Map<string, WeakRef<Expression>>();
const collected = new FinalizationRegistry<string>((key) => {
  if (nodes.get(key)?.deref() === undefined) nodes.delete(key);
});

/** The attributes of ops that have none. */
export const NONE: NoAttributes = {};

/**
 * Installs the op table; the records are written with the builders, so they come after this file.
 */
export function install(ops: OpTable): void {
  table = ops;
}

/** The record of an op. */
export function opOf<K extends OpName>(name: K): Op<K> {
  if (table === undefined) {
    throw new Error("Cannot build expressions before graph/mod.ts is loaded");
  }
  return table[name] as unknown as Op<K>;
}

/** The record of an expression's op, for code that treats all ops alike. */
export function recordOf(expression: Expression): AnyOp {
  return opOf(expression.op) as unknown as AnyOp;
}

/**
 * The expression of that op, inputs and attributes.
 *
 * @throws {ShapeError} If the shapes of the inputs do not fit the op.
 * @throws {TypeError} If the dtypes of the inputs do not fit the op.
 */
export function build<K extends OpName>(
  op: K,
  inputs: PerInput<K, Expression>,
  attributes: Attributes<K>,
): Expression {
  const record = opOf(op);
  const key = keyOf(record, inputs as readonly Expression[], attributes);
  const known = nodes.get(key)?.deref();
  if (known !== undefined) return known;
  const { shape, dtype } = record.shape(inputs, attributes);
  const made: Made<K> = { id: nextId++, op, inputs, attributes, shape, dtype };
  const expression = made as unknown as Expression;
  nodes.set(key, new WeakRef(expression));
  collected.register(expression, key);
  return expression;
}

interface Made<K extends OpName> extends Node<K> {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The same expression over other inputs and, where given, other attributes. */
export function rebuild(
  expression: Expression,
  inputs: readonly Expression[],
  attributes: Expression["attributes"] = expression.attributes,
): Expression {
  return build<OpName>(expression.op, inputs, attributes);
}

/** Whether the id is of an expression made after the others: what is older cannot depend on it. */
export function newestId(): number {
  return nextId - 1;
}

function keyOf<K extends OpName>(
  record: Op<K>,
  inputs: readonly Expression[],
  attributes: Attributes<K>,
): string {
  let key: string = record.name;
  for (const input of inputs) key += ` ${input.id}`;
  if (attributes === NONE) return key;
  if (record.key) return `${key}|${record.key(attributes)}`;
  for (const name in record.attributes) key += `|${attributeKey(attributes[name])}`;
  return key;
}

function attributeKey(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(attributeKey).join()}]`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/**
 * Every expression that `ys` are made of, inputs before users, in an order that the graph alone
 * decides.
 */
export function topological(
  ys: readonly Expression[],
  enter: (expression: Expression) => boolean = () => true,
): Expression[] {
  const order: Expression[] = [];
  const seen = new Set<Expression>();
  const stack: Expression[] = [];
  const cursor: number[] = [];
  for (const y of ys) {
    if (seen.has(y) || !enter(y)) continue;
    seen.add(y);
    stack.push(y);
    cursor.push(0);
    while (stack.length > 0) {
      const top = stack.length - 1;
      const node = stack[top];
      const inputs: readonly Expression[] = node.inputs;
      if (cursor[top] < inputs.length) {
        const input = inputs[cursor[top]++];
        if (!seen.has(input) && enter(input)) {
          seen.add(input);
          stack.push(input);
          cursor.push(0);
        }
      } else {
        order.push(node);
        stack.pop();
        cursor.pop();
      }
    }
  }
  return order;
}

/** The inputs that `ys` read, in order of appearance. */
export function inputsOf(ys: readonly Expression[]): Expression[] {
  return topological(ys).filter((node) => node.op === "input");
}
