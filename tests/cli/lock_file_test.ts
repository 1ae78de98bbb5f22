import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { lockFileOf } from "../../cli/lock_file.ts";

const of = (file: string | null, lock?: string): string =>
  lockFileOf({ file, common: { lock, backend: "auto", folder: "runs" } });

Deno.test("lockFileOf() puts the lock beside the pipeline file", () => {
  assert.equal(of("moons.ts"), "moons.lock.json");
  assert.equal(of("a/b.c/moons.mjs"), "a/b.c/moons.lock.json");
  assert.equal(of("spec.json"), "spec.lock.json");
  assert.equal(of("moons"), "moons.lock.json");
  assert.equal(
    of(pathToFileURL(join(Deno.cwd(), "x", "moons.ts")).href),
    join("x", "moons.lock.json"),
  );
  assert.equal(of("https://a.b/moons.ts", "here.json"), "here.json");
});

Deno.test("lockFileOf() asks for a lock where none can lie beside the pipeline", () => {
  assert.throws(() => of("https://a.b/moons.ts"), { name: "InputError", message: /--lock/ });
  assert.throws(() => of(null), { name: "InputError", message: /name a lock with --lock/ });
});
