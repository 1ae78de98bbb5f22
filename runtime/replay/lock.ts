import { digest } from "../../dsl/canonical.ts";
import { InputError } from "../../dsl/error.ts";
import { fileOperation, writeAtomically } from "../files.ts";
import { fromJson, toJson } from "../json.ts";
import { lockTrouble } from "./lock_schema.ts";
import type { RunMetric, RunOutcome } from "./outcome.ts";
import { toleranceOf } from "./tolerance.ts";

/** A metric as a lock keeps it. */
export interface LockedMetric extends RunMetric {
  /** How far it may move where bits are not promised; made from its standard error. */
  readonly tolerance: number;
}

/** An outcome that replays are held to: the content of `<file>.lock.json`. */
export interface Lock extends RunOutcome {
  /** Version of the format. */
  readonly schema: typeof LOCK_SCHEMA;
  /** Results in the order of the spec's metrics. */
  readonly metrics: readonly LockedMetric[];
  /** SHA-256 of the rest: an edited lock is known by it. */
  readonly seal: string;
}

/** The version of the format that is written and read. */
export const LOCK_SCHEMA = 1;

/**
 * The lock that holds replays to an outcome.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, lockOf, pipeline, run, training, verify } from "../../mod.ts";
 * const spec = pipeline({ target: data.circles(), training: training({ steps: 20, batchSize: 64 }) });
 * const folder = await Deno.makeTempDir();
 * const { model, outcome } = await run(spec, { folder });
 * await model.close();
 * const lock = lockOf(outcome);
 * assert.equal((await verify(spec, lock, { folder })).passed, true);
 * ```
 */
export function lockOf(outcome: RunOutcome): Lock {
  const { metrics, settings, ...rest } = outcome;
  const content = {
    schema: LOCK_SCHEMA,
    ...rest,
    metrics: metrics.map((metric) => ({ ...metric, tolerance: toleranceOf(metric) })),
    settings,
  } as const;
  return { ...content, seal: sealOf(content) };
}

/**
 * Reads a lock.
 *
 * @throws {InputError} If the file is not there, is no lock, has another format or was edited; the message says what to do.
 */
export async function readLock(path: string): Promise<Lock> {
  const text = await fileOperation("read the lock", path, () => Deno.readTextFile(path));
  const remedy = "accept what the pipeline gives now with `verify --update`";
  const fail = (trouble: string): InputError => new InputError(`The lock '${path}' ${trouble}`);
  let content: unknown;
  try {
    content = fromJson(text);
  } catch (error) {
    throw fail(
      /^<{7} /m.test(text)
        ? `has the marks of a merge conflict: take one side, or ${remedy}`
        : `is not JSON (${(error as SyntaxError).message}): restore it, or ${remedy}`,
    );
  }
  if (typeof content !== "object" || content === null || !("schema" in content)) {
    throw fail(`is no lock, as it has no field 'schema': name another with --lock, or ${remedy}`);
  }
  if (content.schema !== LOCK_SCHEMA) {
    throw fail(
      `has schema ${content.schema}, and this version of pushforward reads schema ${LOCK_SCHEMA}: ` +
        `use the version that wrote it, or ${remedy}`,
    );
  }
  const trouble = lockTrouble(content);
  if (trouble !== null) throw fail(`is damaged: ${trouble}. Restore it, or ${remedy}`);
  const { seal, ...sealed } = content as Lock;
  const actual = sealOf(sealed);
  if (seal !== actual) {
    throw fail(
      `was edited: its seal is ${seal.slice(0, 12)}, and its content gives ${
        actual.slice(0, 12)
      }. Take the edit back, or ${remedy}`,
    );
  }
  return content as Lock;
}

/** Writes a lock, aside and renamed. */
export async function writeLock(path: string, lock: Lock): Promise<void> {
  await writeAtomically(path, toJson(lock, 2) + "\n");
}

/** SHA-256 of a lock's content, as it stands in the file. */
function sealOf(content: Omit<Lock, "seal">): string {
  return digest(JSON.parse(toJson(content)));
}
