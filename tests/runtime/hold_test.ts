import assert from "node:assert/strict";
import { join } from "node:path";
import { hold, holdIfFree } from "../../runtime/hold.ts";

const HOLD = new URL("../../runtime/hold.ts", import.meta.url).href;

async function inFolder(test: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "deep", "result"), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const work = "training of moons";

Deno.test("hold() lets one in at a time, in turn, and leaves nothing behind", () =>
  inFolder(async (path, folder) => {
    let inside = 0;
    let done = 0;
    await Promise.all(Array.from({ length: 6 }, async () => {
      await using _ = await hold(path, { work });
      assert.equal(++inside, 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside--;
      done++;
    }));
    assert.equal(done, 6);
    assert.deepEqual([...Deno.readDirSync(join(folder, "deep"))], []);
  }));

/** A process that has the hold until it is killed. */
async function holder(path: string): Promise<Deno.ChildProcess> {
  const code = `import { hold } from ${JSON.stringify(HOLD)};
await hold(${JSON.stringify(path)}, { work: "${work}" });
console.log("held");
setInterval(() => {}, 1_000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", code],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /held/);
  await reader.cancel();
  return child;
}

Deno.test("hold() says who has it, and takes it over at once when that process is killed", () =>
  inFolder(async (path) => {
    const other = await holder(path);
    const waits: string[] = [];
    const onWait = (text: string): void => {
      waits.push(text);
      other.kill("SIGKILL");
    };
    const held = await hold(path, { work, onWait });
    assert.equal(waits.length, 1);
    assert.match(
      waits[0],
      new RegExp(
        `^waiting for process ${other.pid} on ${Deno.hostname()}, which does the training of moons ` +
          `since \\d{4}-\\d\\d-\\d\\dT\\S+Z \\(hold '.*result\\.hold'\\)$`,
      ),
    );
    await other.status;
    assert.equal(JSON.parse(await Deno.readTextFile(`${path}.hold`)).pid, Deno.pid);
    await held.release();
  }));

Deno.test("hold() takes over what a dead process left, without waiting", () =>
  inFolder(async (path) => {
    const other = await holder(path);
    other.kill("SIGKILL");
    await other.status;
    assert.equal(JSON.parse(await Deno.readTextFile(`${path}.hold`)).pid, other.pid);
    await using _ = await hold(path, { work, onWait: (text) => assert.fail(text) });
  }));

Deno.test("holdIfFree() takes a hold that is free, and waits for none", () =>
  inFolder(async (path) => {
    const held = await hold(path, { work });
    assert.equal(await holdIfFree(path, work), null);
    await held.release();
    const free = await holdIfFree(path, work);
    assert.ok(free !== null);
    await free.release();
  }));

Deno.test("hold() stops waiting when it is told to", () =>
  inFolder(async (path) => {
    await using _ = await hold(path, { work });
    const stop = new AbortController();
    await assert.rejects(
      hold(path, { work, signal: stop.signal, onWait: () => stop.abort() }),
      { name: "Interrupted", message: /Stopped while waiting for another run in this process/ },
    );
  }));

Deno.test("hold() ends if what is done first fails", () =>
  inFolder(async (path) => {
    const first = (): Promise<void> => Promise.reject(new Error("no"));
    await assert.rejects(hold(path, { work, first }), /no/);
    await using _ = await hold(path, { work, onWait: (text) => assert.fail(text) });
  }));

Deno.test("hold() in a place that is no folder says so", () =>
  inFolder(async (_path, folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    await assert.rejects(hold(join(folder, "file", "result"), { work }), {
      name: "InputError",
      message: /Cannot make the folder '.*file': a file of that name is in the way/,
    });
  }));
