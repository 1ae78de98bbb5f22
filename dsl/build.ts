import type { z } from "npm:zod@4.6.7";
import { InputError } from "./error.ts";
import { freeze } from "./freeze.ts";
import { dataProblems, type Problem, problemLines, schemaProblems } from "./schema/problems.ts";
import { pathName } from "./schema/words.ts";

/**
 * Throws an error that lists the problems, one line each; returns if there are none.
 *
 * @param whole What the value is called where a problem is with all of it.
 * @param prefix What precedes every path.
 */
export function reject(whole: string, problems: readonly Problem[], prefix: string = ""): void {
  const lines = problemLines(problems, whole, prefix);
  if (lines.length === 0) return;
  const message = lines.length === 1
    ? lines[0]
    : `${whole} has ${lines.length} problems:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  throw new InputError(message, { field: pathName(problems[0].path) || undefined });
}

/** Checks one part of a pipeline, fills in its defaults and freezes it. */
export function build<T>(builder: string, schema: z.ZodType, value: unknown): T {
  const result = schema.safeParse(value);
  reject(builder, [...dataProblems(value), ...schemaProblems(result.error)], `${builder}: `);
  return freeze(result.data as T);
}
