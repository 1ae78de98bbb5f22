import { createHash } from "node:crypto";
import { join } from "node:path";
import { digest } from "../../dsl/canonical.ts";
import { InputError } from "../../dsl/mod.ts";
import { fileOperation, isThere, removeLeftovers, writeAtomically } from "../files.ts";
import { decodeSafetensors, encodeSafetensors, type NamedTensors } from "../safetensors.ts";
import type { StreamPosition } from "./batches.ts";

/** Where a training is: what it has after `step` steps. */
export interface Position {
  readonly step: number;
  /** Seconds that these steps took. */
  readonly seconds: number;
  readonly state: NamedTensors;
  /** Loss of every step so far, [step]. */
  readonly loss: Float32Array;
}

/** What the checkpoints of a training must be. */
export interface CheckpointOf {
  readonly path: string;
  /** Content hash of the training's node. */
  readonly hash: string;
  /** The pipeline's seed: with it, the streams' positions are all the state that random numbers have. */
  readonly seed: number;
  /** Steps of the whole training. */
  readonly steps: number;
  /** The shape of every state, by name. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Where each random stream stands before this step. */
  readonly streams: (step: number) => Readonly<Record<string, StreamPosition>>;
}

/** The checkpoint's file in the folder of a training. */
export function checkpointIn(folder: string): string {
  return join(folder, "checkpoint.safetensors");
}

/** Removes the checkpoint that has served, and its folder, unless something was set aside there. */
export async function removeCheckpoint(folder: string): Promise<void> {
  if (!await isThere(folder)) return;
  await removeLeftovers(folder);
  await Deno.remove(checkpointIn(folder)).catch(() => {}); // it may have ended before its first checkpoint
  await Deno.remove(folder).catch(() => {}); // a folder with something in it stays
}

/** Writes a position: its tensors, and all that it must agree with when it is taken up. */
export async function writeCheckpoint(
  { path, hash, seed, streams }: CheckpointOf,
  { step, seconds, state, loss }: Position,
): Promise<void> {
  const tensors = new Map(state).set("loss", { data: loss, shape: [step] });
  const metadata = {
    node: hash,
    step: String(step),
    seconds: String(seconds),
    seed: String(seed),
    streams: JSON.stringify(streams(step)),
  };
  const sealed = { ...metadata, digest: sealOf(tensors, metadata) };
  await writeAtomically(path, encodeSafetensors(tensors, sealed));
}

/**
 * The position in the checkpoint; null where there is none. A file that is damaged, or of another training, is never used and
 * never deleted: it gets another name, which is said.
 */
export async function readCheckpoint(
  of: CheckpointOf,
  onWarning?: (text: string) => void,
): Promise<Position | null> {
  const { path } = of;
  const bytes = await fileOperation("read", path, async () => {
    try {
      return await Deno.readFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  });
  if (bytes === null) return null;
  const found = positionIn(bytes, of);
  if ("position" in found) return found.position;
  const aside = await setAside(path, found.kind);
  onWarning?.(
    `the checkpoint '${path}' is not used: ${found.trouble}. It is kept as '${aside}', and training starts anew`,
  );
  return null;
}

type Found =
  | { readonly position: Position }
  | { readonly kind: "corrupt" | "foreign"; readonly trouble: string };

function positionIn(bytes: Uint8Array, of: CheckpointOf): Found {
  const corrupt = (trouble: string): Found => ({ kind: "corrupt", trouble });
  const foreign = (trouble: string): Found => ({ kind: "foreign", trouble });
  let content: ReturnType<typeof decodeSafetensors>;
  try {
    content = decodeSafetensors(bytes, of.path);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return corrupt(error.message);
  }
  const { digest: seal, ...metadata } = content.metadata;
  const actual = sealOf(content.tensors, metadata);
  if (seal !== actual) {
    return corrupt(`its digest is ${shorten(seal)}, and its content gives ${shorten(actual)}`);
  }
  if (metadata.node !== of.hash) {
    return foreign(
      `it belongs to the training ${shorten(metadata.node)}, and this one is ${shorten(of.hash)}`,
    );
  }
  const step = Number(metadata.step);
  if (!(Number.isInteger(step) && step >= 0 && step <= of.steps)) {
    return foreign(`it stands at step ${metadata.step}, and this training has ${of.steps} steps`);
  }
  const found = shapesOf(content.tensors);
  const expected: ReturnType<typeof shapesOf> = { ...of.shapes, loss: [step] };
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    if (`${found[name]}` === `${expected[name]}`) continue;
    return foreign(
      `its tensor '${name}' is ${inWords(found[name])}, and that of this training ${
        inWords(expected[name])
      }`,
    );
  }
  const streams = JSON.stringify(of.streams(step));
  if (metadata.streams !== streams) {
    return foreign(
      `its random streams stand at ${metadata.streams}, and those of this training at ${streams}`,
    );
  }
  const state = new Map(content.tensors);
  const loss = state.get("loss")!.data;
  state.delete("loss");
  return { position: { step, seconds: Number(metadata.seconds), state, loss } };
}

function shapesOf(tensors: NamedTensors): Record<string, readonly number[]> {
  return Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
}

function inWords(shape: readonly number[] | undefined): string {
  return shape === undefined ? "not there" : `of shape [${shape}]`;
}

function shorten(hash: string | undefined): string {
  return hash === undefined ? "not there" : hash.slice(0, 12);
}

/** SHA-256 over tensors and metadata: a flipped bit anywhere gives another. */
function sealOf(tensors: NamedTensors, metadata: Readonly<Record<string, string>>): string {
  const header = [...tensors].map(([name, { shape }]) => [name, shape]);
  const all = createHash("sha256").update(digest([header, metadata]));
  for (const { data } of tensors.values()) {
    all.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return all.digest("hex");
}

/** Renames a file to the first free `<path>.<kind>-<n>`. */
async function setAside(path: string, kind: string): Promise<string> {
  for (let n = 1;; n++) {
    const aside = `${path}.${kind}-${n}`;
    if (await isThere(aside)) continue;
    await fileOperation("set aside", path, () => Deno.rename(path, aside));
    return aside;
  }
}
