/** Digests that depend on what a graph says, not on the order in which it was built. */
import type { Expression } from "./types.ts";

const known = new WeakMap<Expression, string>();

/** 16 hexadecimal digits for a node with these parts, equal for equal graphs in every process. */
export function digest(inputs: readonly Expression[], attributes: unknown): string {
  return hash(text([inputs, attributes]));
}

function digestOf(y: Expression): string {
  const stack = [y];
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    const inputs: readonly Expression[] = node.inputs;
    const open = inputs.filter((input) => !known.has(input));
    if (known.has(node)) stack.pop();
    else if (open.length > 0) stack.push(...open);
    else {
      known.set(node, hash(node.op + text(inputs) + text(node.attributes)));
      stack.pop();
    }
  }
  return known.get(y)!;
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join()}]`;
  if (value instanceof Float64Array) return hashBytes(new Uint8Array(value.slice().buffer));
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  if ("op" in value) return digestOf(value as Expression);
  return `{${Object.values(value).map(text).join()}}`;
}

function hash(string: string): string {
  return hashBytes(new TextEncoder().encode(string));
}

function hashBytes(bytes: Uint8Array): string {
  let a = 0x811c9dc5, b = 0x9e3779b9;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x5bd1e995) ^ (b >>> 15);
  }
  return [a, b].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
