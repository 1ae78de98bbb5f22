import assert from "node:assert/strict";
import { join } from "node:path";
import { CLI, deno, inFolder, noTrace, type Outcome, pipelineFile } from "./command_line.ts";

const FILE = pipelineFile({
  training: "training({ steps: 40, batchSize: 32 })",
  solver: "solver.euler({ steps: 8 })",
  metrics: "[metric.slicedWasserstein({ samples: 100 })]",
});

/** A folder with a locked pipeline. */
const locked = (test: (folder: string) => Promise<void>): Promise<void> =>
  inFolder(FILE, async (folder) => {
    const { code, err, out } = await deno(folder, "tiny.ts", "run", "--write-lock");
    assert.equal(code, 0, err);
    assert.match(out, /locked in tiny\.lock\.json/);
    await test(folder);
  });

/** The exit code and message of a command that must not pass. */
async function refused(folder: string, ...args: string[]): Promise<Outcome> {
  const found = await deno(folder, ...args);
  assert.notEqual(found.code, 0, found.out);
  noTrace(found);
  return found;
}

Deno.test("verify passes on what was locked, fails on a difference, and --update accepts it", () =>
  locked(async (folder) => {
    const same = await deno(folder, "tiny.ts", "verify");
    assert.equal(same.code, 0, same.err);
    assert.match(same.out, /tiny \w{12} replayed on cpu, .* bits are promised/);
    assert.match(same.out, /weights +\w{12} +\w{12} +same/);

    await Deno.writeTextFile(join(folder, "tiny.ts"), FILE.replace("steps: 40", "steps: 41"));
    const moved = await refused(folder, "tiny.ts", "verify", "--json");
    assert.equal(moved.code, 1, moved.err);
    assert.match(moved.err, /error: 5 of 7 moved from tiny\.lock\.json\. .*`verify --update`/);
    assert.match(moved.err, /settings\.training\.steps +40 +41 +\+1 +moved/);
    assert.match(moved.err, /why it may have moved: the pipeline's settings changed/);
    const { passed, rows } = JSON.parse(moved.out);
    assert.equal(passed, false);
    const metric = rows.find(({ what }: { what: string }) => what === "metrics.slicedWasserstein");
    assert.equal(metric.change, metric.found - metric.locked);

    const update = await deno(folder, "tiny.ts", "verify", "--update");
    assert.equal(update.code, 0, update.err);
    assert.match(update.out, /settings\.training\.steps.*moved[^]*locked in tiny\.lock\.json/);
    const again = await deno(folder, CLI, "verify", "tiny.ts", "--json");
    assert.equal(again.code, 0, again.err);
    assert.equal(JSON.parse(again.out).passed, true);
  }));

Deno.test("verify --quick evaluates the stored weights", () =>
  locked(async (folder) => {
    const quick = await deno(folder, "tiny.ts", "verify", "--quick");
    assert.equal(quick.code, 0, quick.err);
    assert.match(quick.out, /evaluated with its stored weights/);
    assert.doesNotMatch(quick.out, /training: /);
    const both = await refused(folder, "tiny.ts", "verify", "--quick", "--update");
    assert.match(both.err, /cannot be used with/);
    assert.equal(both.code, 2);
    await Deno.remove(join(folder, "runs"), { recursive: true });
    const missing = await refused(folder, "tiny.ts", "verify", "--quick");
    assert.match(missing.err, /There are no stored weights of 'tiny'/);
    assert.equal(missing.code, 2);
  }));

Deno.test("verify names what is wrong with a lock, exits with 2, and --update accepts", () =>
  locked(async (folder) => {
    const path = join(folder, "tiny.lock.json");
    const text = await Deno.readTextFile(path);
    const cases: [string | null, RegExp][] = [
      [null, /There is no lock to verify 'tiny' with: 'tiny\.lock\.json' is not there\. Write it/],
      [text.replace('"schema": 1', '"schema": 9'), /has schema 9, and this version .* schema 1/],
      [text.replace(/"value": [\d.]+/, '"value": 0.5'), /was edited: its seal is \w{12}/],
      [text.slice(0, 99), /is not JSON/],
    ];
    for (const [content, message] of cases) {
      if (content === null) await Deno.remove(path);
      else await Deno.writeTextFile(path, content);
      const found = await refused(folder, "tiny.ts", "verify");
      assert.match(found.err, message);
      assert.equal(found.code, 2);
    }
    const update = await deno(folder, "tiny.ts", "verify", "--update");
    assert.equal(update.code, 0, update.err);
    assert.equal(await Deno.readTextFile(path), text);

    await Deno.writeTextFile(join(folder, "tiny.ts"), FILE.replace('"tiny"', '"suns"'));
    const other = await refused(folder, "tiny.ts", "verify");
    assert.match(other.err, /The lock is that of the pipeline 'tiny', and this one is 'suns'/);
    assert.equal(other.code, 2);
  }));

Deno.test("a lock may have another place, and a pipeline from a URL needs one", () =>
  inFolder(FILE, async (folder) => {
    const spec = (await deno(folder, "tiny.ts", "graph", "--json")).out;
    const server = Deno.serve({ port: 0, onListen: () => {} }, () => {
      return new Response(JSON.stringify(JSON.parse(spec).spec));
    });
    try {
      const url = `http://127.0.0.1:${server.addr.port}/tiny.json`;
      const none = await refused(folder, CLI, "verify", url);
      assert.match(none.err, /No lock can lie beside 'http:.*tiny\.json': name one with --lock/);
      assert.equal(none.code, 2);
      const lock = ["--lock", "locks/tiny.json"];
      const written = await deno(folder, CLI, "run", url, "--write-lock", ...lock);
      assert.equal(written.code, 0, written.err);
      assert.equal((await deno(folder, CLI, "verify", url, "--quick", ...lock)).code, 0);
    } finally {
      await server.shutdown();
    }
  }));
