/**
 * The protocol of a benchmark worker, as in `bench/peers/worker.py`: a long-lived process that does one timed
 * repetition for every line "run" on its standard input, and prints one JSON line for each.
 *
 * @module
 */
import { lines } from "../compare/lines.ts";
import process from "node:process";

/** What the driver hands to a worker. */
export interface WorkerOptions {
  /** Folder that `bench/peers/make_inputs.py` wrote. */
  readonly inputs: string;
  readonly threads: number;
  readonly variant: string;
}

/** What a repetition reports beside its time. */
export type Extra = Readonly<Record<string, unknown>>;

/** Reads `--inputs`, `--threads` and `--variant`. */
export function workerOptions(args: readonly string[] = Deno.args): WorkerOptions {
  const value = (name: string): string | undefined => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? undefined : args[at + 1];
  };
  const inputs = value("inputs");
  if (inputs === undefined) throw new TypeError("A worker needs --inputs FOLDER, found none");
  return {
    inputs,
    threads: Number(value("threads") ?? navigator.hardwareConcurrency),
    variant: value("variant") ?? "",
  };
}

/** Answers "run" lines with timed calls of `repetition` until the input ends. */
export async function serve(repetition: () => Promise<Extra> | Extra): Promise<void> {
  say({ ready: true, versions: { deno: Deno.version.deno } });
  for await (const line of lines(Deno.stdin.readable)) {
    if (line.trim() !== "run") continue;
    const start = performance.now();
    const before = process.cpuUsage();
    const extra = await repetition();
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    say({ seconds, cpu: (user + system) / 1e6, extra });
  }
}

/** Prints one JSON line. */
export function say(value: unknown): void {
  console.log(JSON.stringify(value));
}
