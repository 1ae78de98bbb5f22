import type { z } from "npm:zod@4.6.7";
import { pathName, show } from "./words.ts";

/** One thing wrong with a value: where, and the rule that is broken and what was found. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Everything a schema finds wrong with a value; empty when it is valid. */
export function schemaProblems(error: z.ZodError | undefined): Problem[] {
  return (error?.issues ?? []).flatMap(({ path, message }) =>
    message.split("\n").map((line) => ({ path, message: line }))
  );
}

/** What in a value JSON would lose or change: -0, NaN, infinities, functions, class instances. */
export function dataProblems(
  value: unknown,
  path: readonly PropertyKey[] = [],
  above: readonly object[] = [],
): Problem[] {
  const problem = (message: string): Problem[] => [{ path, message }];
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return [];
    case "number":
      if (Object.is(value, -0)) return problem("must not be -0: write 0");
      if (!Number.isFinite(value)) return problem(`must be a finite number: found ${value}`);
      return [];
    case "object": {
      if (value === null) return [];
      if (above.includes(value)) return problem("must be plain data: it contains itself");
      const prototype = Object.getPrototypeOf(value);
      const plain = Array.isArray(value) || prototype === Object.prototype || prototype === null;
      if (!plain) {
        return problem(`must be plain data: found a ${prototype.constructor?.name ?? "class"}`);
      }
      const within = [...above, value];
      return Array.isArray(value)
        ? Array.from(value, (item, i) =>
          // unlike map(), it visits holes
          item === undefined
            ? [{ path: [...path, i], message: "must not be undefined" }]
            : dataProblems(item, [...path, i], within)).flat()
        : Object.entries(value).flatMap(([key, item]) =>
          dataProblems(item, [...path, key], within)
        );
    }
    default:
      return problem(`must be plain data: found ${show(value)}`);
  }
}

/** The first problem of each place, one line each. */
export function problemLines(
  problems: readonly Problem[],
  whole: string,
  prefix: string,
): string[] {
  const lines = new Map<string, string>();
  for (const { path, message } of problems) {
    const place = pathName(path);
    // One value may break several rules for one reason, but every unknown field is its own mistake.
    const key = message.startsWith("has no field") ? `${place} ${message}` : place;
    const line = `${place === "" ? whole : prefix + place} ${message}`;
    if (!lines.has(key)) lines.set(key, line);
  }
  return [...lines.values()];
}
