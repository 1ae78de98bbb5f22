import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder, noTrace, type Outcome, outcome, pipelineFile } from "./command_line.ts";

/** Runs a shell script that may mount, in a name space of its own. */
function withMounts(folder: string, script: string): Promise<Outcome> {
  return outcome(
    new Deno.Command("unshare", {
      args: ["--user", "--map-root-user", "--mount", "sh", "-c", script],
      cwd: folder,
      env: { NO_COLOR: "1", DENO: `${Deno.execPath()} run -A --no-check` },
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
}

const FILE = pipelineFile({
  training: "training({ steps: 2_000, batchSize: 16 })",
  solver: "solver.euler({ steps: 4 })",
  metrics: "[metric.slicedWasserstein({ samples: 100 })]",
});

// The losses in a checkpoint grow with its step, so that two of them fill eight pages in the second half of the training.
Deno.test({
  name: "a disk that fills up loses nothing: the same command goes on once there is room",
  ignore: Deno.build.os !== "linux", // small disks are made by mounts
  fn: () =>
    inFolder(FILE, async (folder) => {
      await Deno.mkdir(join(folder, "small"));
      const train = "$DENO tiny.ts train --folder small --checkpoint-every 0";
      const script = `mount -t tmpfs -o size=32k tmpfs small
${train}; echo "code $?"
echo "checkpoints $(ls small/.store/*.partial)"
grep -ao '"step":"[0-9]*"' small/.store/*.partial/checkpoint.safetensors
find small -name '*.tmp*'
mount -o remount,size=4m small
${train} --json > resumed.json; echo "code $?"
$DENO tiny.ts train --folder whole --json > whole.json
cp -r small/.store resumed-store`;
      const found = await withMounts(folder, script);
      noTrace(found);
      assert.match(
        found.out,
        /warning: Cannot write '.*checkpoint\.safetensors': the disk is full/,
      );
      assert.match(found.out, /Training goes on; the checkpoint before this one is whole/);
      assert.match(found.err, /error: Cannot write '.*': the disk is full/);
      assert.match(
        found.out,
        /code 2\ncheckpoints checkpoint\.safetensors\n"step":"\d{3,4}"\ncode 0\n/,
      );
      assert.doesNotMatch(found.err, /is not used/);
      const [resumed, whole] = await Promise.all(["resumed-store", "whole/.store"].map(weightsIn));
      assert.deepEqual(resumed, whole);

      async function weightsIn(store: string): Promise<Uint8Array> {
        for await (const { name } of Deno.readDir(join(folder, store))) {
          const file = join(folder, store, name, "weights.safetensors");
          const bytes = await Deno.readFile(file).catch(() => null);
          if (bytes !== null) return bytes;
        }
        return assert.fail(`no weights in ${store}`);
      }
    }),
});

Deno.test({
  name: "a disk that is full keeps what was there before it was full",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inFolder(FILE, async (folder) => {
      await Deno.mkdir(join(folder, "small"));
      const script = `mount -t tmpfs -o size=2m tmpfs small
$DENO tiny.ts train --folder small --quiet
find small -type f | sort | xargs sha256sum > before
head -c 3m /dev/zero > small/filler
$DENO tiny.ts run --folder small; echo "code $?"
rm small/filler
find small -type f | sort | xargs sha256sum > after
cmp before after && echo unchanged
$DENO tiny.ts run --folder small; echo "code $?"`;
      const found = await withMounts(folder, script);
      noTrace(found);
      assert.match(found.err, /error: Cannot .* '.*': the disk is full/);
      assert.match(found.out, /code 2\nunchanged\n[^]*training already there[^]*code 0\n$/);
    }),
});

Deno.test({
  name: "a run folder without permission is said in a line, with exit code 2",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inFolder(FILE, async (folder) => {
      const runs = join(folder, "runs");
      await Deno.mkdir(runs, { mode: 0o555 });
      // In a name space without users even root is held to the modes of files.
      const found = await outcome(
        new Deno.Command("unshare", {
          args: ["--user", Deno.execPath(), "run", "-A", "--no-check", "tiny.ts"],
          cwd: folder,
          env: { NO_COLOR: "1" },
          stdout: "piped",
          stderr: "piped",
        }).spawn(),
      );
      assert.match(found.err, /error: Cannot make the folder 'runs\/\.store': permission denied/);
      assert.equal(found.code, 2, found.err);
      noTrace(found);
      assert.deepEqual([...Deno.readDirSync(runs)], []);
    }),
});
