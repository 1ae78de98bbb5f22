import { z } from "npm:zod@4.6.7";
import { must, mustName } from "./words.ts";

/** A whole number of at least `min`, and at most `max`. */
export function whole(min: number, max: number = Infinity): z.ZodInt {
  const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
  const words = must(`a whole number ${range}`);
  const schema = z.int(words).min(min, words);
  return max === Infinity ? schema : schema.max(max, words);
}

/** Ends of an interval; those left out are open. */
export interface Interval {
  above?: number;
  atLeast?: number;
  below?: number;
  atMost?: number;
}

/** A finite number in an interval. */
export function real(interval: Interval = {}): z.ZodNumber {
  const { above, atLeast, below, atMost } = interval;
  const parts = [
    above === undefined ? "" : `above ${above}`,
    atLeast === undefined ? "" : `of at least ${atLeast}`,
    below === undefined ? "" : `below ${below}`,
    atMost === undefined ? "" : `of at most ${atMost}`,
  ].filter((part) => part !== "");
  const words = must(parts.length === 0 ? "a finite number" : `a number ${parts.join(" and ")}`);
  let schema = z.number(words);
  if (above !== undefined) schema = schema.gt(above, words);
  if (atLeast !== undefined) schema = schema.gte(atLeast, words);
  if (below !== undefined) schema = schema.lt(below, words);
  if (atMost !== undefined) schema = schema.lte(atMost, words);
  return schema;
}

/** One number for all coordinates, or a list with one for each. */
export function perCoordinate(interval: Interval = {}): z.ZodType<number | number[]> {
  const range = interval.above === undefined ? "" : `, above ${interval.above}`;
  const words = must(`a number, or a list with one number per coordinate${range}`);
  return z.union([real(interval), z.array(real(interval)).min(1)], words);
}

/** Text that is not empty. */
export function text(rule: string = "text that is not empty"): z.ZodString {
  return z.string(must(rule)).min(1, must(rule));
}

/** True or false. */
export function flag(): z.ZodBoolean {
  return z.boolean(must("true or false"));
}

/** One of a few names. */
export function oneOf<const T extends readonly [string, ...string[]]>(
  names: T,
): z.ZodType<T[number]> & { default(value: T[number]): z.ZodType<T[number]> } {
  return z.enum(names, mustName(names)) as unknown as
    & z.ZodType<T[number]>
    & { default(value: T[number]): z.ZodType<T[number]> };
}

/** A list of at least `min` items; `rule` says of what. */
export function listOf<T>(item: z.ZodType<T>, min: number, rule: string): z.ZodArray<z.ZodType<T>> {
  return z.array(item, must(rule)).min(min, must(rule));
}
