/**
 * One rival in a process of its own. It answers lines of JSON: { open: work }, { run: count } and { close: true }, each
 * with a line of its own; what fails is an answer, too. `bench/peers/gpu.py` speaks the same.
 *
 *     deno run -A bench/webgpu/worker.ts NAME
 */
import { lines } from "../compare/lines.ts";
import { deviceClock } from "./clock.ts";
import type { Job } from "./rival.ts";
import { RIVALS } from "./rivals/mod.ts";
import { numbersOf, type Work } from "./work.ts";

/** What a worker may be asked. */
export type Request =
  | { readonly open: Work; readonly folder: string }
  | { readonly run: number; readonly clock?: boolean }
  | { readonly close: true };

/** What it answers. */
export type Answer =
  | { readonly ready: string }
  | { readonly opened: true }
  | { readonly seconds: number; readonly check: number; readonly device?: number }
  | { readonly closed: true }
  | { readonly error: string };

function say(answer: Answer): void {
  console.log(JSON.stringify(answer));
}

function problemOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}

async function answer(request: Request, job: Job | null): Promise<readonly [Answer, Job | null]> {
  if ("open" in request) {
    return [{ opened: true }, await rival.open(request.open, numbersOf(request.open))];
  }
  if ("close" in request) {
    await job?.close();
    return [{ closed: true }, null];
  }
  if (request.clock) clock?.start();
  const start = performance.now();
  const { check } = await job!.run(request.run);
  const seconds = (performance.now() - start) / 1000;
  const device = request.clock ? await clock?.stop() : undefined;
  return [{ seconds, check, device }, job];
}

const clock = await deviceClock();
const rival = await RIVALS[Deno.args[0]]().catch((error) => {
  say({ error: problemOf(error) });
  Deno.exit(0);
});
say({ ready: rival.description });
let job: Job | null = null;
for await (const line of lines(Deno.stdin.readable)) {
  try {
    const [said, next]: readonly [Answer, Job | null] = await answer(JSON.parse(line), job);
    job = next;
    say(said);
  } catch (error) {
    say({ error: problemOf(error) });
  }
}
Deno.exit(0);
