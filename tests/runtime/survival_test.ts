import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { fillUniform } from "../../runtime/random/mod.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/run_with_events.ts", import.meta.url));

/** A process that runs the fixture, and its events as they come. */
function start(folder: string): { process: Deno.ChildProcess; events: AsyncIterable<string> } {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", FIXTURE, folder],
    stdout: "piped",
  }).spawn();
  return { process, events: lines(process.stdout) };
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const [...all] = (rest + part).split("\n");
    rest = all.pop()!;
    yield* all;
  }
}

/** Every file of the run folder but `run.json`, which holds times. */
async function results(folder: string): Promise<Record<string, Uint8Array>> {
  const found: Record<string, Uint8Array> = {};
  const collect = async (path: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      const inside = join(path, name);
      if (isDirectory) await collect(inside);
      else if (name !== "run.json") {
        found[inside.slice(folder.length)] = await Deno.readFile(inside);
      }
    }
  };
  await collect(join(folder, "killed"));
  return found;
}

/** Names below a folder. */
async function* namesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    yield name;
    if (isDirectory) yield* namesBelow(join(folder, name));
  }
}

/** Runs that end by themselves leave the same bits, and nothing else. */
async function assertSame(folder: string, expected: Record<string, Uint8Array>): Promise<void> {
  const found = await results(folder);
  assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
  for (const [name, bytes] of Object.entries(expected)) {
    const same = found[name].length === bytes.length && found[name].every((b, i) => b === bytes[i]);
    assert.ok(same, `${name} has other bits`);
  }
  for await (const name of namesBelow(folder)) {
    assert.doesNotMatch(name, /\.(tmp|hold|partial)$|corrupt|foreign/, `${name} is left behind`);
  }
}

/** Kills of the run. */
const KILLS = 20;

Deno.test("a run that is killed at 20 moments ends with the bits of one that is not", async () => {
  const root = await Deno.makeTempDir();
  try {
    // An uninterrupted run, and when its events come.
    const whole = join(root, "whole");
    const uninterrupted = start(whole);
    const timeline: { event: string; at: number }[] = [];
    for await (const event of uninterrupted.events) timeline.push({ event, at: performance.now() });
    assert.ok((await uninterrupted.process.status).success);
    const expected = await results(whole);
    const begin = timeline[0].at;
    const length = timeline.at(-1)!.at - begin;

    const killed = join(root, "killed");
    const resumed: number[] = []; // the step at which each training began
    /** Kills the run so long after an event, or the first that comes in its place; false if it ends by itself before. */
    const kill = async (after: number, delay: number): Promise<boolean> => {
      const { process, events } = start(killed);
      let first = true;
      for await (const event of events) {
        assert.doesNotMatch(event, /^warning/);
        if (first && event.startsWith("training ")) {
          resumed.push(Number(event.split(" ")[1]));
          first = false;
        }
        const rank = timeline.findIndex((known) => known.event === event);
        if (rank < after) continue;
        if (rank === after) await setTimeout(delay);
        try {
          process.kill("SIGKILL");
        } catch { // it has ended
        }
        break;
      }
      return (await process.status).signal === "SIGKILL";
    };
    // One kill in each twentieth of the run, somewhere in it.
    const somewhere = new Float32Array(KILLS);
    fillUniform(somewhere, { seed: 1, stream: "kills", step: 0 });
    for (const [i, part] of somewhere.entries()) {
      const moment = begin + length * (i + part) / KILLS;
      const after = timeline.findLastIndex(({ at }) => at <= moment);
      if (await kill(after, moment - timeline[after].at)) continue;
      await assertSame(killed, expected); // it was faster this time
      await Deno.remove(killed, { recursive: true });
      assert.ok(await kill(after, 0), `kill ${i}`);
    }
    assert.ok(resumed.some((step) => step > 0 && step < 640), `resumed at ${resumed}`);

    const last = start(killed);
    for await (const event of last.events) assert.doesNotMatch(event, /^warning/);
    assert.ok((await last.process.status).success);
    await assertSame(killed, expected);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

/** Stops a run in the middle of its training, and starts a second that has to wait for it. */
async function twoRuns(
  test: (
    first: Deno.ChildProcess,
    second: { process: Deno.ChildProcess; events: AsyncIterator<string> },
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const { process: first, events: firstEvents } = start(folder);
    const early = firstEvents[Symbol.asyncIterator]();
    while ((await early.next()).value !== "training 64");
    first.kill("SIGSTOP");
    const second = start(folder);
    const events = second.events[Symbol.asyncIterator]();
    assert.equal((await events.next()).value, "start");
    assert.match(
      (await events.next()).value,
      new RegExp(
        `^warning: waiting for process ${first.pid} on .*, which does the training of killed`,
      ),
    );
    const drained = (async () => {
      while (!(await early.next()).done);
    })();
    await test(first, { process: second.process, events });
    await drained;
    await first.status;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function rest(events: AsyncIterator<string>): Promise<string[]> {
  const found: string[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) {
    found.push(next.value);
  }
  return found;
}

Deno.test({
  name: "a second run of the same folder waits for the first, and takes its results",
  ignore: Deno.build.os === "windows", // which cannot stop a process and let it go on
  fn: () =>
    twoRuns(async (first, { process, events }) => {
      first.kill("SIGCONT");
      const found = await rest(events);
      assert.ok((await process.status).success);
      assert.ok((await first.status).success);
      assert.deepEqual(found.filter((event) => event.startsWith("training")), []);
      assert.equal(found.at(-1), "end");
    }),
});

Deno.test({
  name: "a second run of the same folder goes on where the first was killed",
  ignore: Deno.build.os === "windows",
  fn: () =>
    twoRuns(async (first, { process, events }) => {
      first.kill("SIGKILL");
      const found = await rest(events);
      assert.ok((await process.status).success);
      const [from] = found.filter((event) => event.startsWith("training "));
      assert.ok(["training 32", "training 64"].includes(from), from);
      assert.equal(found.at(-1), "end");
    }),
});
