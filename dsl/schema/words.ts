import type { z } from "npm:zod@4.6.7";
import { nearest } from "../../graph/nearest.ts";

export { nearest };

/** A value as a message shows it: short, and exact for numbers. */
export function show(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (value === undefined) return "nothing";
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch {
    return "an object that JSON cannot hold";
  }
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Names as a message lists them. */
export function list(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

/** The question that follows a mistyped name, or nothing. */
export function suggestion(name: unknown, accepted: readonly string[]): string {
  const meant = typeof name === "string" ? nearest(name, accepted) : undefined;
  return meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
}

/** Zod's error function for a rule in words, such as "a whole number of at least 1". */
export function must(rule: string): { error: (issue: z.core.$ZodRawIssue) => string } {
  return {
    error: ({ input }) =>
      input === undefined
        ? `is missing: it must be ${rule}`
        : `must be ${rule}: found ${show(input)}`,
  };
}

/** Zod's error function for a closed list of names. */
export function mustName(accepted: readonly string[]): {
  error: (issue: z.core.$ZodRawIssue) => string;
} {
  const rule = accepted.length === 1 ? list(accepted) : `one of ${list(accepted)}`;
  return {
    error: (issue) => must(rule).error(issue) + suggestion(issue.input, accepted),
  };
}

/** A path as a message shows it: `metrics[0].samples`. */
export function pathName(path: readonly PropertyKey[]): string {
  return path.map((key, i) =>
    typeof key === "number" ? `[${key}]` : i === 0 ? String(key) : `.${String(key)}`
  ).join("");
}
