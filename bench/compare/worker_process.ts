import { fileURLToPath } from "node:url";
import { lines } from "./lines.ts";
import type { Contender } from "./rows.ts";

/** How contenders are started. */
export interface Setting {
  /** Python of the environment that holds the peers. */
  readonly python: string;
  /** Folder of the shared inputs. */
  readonly inputs: string;
  readonly threads: number;
}

/** What one repetition took: seconds on the clock, seconds of processor over all threads, and what it found. */
export interface Repetition {
  readonly seconds: number;
  readonly cpu: number;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** A contender at work in its own process. */
export interface WorkerProcess extends AsyncDisposable {
  readonly versions: Readonly<Record<string, string>>;
  /** Does one repetition. */
  run(): Promise<Repetition>;
}

/** The command of a worker, or of another script under bench/, bound to the first cores when it may not have all. */
export function command(file: string, setting: Setting, variant = ""): Deno.Command {
  const { python, inputs, threads } = setting;
  const script = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const program = file.endsWith(".py") ? [python, script] : [Deno.execPath(), "run", "-A", script];
  const bound = threads < navigator.hardwareConcurrency && Deno.build.os === "linux"
    ? ["taskset", "-c", `0-${threads - 1}`]
    : [];
  const [first, ...rest] = [...bound, ...program];
  return new Deno.Command(first, {
    args: [...rest, "--inputs", inputs, "--threads", `${threads}`, "--variant", variant],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  });
}

/** Starts a worker and waits until it is ready. */
export async function startWorker(
  { file, variant }: Contender,
  setting: Setting,
): Promise<WorkerProcess> {
  const child = command(file, setting, variant).spawn();
  const answers = lines(child.stdout);
  const writer = child.stdin.getWriter();
  const next = async (): Promise<unknown> => {
    const { value, done } = await answers.next();
    if (done) throw new Error(`${file} ${variant} ended before its answer`);
    return JSON.parse(value);
  };
  const { versions } = await next() as { versions: Record<string, string> };
  return {
    versions,
    async run() {
      await writer.write(new TextEncoder().encode("run\n"));
      return await next() as Repetition;
    },
    async [Symbol.asyncDispose]() {
      await writer.close();
      await child.status;
    },
  };
}
