import assert from "node:assert/strict";

/** What `deno info --json` says of a module and all it imports. */
interface Info {
  readonly roots: readonly string[];
  readonly redirects: Readonly<Record<string, string>>;
  readonly modules: readonly {
    readonly specifier: string;
    readonly size?: number;
    readonly dependencies?: readonly {
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
}

const ROOT = new URL("../", import.meta.url);

async function infoOf(file: string): Promise<Info> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-lock", new URL(file, ROOT).href],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** What is loaded when the root is: what its imports lead to, without those that wait for their use. */
function loadedBy({ modules, redirects, roots }: Info): Set<string> {
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const found = new Set<string>();
  const waiting = [...roots];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const name = redirects[next] ?? next;
    if (found.has(name)) continue;
    found.add(name);
    for (const { isDynamic, code } of byName.get(name)?.dependencies ?? []) {
      if (!isDynamic && code?.specifier !== undefined) waiting.push(code.specifier);
    }
  }
  return found;
}

/** The names of packages among modules, without their versions. */
function packagesIn(modules: Iterable<string>): string[] {
  const names = [...modules].map((name) => /^npm:\/?((@[^/@]+\/)?[^/@]+)@/.exec(name)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

Deno.test("what a pipeline file loads before it runs leaves out every package that only some commands need", async () => {
  const info = await infoOf("mod.ts");
  assert.deepEqual(packagesIn(loadedBy(info)), [
    "cli-progress",
    "cli-table3",
    "commander",
    "onnx-proto",
    "zod",
  ]);
  const all = packagesIn(info.modules.map(({ specifier }) => specifier));
  for (const waiting of ["onnxruntime-node", "onnxruntime-web", "hyparquet", "linkedom"]) {
    assert.ok(all.includes(waiting), `${waiting} is not even imported when it is used`);
  }
});

Deno.test("dsl/mod.ts alone pulls zod and nothing else", async () => {
  const loaded = loadedBy(await infoOf("dsl/mod.ts"));
  assert.deepEqual(packagesIn(loaded), ["zod"]);
  const ours = [...loaded].filter((name) => name.startsWith(ROOT.href));
  const folders = new Set(ours.map((name) => name.slice(ROOT.href.length).split("/")[0]));
  assert.deepEqual([...folders].sort(), ["dsl", "graph"]);
});

Deno.test("graph/mod.ts alone pulls no package", async () => {
  assert.deepEqual(packagesIn(loadedBy(await infoOf("graph/mod.ts"))), []);
});

Deno.test("the modules of mod.ts stay below 2 MiB in 700 files", async () => {
  const { modules } = await infoOf("mod.ts");
  const ours = modules.filter(({ specifier }) => specifier.startsWith(ROOT.href));
  const bytes = ours.reduce((sum, { size = 0 }) => sum + size, 0);
  assert.ok(bytes < 2 * 2 ** 20, `${bytes} bytes`);
  assert.ok(ours.length < 700, `${ours.length} files`);
});
