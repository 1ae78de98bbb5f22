/**
 * How many requests `server.ts` answers, and how long each takes.
 *
 *     deno run -A examples/deploy/server.ts model/ &
 *     deno run -A examples/deploy/load_test.ts http://127.0.0.1:8000 --connections 8 --seconds 5 --n 16
 *
 * @module
 */
import { parseArgs } from "node:util";

/** What a load test found. */
export interface Load {
  readonly requests: number;
  /** Answers by HTTP status. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly perSecond: number;
  /** Milliseconds within which this part of the requests was answered. */
  readonly latency: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
}

/** Asks for `n` samples again and again on some connections at a time. */
export async function loadTest(
  url: string,
  { connections, seconds, n }: {
    readonly connections: number;
    readonly seconds: number;
    readonly n: number;
  },
): Promise<Load> {
  const times: number[] = [];
  const statuses: Record<number, number> = {};
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(Array.from({ length: connections }, async () => {
    while (performance.now() < end) {
      const asked = performance.now();
      const response = await fetch(`${url}/sample`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ n }),
      });
      await response.arrayBuffer();
      times.push(performance.now() - asked);
      statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    }
  }));
  const elapsed = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const at = (part: number): number =>
    times[Math.min(times.length - 1, Math.floor(part * times.length))];
  return {
    requests: times.length,
    statuses,
    perSecond: times.length / elapsed,
    latency: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
  };
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      connections: { type: "string", default: "8" },
      seconds: { type: "string", default: "5" },
      n: { type: "string", default: "16" },
    },
  });
  const { requests, statuses, perSecond, latency } = await loadTest(
    positionals[0] ?? "http://127.0.0.1:8000",
    {
      connections: Number(values.connections),
      seconds: Number(values.seconds),
      n: Number(values.n),
    },
  );
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  console.log(`${requests} requests, ${perSecond.toFixed(0)} a second; statuses`, statuses);
  const { p50, p95, p99, max } = latency;
  console.log(`latency: median ${ms(p50)}, 95 % ${ms(p95)}, 99 % ${ms(p99)}, longest ${ms(max)}`);
}
