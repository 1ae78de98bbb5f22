import type { DType } from "../../../../graph/mod.ts";

/** Numbers that WGSL's literals cannot say, or that a compiler may flush, are given by their bits. */
const LEAST_NORMAL = 1.1754943508222875e-38;

/** An element of that dtype as a literal of WGSL. */
export function literal(value: number, dtype: DType): string {
  switch (dtype) {
    case "bool":
      return value === 0 ? "false" : "true";
    case "i32":
      return value === -(2 ** 31) ? "(-2147483647i - 1i)" : signed(`${value | 0}i`);
    case "f32":
      return real(Math.fround(value));
    default:
      return dtype satisfies never;
  }
}

function real(value: number): string {
  const size = Math.abs(value);
  const plain = Number.isFinite(value) && (size >= LEAST_NORMAL || Object.is(value, 0));
  if (!plain) return `bits_(${bitsOf(value)}u)`;
  const text = Object.is(value, -0) ? "-0" : String(value);
  return signed(`${/[.e]/.test(text) ? text : `${text}.0`}f`);
}

/** In parentheses if it begins with a minus, since two of those are another operator. */
function signed(text: string): string {
  return text.startsWith("-") ? `(${text})` : text;
}

function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

/** A whole number as an unsigned literal. */
export function whole(value: number): string {
  return `${value}u`;
}
