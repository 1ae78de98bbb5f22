import { z } from "npm:zod@4.6.7";
import { list, must, show, suggestion } from "./words.ts";

/** A schema for each field of T. */
export type Fields<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };

/** The schema of an object with these fields and no others. */
export function record<T>(id: string, description: string, fields: Fields<T>): z.ZodObject {
  const names = Object.keys(fields);
  const words = must(`an object with the fields ${list(names)}`);
  return z.strictObject(fields as unknown as Record<string, z.ZodType>, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return words.error(issue);
      return issue.keys.map((key) => {
        const meant = suggestion(key, names) || `; its fields are ${list(names)}`;
        return `has no field ${JSON.stringify(key)}${meant}`;
      }).join("\n");
    },
  }).meta({ id, description });
}

/** The schema of an object that is one of several kinds, told apart by its field `kind`. */
export function kinds<T extends { readonly kind: string }>(
  records: readonly z.ZodObject[],
): z.ZodType<T> {
  const names = records.flatMap((schema) => {
    const kind = schema.shape.kind as z.ZodLiteral<string> | z.ZodEnum;
    return kind instanceof z.ZodLiteral ? [...kind.values] : kind.options.map(String);
  });
  const rule = `one of ${list(names)}`;
  const union = z.discriminatedUnion(
    "kind",
    records as unknown as [z.core.$ZodTypeDiscriminable],
    {
      error: (issue) => {
        if (issue.code !== "invalid_union") {
          return must(`an object whose kind is ${rule}`).error(issue);
        }
        const { kind } = issue.input as { kind?: unknown };
        return kind === undefined
          ? `is missing: it must be ${rule}`
          : `must be ${rule}: found ${show(kind)}${suggestion(kind, names)}`;
      },
    },
  );
  return union as unknown as z.ZodType<T>;
}
