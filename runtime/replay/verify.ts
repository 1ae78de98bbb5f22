import { join } from "node:path";
import { InputError } from "../../dsl/error.ts";
import { hash, type PipelineSpec } from "../../dsl/mod.ts";
import type { BackendChoice } from "../backends/mod.ts";
import { openExecution, type Weights } from "../execution.ts";
import { fileOperation, isThere } from "../files.ts";
import { hold } from "../hold.ts";
import { outcomeIn } from "../record.ts";
import { runFolder, type RunOptions } from "../run.ts";
import { decodeSafetensors } from "../safetensors.ts";
import { type Differences, differencesOf } from "./difference.ts";
import type { Lock } from "./lock.ts";
import type { RunOutcome } from "./outcome.ts";

/** How to replay. */
export interface VerifyOptions extends Omit<RunOptions, "force" | "checkpointEvery"> {
  /** What runs the programs; by default the lock's backend. */
  readonly backend?: BackendChoice;
  /** Evaluates the stored weights of the run folder instead of training anew. */
  readonly quick?: boolean;
}

/** What a replay came out as, held against its lock. */
export interface Verification extends Differences {
  /** Whether nothing moved that may not. */
  readonly passed: boolean;
  /** Name and reason of the backend that ran. */
  readonly backend: { readonly name: string; readonly reason: string };
  /** What the replay came out as. */
  readonly outcome: RunOutcome;
}

/**
 * Replays a pipeline, from its first training step, whatever is stored, and compares it with a lock.
 *
 * Where the lock's backend promises bits (`wasm` anywhere, `cpu` on the same instruction set, both at the same versions) every
 * digest must be equal; elsewhere each metric must be within its tolerance. The replay is made in a folder of its own below
 * `folder`, which is removed afterwards.
 *
 * @throws {InputError} If the lock is that of another pipeline, the backend cannot be had, or, with `quick`, no weights are stored.
 * @throws {CheckFailed} If the loss is not finite.
 * @throws {Interrupted} If `signal` fired.
 *
 * @example In a script
 * ```ts ignore
 * const { passed, rows } = await verify(moons, await readLock("moons.lock.json"));
 * if (!passed) console.table(rows);
 * ```
 */
export async function verify(
  spec: PipelineSpec,
  lock: Lock,
  options: VerifyOptions = {},
): Promise<Verification> {
  if (lock.pipeline !== spec.name) {
    throw new InputError(
      `The lock is that of the pipeline '${lock.pipeline}', and this one is '${spec.name}': ` +
        `name another lock with --lock, or accept this pipeline with \`verify --update\``,
    );
  }
  const { outcome, backend } = await replay(spec, {
    ...options,
    backend: options.backend ?? lock.backend as BackendChoice,
  });
  const differences = differencesOf(lock, outcome, { stored: options.quick });
  const passed = differences.rows.every(({ verdict }) => verdict !== "moved");
  return { passed, backend, outcome, ...differences };
}

/** Replays a pipeline and says what it came out as. */
export async function replay(
  spec: PipelineSpec,
  { quick = false, folder = "runs", ...options }: VerifyOptions,
): Promise<Pick<Verification, "backend" | "outcome">> {
  const weights = quick ? await storedWeights(spec, folder) : undefined;
  const own = join(folder, `.replay-${hash(spec).slice(0, 12)}`);
  const { signal, onWarning: onWait } = options;
  const first = (): Promise<void> => removeFolder(own); // of a replay that was killed
  await using _ = await hold(own, { work: `replay of ${spec.name}`, first, signal, onWait });
  try {
    const execution = await openExecution(spec, { ...options, folder: own }, { weights });
    try {
      const { name, reason } = execution.backend;
      return { backend: { name, reason }, outcome: await outcomeIn(execution) };
    } finally {
      await execution.close();
    }
  } finally {
    await removeFolder(own);
  }
}

/** The weights that the last run of a pipeline left in its folder; undefined for a closed form. */
async function storedWeights(spec: PipelineSpec, root: string): Promise<Weights | undefined> {
  if (spec.training === null) return undefined;
  const file = join(runFolder({ spec, hash: hash(spec) }, { folder: root }), "weights.safetensors");
  if (!await isThere(file)) {
    throw new InputError(
      `There are no stored weights of '${spec.name}' to evaluate: '${file}' is not there. ` +
        `Run the pipeline first, or verify it without --quick`,
    );
  }
  const bytes = await fileOperation("read the run's", file, () => Deno.readFile(file));
  return { parameters: decodeSafetensors(bytes, file).tensors, loss: null };
}

async function removeFolder(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
