import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../", import.meta.url);

/** Serves the files of the project as a web server would; `requests` grows by each path that is asked for. */
function serve(requests: string[]): { origin: string; close(): Promise<void> } {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    requests.push(pathname);
    const text = await Deno.readTextFile(new URL(`.${pathname}`, ROOT)).catch(() => null);
    return text === null
      ? new Response("not found", { status: 404 })
      : new Response(text, { headers: { "content-type": "application/typescript" } });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return { origin, close: () => server.shutdown() };
}

/** A cache of Deno in which no module of ours is, and npm's packages are those that are here already. */
async function freshCache(folder: string): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout)) as { npmCache: string };
  const cache = join(folder, "cache");
  await Deno.mkdir(cache);
  await Deno.symlink(npmCache, join(cache, "npm"));
  return cache;
}

/** Trains and samples, and prints what came out and which workers answered. */
const script = (mod: string) => `
const answered: string[] = [];
const Original = Worker;
globalThis.Worker = class extends Original {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    this.addEventListener("message", () => answered.push(options!.name!));
  }
};
const { coupling, data, pipeline, run, solver, training, velocity } = await import("${mod}");
const spec = pipeline({
  target: data.twoMoons(),
  coupling: coupling.optimalTransport(),
  velocity: velocity.mlp({ hidden: [16] }),
  training: training({ steps: 60, batchSize: 64 }),
  solver: solver.euler({ steps: 5 }),
});
const { model, backend } = await run(spec, { threads: 2, folder: Deno.args[0] });
const samples = await model.sample(20_000, { seed: 1 });
await model.close();
console.log(JSON.stringify({
  backend: backend.name,
  sum: samples.data.reduce((a: number, b: number) => a + b, 0),
  answered: [...new Set(answered)].sort(),
}));
`;

interface Found {
  readonly backend: string;
  readonly sum: number;
  readonly answered: readonly string[];
}

async function runScript(folder: string, flags: string[], cache?: string): Promise<Found> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", "--allow-ffi", ...flags],
    cwd: folder,
    env: cache === undefined ? {} : { DENO_DIR: cache },
  }).output();
  const err = new TextDecoder().decode(stderr);
  assert.ok(success, err);
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("a script that imports mod.ts by its URL trains and samples, in an empty folder with an empty cache", async () => {
  const folder = await Deno.makeTempDir();
  const requests: string[] = [];
  const server = serve(requests);
  let open = true;
  try {
    const cache = await freshCache(folder);
    await Deno.mkdir(join(folder, "empty"));
    const empty = join(folder, "empty");
    await Deno.writeTextFile(join(empty, "script.ts"), script(`${server.origin}/mod.ts`));
    const least = ["--allow-read=.", "--allow-write=.", "--deny-net"];
    const first = await runScript(
      empty,
      [...least, `--allow-import=${new URL(server.origin).host}`, "script.ts", "first"],
      cache,
    );
    assert.equal(first.backend, "cpu");
    assert.deepEqual(first.answered, ["pushforward batches", "pushforward lane"]);
    assert.equal(requests.length, new Set(requests).size, "a module was fetched twice");
    assert.ok(!requests.some((path) => /^\/(tests|bench|examples|scripts)\//.test(path)));

    await server.close();
    open = false;
    const offline = await runScript(
      empty,
      [...least, "--cached-only", "script.ts", "second"],
      cache,
    );
    assert.deepEqual(offline, first);

    const local = join(empty, "local.ts");
    await Deno.writeTextFile(local, script(new URL("mod.ts", ROOT).href));
    const here = fileURLToPath(ROOT);
    const same = await runScript(empty, [
      `--allow-read=.,${here}`,
      "--allow-write=.",
      "--deny-net",
      "local.ts",
      "third",
    ]);
    assert.deepEqual(same, first); // to the bit
  } finally {
    if (open) await server.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the command line and a pipeline run from their URLs, and init imports the language from there", async () => {
  const folder = await Deno.makeTempDir();
  const server = serve([]);
  const { host } = new URL(server.origin);
  try {
    const cache = await freshCache(folder);
    const run = async (...args: string[]): Promise<string> => {
      const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-check", "--no-prompt", `--allow-import=${host}`, ...args],
        cwd: folder,
        env: { DENO_DIR: cache, NO_COLOR: "1" },
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout);
    };
    const main = `${server.origin}/cli/main.ts`;
    assert.match(await run(main, "graph", `${server.origin}/examples/two_moons.ts`), /^two-moons/);
    await run("--allow-write=.", main, "init", "mine.ts", "--quiet");
    const text = await Deno.readTextFile(join(folder, "mine.ts"));
    assert.ok(text.includes(`from "${server.origin}/mod.ts";`));
    assert.match(await run("mine.ts", "graph"), /^mine /);
  } finally {
    await server.close();
    await Deno.remove(folder, { recursive: true });
  }
});
