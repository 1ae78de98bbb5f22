import { fileURLToPath } from "node:url";
import { lines } from "../compare/lines.ts";
import type { Answer, Request } from "./worker.ts";

/** A rival in a process of its own. */
export interface RivalProcess {
  readonly name: string;
  /** Versions and device, or why it cannot be measured. */
  readonly ready: Answer;
  /** Asks for something; an answer that does not come in time is an error, and the last that is asked. */
  ask(request: Request, seconds: number): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts a rival: of Deno by its name, of PyTorch as "torch:" and a variant. */
export async function startRival(name: string, python: string | null): Promise<RivalProcess> {
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const [program, args] = name.startsWith("torch:")
    ? [python!, [file("../peers/gpu.py"), name.slice("torch:".length)]] as const
    : [Deno.execPath(), ["run", "-A", "--no-check", file("worker.ts"), name]] as const;
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const answers = lines(child.stdout);
  const writer = child.stdin.getWriter();
  let ended = false;

  const next = async (seconds: number): Promise<Answer> => {
    if (ended) return { error: "its process has ended" };
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), seconds * 1_000);
    const line = await Promise.race([answers.next(), late]);
    clearTimeout(timer);
    if (line !== null && !line.done) {
      // Libraries print to the same stream: what is no answer is passed over.
      return line.value.startsWith("{") ? JSON.parse(line.value) : await next(seconds);
    }
    ended = true;
    child.kill("SIGKILL");
    return { error: line === null ? `no answer in ${Math.round(seconds)} s` : "its process ended" };
  };

  return {
    name,
    ready: await next(120),
    async ask(request, seconds) {
      if (!ended) await writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
      return await next(seconds);
    },
    async close() {
      await writer.close().catch(() => {});
      if (!ended) child.kill("SIGKILL");
      await child.status;
    },
  };
}
