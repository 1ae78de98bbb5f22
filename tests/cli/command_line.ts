import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder as inEmptyFolder } from "../in_folder.ts";

/** What a command did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const MOD = new URL("../../mod.ts", import.meta.url).href;
/** The command line as a program of its own. */
export const CLI: string = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** A pipeline file of a few seconds; `changes` replaces parts of it. */
export function pipelineFile(changes: Readonly<Record<string, string>> = {}): string {
  const parts: Record<string, string> = {
    name: `"tiny"`,
    target: `data.twoMoons({ noise: 0.05 })`,
    velocity: `velocity.mlp({ hidden: [16, 16] })`,
    training: `training({ steps: 200, batchSize: 64 })`,
    solver: `solver.dopri5({ rtol: 1e-3, atol: 1e-3 })`,
    metrics: `[metric.slicedWasserstein({ samples: 300 })]`,
    ...changes,
  };
  return `import { coupling, data, main, metric, optimizer, pipeline, solver, source, training, velocity } from "${MOD}";
const spec = pipeline({ ${Object.entries(parts).map(([k, v]) => `${k}: ${v}`).join(", ")} });
export default spec;
if (import.meta.main) await main(spec);
`;
}

/** Starts a file in a folder of its own; runs go to `runs` there. */
export function start(folder: string, args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", ...args],
    cwd: folder,
    // A driver of a graphics card that finds no folder of the session says so on stderr.
    env: { NO_COLOR: "1", XDG_RUNTIME_DIR: folder },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Waits for a process and takes what it wrote. */
export async function outcome(process: Deno.ChildProcess): Promise<Outcome> {
  const { code, stdout, stderr } = await process.output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** Runs a file in a folder. */
export const deno = (folder: string, ...args: string[]): Promise<Outcome> =>
  outcome(start(folder, args));

/** Makes a folder with `tiny.ts` in it, and removes it after the test. */
export function inFolder(
  content: string,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  return inEmptyFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "tiny.ts"), content);
    await test(folder);
  });
}

/** Asserts that no stack trace was printed. */
export function noTrace({ err }: Outcome): void {
  assert.doesNotMatch(err, /^\s+at .*\.ts:\d+/m);
}
