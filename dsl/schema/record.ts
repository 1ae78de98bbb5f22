import { z } from "npm:zod@4.6.7";
import { list, must, show, suggestion } from "./words.ts";

/** A schema for each field of T. */
export type Fields<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };

/** Says what is wrong at a path within a value. */
export type Report = (path: readonly PropertyKey[], message: string) => void;

/** What an object's fields mean together, once each of them is valid. */
export interface Together<T> {
  /** Fills in what follows from other fields. */
  readonly complete?: (value: T) => T;
  /** Reports what does not fit together, after completion. */
  readonly check?: (value: T, report: Report) => void;
}

/**
 * The schema of an object with these fields and no others.
 *
 * @param id Its name among the definitions of the JSON Schema; null to be written out where it is used.
 */
export function record<T>(
  id: string | null,
  description: string,
  fields: Fields<T>,
  { complete, check }: Together<T> = {},
): z.ZodObject {
  const names = Object.keys(fields);
  const settable = names.filter((name) => name !== "kind");
  const words = must(`an object with the fields ${list(names)}`);
  let schema: z.ZodObject = z.strictObject(fields as unknown as Record<string, z.ZodType>, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return words.error(issue);
      const others = settable.length === 0
        ? "; it takes none"
        : `; its fields are ${list(settable)}`;
      return issue.keys.map((key) =>
        `has no field ${JSON.stringify(key)}${suggestion(key, names) || others}`
      ).join("\n");
    },
  });
  if (complete || check) {
    schema = schema.check((payload) => {
      if (payload.issues.length > 0) return; // they look at fields that are sound
      if (complete) payload.value = complete(payload.value as T) as typeof payload.value;
      const { issues, value } = payload;
      check?.(
        value as T,
        (path, message) => issues.push({ code: "custom", path: [...path], message, input: value }),
      );
    });
  }
  return schema.meta(id === null ? { description } : { id, description }); // last, so that the JSON Schema holds one definition
}

/** The schema of an object that is one of several kinds, told apart by its field `kind`. */
export function kinds<T extends { readonly kind: string }>(
  records: readonly z.ZodObject[],
): z.ZodType<T> {
  const names = records.flatMap((schema) => {
    const kind = schema.shape.kind as z.ZodLiteral<string> | z.ZodEnum;
    return kind instanceof z.ZodLiteral ? [...kind.values] : kind.options.map(String);
  });
  const rule = names.length === 1 ? list(names) : `one of ${list(names)}`;
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
