import type { z } from "npm:zod@4.6.7";
import { InputError } from "./error.ts";
import { freeze } from "./freeze.ts";
import { dataProblems, type Problem, problemLines, schemaProblems } from "./schema/problems.ts";
import { pathName } from "./schema/words.ts";

/** Throws an error that lists the problems, one line each; returns if there are none. */
export function reject(whole: string, problems: readonly Problem[]): void {
  const lines = problemLines(problems, whole);
  if (lines.length === 0) return;
  const message = lines.length === 1
    ? lines[0]
    : `${whole} has ${lines.length} problems:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  throw new InputError(message, { field: pathName(problems[0].path) || undefined });
}

/** Checks one part of a pipeline, fills in its defaults and freezes it. */
export function build<T>(builder: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  const problems = [...dataProblems(value), ...schemaProblems(result.error)];
  reject(
    builder,
    problems.map(({ path, message }) => ({
      path: path.length === 0 ? [] : [`${builder}: ${String(path[0])}`, ...path.slice(1)],
      message,
    })),
  );
  return freeze(result.data as T);
}
