/** Graphs as text. */
import { recordOf, topological } from "./expression.ts";
import type { Expression, LoopBody } from "./types.ts";

/**
 * One line per expression, with inputs and numbers in place: `%0: f32[3] = mul x 2`.
 *
 * Only the graph decides the text, not the order in which it was built.
 */
export function print(ys: Expression | readonly Expression[]): string {
  const list = Array.isArray(ys) ? ys as readonly Expression[] : [ys as Expression];
  const { lines, names } = listing(list, "");
  return [...lines, `return ${list.map((y) => names.get(y)).join(", ")}`].join("\n");
}

function listing(
  ys: readonly Expression[],
  indent: string,
): { readonly lines: string[]; readonly names: Map<Expression, string> } {
  const lines: string[] = [];
  const names = new Map<Expression, string>();
  let next = 0;
  for (const node of topological(ys)) {
    const short = shortName(node);
    if (short !== null) {
      names.set(node, short);
      continue;
    }
    const name = `%${next++}`;
    names.set(node, name);
    const inputs = (node.inputs as readonly Expression[]).map((x) => names.get(x));
    const type = recordOf(node).multiple ? "" : `: ${typeOf(node)}`;
    const words = [`${indent}${name}${type} =`, node.op, ...inputs, ...attributes(node, indent)];
    lines.push(words.join(" "));
  }
  return { lines, names };
}

function typeOf({ dtype, shape }: Expression): string {
  return `${dtype}[${shape.join(", ")}]`;
}

/** What stands for a leaf wherever it is used. */
function shortName(node: Expression): string | null {
  if (node.op === "input" || node.op === "variable") return node.attributes.name;
  if (node.op !== "constant" || node.shape.length > 0) return null;
  const [value] = node.attributes.data;
  const digits = Object.is(value, -0) ? "-0" : String(value);
  return node.dtype === "f32" ? digits : `${digits}:${node.dtype}`;
}

function attributes(node: Expression, indent: string): string[] {
  return Object.entries(node.attributes).flatMap(([key, value]) => {
    if (value instanceof Float64Array) return [dataText(value)];
    if (key === "shape" || key === "dtype" || value === null || value === false) return [];
    if (key === "body") return [bodyText(value as LoopBody, indent)];
    return [`${key}=${attributeText(value)}`];
  });
}

function attributeText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(attributeText).join(", ")}]` : String(value);
}

const MOST = 8;

function dataText(data: Float64Array): string {
  const head = [...data.subarray(0, MOST)].map((x) => Object.is(x, -0) ? "-0" : x).join(", ");
  return data.length <= MOST ? `{${head}}` : `{${head}, ... ${data.length} values}`;
}

function bodyText(
  { index, state, captured, next, collect, condition }: LoopBody,
  indent: string,
): string {
  const roots = condition === null ? [...next, ...collect] : [...next, ...collect, condition];
  const inner = `${indent}  `;
  const { lines, names } = listing(roots, inner);
  const parameters = [index, ...state, ...captured].map((x) => `${shortName(x)}: ${typeOf(x)}`);
  const ends = [
    ["while", condition === null ? [] : [condition]],
    ["next", next],
    ["collect", collect],
  ] as const;
  return [
    `(${parameters.join(", ")}) {`,
    ...lines,
    ...ends.filter(([, list]) => list.length > 0)
      .map(([word, list]) => `${inner}${word} ${list.map((x) => names.get(x)).join(", ")}`),
    `${indent}}`,
  ].join("\n");
}
