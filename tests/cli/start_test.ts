import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { originOf, placeOf, startOf } from "../../cli/start.ts";

const here = (path: string): string => pathToFileURL(join(Deno.cwd(), path)).href;

Deno.test("startOf() is how people start a file: a path from where they are, or a URL", () => {
  assert.equal(startOf(here("examples/two_moons.ts")), "deno run -A examples/two_moons.ts");
  assert.equal(startOf(here("my moons.ts")), "deno run -A 'my moons.ts'");
  assert.equal(startOf("https://host/cli/main.ts"), "deno run -A https://host/cli/main.ts");
});

Deno.test("placeOf() is a path from where people are, or a URL", () => {
  const path = join("x", "moons.ts");
  for (const file of [path, `./${path}`, join(Deno.cwd(), path), here(path)]) {
    assert.equal(placeOf(file), path);
  }
  assert.equal(placeOf("https://host/moons.ts"), "https://host/moons.ts");
});

Deno.test("originOf() is the command line that runs a pipeline again, settings and all", () => {
  const common = { backend: "auto", folder: "runs" } as const;
  const file = here("moons.ts");
  assert.deepEqual(originOf({ file, common: { ...common, set: ["seed=3", "name='it'"] } }, file), {
    file: "moons.ts",
    command: `deno run -A moons.ts run --set seed=3 --set 'name='\\''it'\\'''`,
  });
  assert.deepEqual(originOf({ file: "spec.json", common }, here("cli/main.ts")), {
    file: "spec.json",
    command: "deno run -A cli/main.ts run spec.json",
  });
  assert.equal(originOf({ file: null, common }, file), undefined);
});
