import { z } from "npm:zod@4.6.7";
import { problemLines, schemaProblems } from "../../dsl/schema/problems.ts";
import { must, mustName } from "../../dsl/schema/words.ts";
import { BACKEND_NAMES } from "../backends/backend.ts";

const text = z.string(must("a text"));
const digest = z.string(must("a SHA-256 of 64 hexadecimal digits"))
  .regex(/^[0-9a-f]{64}$/, must("a SHA-256 of 64 hexadecimal digits"));
const number = z.custom<number>((value) => typeof value === "number", must("a number"));
const positive = z.custom<number>(
  (value) => typeof value === "number" && !(value < 0),
  must("a number of at least 0"),
);
const flag = z.boolean(must("true or false"));
const record = must("an object");

/** What a lock of this format holds, whoever wrote it; the seal says whether it is what was written. */
const lockSchema = z.object({
  pipeline: text,
  hash: digest,
  backend: z.enum(BACKEND_NAMES, mustName(BACKEND_NAMES)),
  instructionSet: text.nullable(),
  versions: z.object({ pushforward: text, revision: number, engine: text, deno: text }, record),
  digests: z.object({
    source: digest,
    target: digest,
    weights: digest.nullable(),
    samples: digest,
  }, record),
  metrics: z.array(
    z.object({
      name: text,
      value: number,
      standardError: positive.nullable(),
      unit: text,
      lowerIsBetter: flag,
      tolerance: positive,
    }, record),
    must("a list of metrics"),
  ),
  settings: z.record(z.string(), z.unknown(), record),
  seal: digest,
}, record);

/** What is wrong with the fields of a lock, one of them in words; null where nothing is. */
export function lockTrouble(content: unknown): string | null {
  const { error } = lockSchema.safeParse(content);
  const [first, ...rest] = problemLines(schemaProblems(error), "it", "");
  if (first === undefined) return null;
  return rest.length === 0 ? first : `${first} (and ${rest.length} more)`;
}
