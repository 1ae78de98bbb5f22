import assert from "node:assert/strict";
import { join } from "node:path";
import { writeAtomically } from "../../../runtime/files.ts";
import { decodeSafetensors } from "../../../runtime/safetensors.ts";
import { streamsAt } from "../../../runtime/training/batches.ts";
import {
  checkpointIn,
  type CheckpointOf,
  type Position,
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
} from "../../../runtime/training/checkpoint.ts";

const POSITION: Position = {
  step: 3,
  seconds: 12.5,
  state: new Map([
    ["weight", { data: Float32Array.of(1, -2, 3e-30, 4), shape: [2, 2] }],
    ["slot/weight", { data: Float32Array.of(0, -0, 1e30, 0.1), shape: [2, 2] }],
  ]),
  loss: Float32Array.of(3, 2, 1),
};

const RECIPE = { batchSize: 8, coupling: { kind: "optimalTransport", batchSize: 16 } } as const;

async function inFolder(
  test: (of: CheckpointOf, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test({
      path: checkpointIn(folder),
      hash: "ab".repeat(32),
      seed: 7,
      steps: 10,
      shapes: { weight: [2, 2], "slot/weight": [2, 2] },
      streams: (step) => streamsAt(RECIPE, step),
    }, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is said of a checkpoint that is not used, and the file it is kept in. */
async function refused(of: CheckpointOf): Promise<{ warning: string; aside: string }> {
  const warnings: string[] = [];
  assert.equal(await readCheckpoint(of, (text) => void warnings.push(text)), null);
  assert.equal(warnings.length, 1);
  const [, aside] = /is not used: .*\. It is kept as '([^']+)', and training starts anew$/
    .exec(warnings[0])!;
  return { warning: warnings[0], aside };
}

Deno.test("a checkpoint gives back its position, to the bit", () =>
  inFolder(async (of) => {
    assert.equal(await readCheckpoint(of), null);
    await writeCheckpoint(of, POSITION);
    const found = (await readCheckpoint(of))!;
    assert.deepEqual(found, POSITION);
    assert.ok(Object.is(found.state.get("slot/weight")!.data[1], -0));
  }));

Deno.test("a checkpoint records the position of every random stream", () =>
  inFolder(async (of) => {
    await writeCheckpoint(of, POSITION);
    const { metadata } = decodeSafetensors(await Deno.readFile(of.path), of.path);
    assert.equal(metadata.seed, "7");
    // Step 3 takes the second half of plan 1, which serves steps 2 and 3.
    assert.deepEqual(JSON.parse(metadata.streams), {
      "training/source": { step: 1, row: 8 },
      "training/target": { step: 1, row: 8 },
      "training/coupling": { step: 1, row: 8 },
      "training/time": { step: 3, row: 0 },
    });
  }));

/** What may become of a file, and what is said of it. */
const DAMAGES: Readonly<Record<string, [(bytes: Uint8Array) => Uint8Array, RegExp]>> = {
  "is empty": [() => new Uint8Array(), /it has 0 bytes, and the header's length alone takes 8/],
  "is truncated": [(bytes) => bytes.slice(0, -5), /tensor 'loss' of shape \[3\] does not fit its/],
  "is longer than it says": [
    (bytes) => Uint8Array.from([...bytes, 0]),
    /its tensors end at byte (\d+) of \d+/,
  ],
  "has a header that never ends": [
    (bytes) => bytes.fill(255, 0, 8),
    /its header ends at byte \d{8}/,
  ],
  "is another file": [
    () => new TextEncoder().encode("Dear diary,"),
    /its header ends at byte \d{8}/,
  ],
  "has a header of null": [
    () => Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode("null")),
    /its digest is not there/,
  ],
  "has a flipped bit in a tensor": [
    (bytes) => bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1),
    /its digest is \w{12}, and its content gives \w{12}/,
  ],
};

for (const [damage, [make, message]] of Object.entries(DAMAGES)) {
  Deno.test(`a checkpoint that ${damage} is named and set aside`, () =>
    inFolder(async (of) => {
      await writeCheckpoint(of, POSITION);
      const bytes = make(await Deno.readFile(of.path));
      await Deno.writeFile(of.path, bytes);
      const { warning, aside } = await refused(of);
      assert.match(warning, message);
      assert.equal(aside, `${of.path}.corrupt-1`);
      assert.deepEqual(await Deno.readFile(aside), bytes);
      assert.equal(await readCheckpoint(of), null);
      await Deno.writeFile(of.path, bytes);
      assert.equal((await refused(of)).aside, `${of.path}.corrupt-2`, "the first is kept");
    }));
}

Deno.test("no flipped bit of a checkpoint goes unnoticed", () =>
  inFolder(async (of) => {
    await writeCheckpoint(of, POSITION);
    const bytes = await Deno.readFile(of.path);
    for (const i of bytes.keys()) {
      await Deno.writeFile(of.path, bytes.with(i, bytes[i] ^ (1 << (i % 8))));
      assert.equal(await readCheckpoint(of), null, `a flipped bit ${i % 8} of byte ${i}`);
      await Deno.remove(`${of.path}.corrupt-1`);
    }
  }));

/** What a checkpoint of another training has, and what is said of it. */
const STRANGERS: readonly [string, Partial<CheckpointOf>, RegExp][] = [
  ["node", { hash: "cd".repeat(32) }, /it belongs to the training abab\w{8}, and this one is cdcd/],
  ["length", { steps: 2 }, /it stands at step 3, and this training has 2 steps/],
  [
    "shape",
    { shapes: { weight: [4], "slot/weight": [2, 2] } },
    /its tensor 'weight' is of shape \[2,2\], and that of this training of shape \[4\]/,
  ],
  [
    "network",
    { shapes: { weight: [2, 2], "slot/weight": [2, 2], bias: [2] } },
    /its tensor 'bias' is not there, and that of this training of shape \[2\]/,
  ],
  [
    "optimizer",
    { shapes: { weight: [2, 2] } },
    /its tensor 'slot\/weight' is of shape \[2,2\], and that of this training not there/,
  ],
  [
    "order of draws",
    { streams: (step) => streamsAt({ ...RECIPE, batchSize: 16 }, step) },
    /its random streams stand at .*"row":8.*, and those of this training at .*"row":0/,
  ],
];

for (const [stranger, changes, message] of STRANGERS) {
  Deno.test(`a checkpoint of a training with another ${stranger} is named and set aside`, () =>
    inFolder(async (of) => {
      await writeCheckpoint(of, POSITION);
      const bytes = await Deno.readFile(of.path);
      const { warning, aside } = await refused({ ...of, ...changes });
      assert.match(warning, message);
      assert.equal(aside, `${of.path}.foreign-1`);
      assert.deepEqual(await Deno.readFile(aside), bytes);
    }));
}

Deno.test("removeCheckpoint() removes what has served, and nothing that was set aside", () =>
  inFolder(async (of, folder) => {
    await writeCheckpoint(of, POSITION);
    await Deno.writeTextFile(`${of.path}.1234.tmp`, "half");
    await Deno.writeTextFile(`${of.path}.corrupt-1`, "x");
    await removeCheckpoint(folder);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), [
      "checkpoint.safetensors.corrupt-1",
    ]);
    const other = join(folder, "other");
    await writeAtomically(checkpointIn(other), "x");
    await removeCheckpoint(other);
    await assert.rejects(Deno.stat(other), Deno.errors.NotFound);
    await removeCheckpoint(other);
  }));
