/**
 * Start-up: whole processes, from the start of Deno to its end, with everything cached. Beside `graph`, which opens no
 * backend, stand the parts that it is made of.
 *
 * Goal: `graph` below 0.7 seconds.
 */
import { fileURLToPath } from "node:url";

const here = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const moons = here("examples/two_moons.ts");

/** What is started, and as what it is shown. */
const PROGRAMS: Readonly<Record<string, string[]>> = {
  "Deno alone": ["eval", "0"],
  "graph/mod.ts alone": ["run", "--no-check", here("graph/mod.ts")],
  "dsl/mod.ts alone": ["run", "--no-check", here("dsl/mod.ts")],
  "mod.ts alone": ["run", "--no-check", here("mod.ts")],
  "two_moons.ts graph": ["run", "-A", "--no-check", moons, "graph"],
  "cli/main.ts graph two_moons.ts": [
    "run",
    "-A",
    "--no-check",
    here("cli/main.ts"),
    "graph",
    moons,
  ],
  "two_moons.ts status": ["run", "-A", "--no-check", moons, "status"],
};

for (const [name, args] of Object.entries(PROGRAMS)) {
  Deno.bench(name, { n: 5, warmup: 1 }, async () => {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  });
}
