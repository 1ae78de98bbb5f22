/**
 * An exported model behind HTTP, with nothing of Pushforward at run time: ONNX Runtime serves the files.
 *
 *     deno run -A moons.ts export --to model/
 *     deno run -A examples/deploy/server.ts model/ --port 8000
 *
 *     curl localhost:8000/sample -H 'content-type: application/json' -d '{"n": 3, "seed": 1}'
 *     curl localhost:8000/log_likelihood -H 'content-type: application/json' -d '{"x": [[0.5, 0.2]]}'
 *     curl localhost:8000/health
 *
 * @module
 */
import { parseArgs } from "node:util";
import { z } from "npm:zod@4.6.7";
import { canDraw, drawSource, type Source } from "./noise.ts";
import { type Done, Pool, Unavailable } from "./pool.ts";

/** How much the server takes on. */
export interface Limits {
  /** Workers, each on one core. */
  readonly workers: number;
  /** Requests that may wait. */
  readonly queue: number;
  /** Seconds that a request may take. */
  readonly timeout: number;
  /** Points in a request. */
  readonly points: number;
  /** Numbers in the points of a request, and so in its answer. */
  readonly numbers: number;
  /** Bytes in a request's body. */
  readonly bytes: number;
}

/** The limits where none are given. */
export const LIMITS: Limits = {
  workers: navigator.hardwareConcurrency,
  queue: 100,
  timeout: 10,
  points: 10_000,
  numbers: 1_000_000,
  bytes: 4_000_000,
};

const shape = z.array(z.int().min(1));
const perCoordinate = z.union([z.number(), z.array(z.number())]).optional();

/** What the server reads of `manifest.json`. */
const manifestBody = z.object({
  name: z.string(),
  hash: z.string(),
  source: z.object({
    ...{ kind: z.string(), shape },
    ...{ mean: perCoordinate, scale: perCoordinate, low: perCoordinate, high: perCoordinate },
  }) satisfies z.ZodType<Source>,
  target: z.object({ shape }),
  leftOut: z.array(z.object({ file: z.string(), reason: z.string() })),
});

/** What /sample takes: a number of samples, or points of a source that the server cannot draw. */
type SampleBody = { readonly n: number; readonly seed?: number } | { readonly source: unknown[] };

/** An answer that is not the wanted one. */
class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** A server of one folder of files. */
export interface Service {
  handle(request: Request): Promise<Response>;
  /** Refuses new requests from now on; resolves when those under way are answered. */
  stop(): Promise<void>;
  close(): void;
}

/**
 * Opens a folder of exported files.
 *
 * @throws {Refusal} If it is not one.
 * @throws {Error} If a file cannot be loaded.
 */
export async function openService(
  folder: string,
  limits: Partial<Limits> = {},
): Promise<Service> {
  const { workers, queue, timeout, points, numbers, bytes } = { ...LIMITS, ...limits };
  const manifest = await manifestOf(folder);
  const pool = await Pool.open({ folder, workers, queue, timeout: timeout * 1000 });
  const { name, hash, source, target, leftOut } = manifest;
  const noLikelihood = leftOut.find(({ file }) => file === "likelihood.onnx");

  const most = (shape: readonly number[]): number =>
    Math.max(1, Math.min(points, Math.floor(numbers / shape.reduce((a, b) => a * b, 1))));

  const sampleBody: z.ZodType<SampleBody> = canDraw(source)
    ? z.strictObject({ n: whole(1, most(source.shape)), seed: whole(0, 2 ** 32 - 1).optional() })
    : z.strictObject({ source: rowsOf(source.shape, most(source.shape)) });
  const likelihoodBody = z.strictObject({ x: rowsOf(target.shape, most(target.shape)) });

  const routes: Record<string, { method: "GET" | "POST"; act(request: Request): unknown }> = {
    "/health": {
      method: "GET",
      act() {
        if (!pool.alive) throw new Refusal(503, "no worker is left; the server's log says why");
        return { status: "ok", name, hash, ...pool.load };
      },
    },
    "/sample": {
      method: "POST",
      async act(request) {
        const body = await bodyOf(request, sampleBody, { bytes, timeout });
        const n = "n" in body ? body.n : body.source.length;
        const data = "n" in body
          ? drawSource(source, n, body.seed ?? crypto.getRandomValues(new Uint32Array(1))[0])
          : Float32Array.from(body.source.flat(Infinity) as number[]);
        const shape = [n, ...source.shape];
        const input = { name: "source", data, shape };
        const done = await pool.run({ file: "sampler", input, output: "samples" });
        return { samples: nested(done), failed: done.failed };
      },
    },
    "/log_likelihood": {
      method: "POST",
      async act(request) {
        const { x } = await bodyOf(request, likelihoodBody, { bytes, timeout });
        if (noLikelihood !== undefined) {
          throw new Refusal(404, `this model has no likelihood: ${noLikelihood.reason}`);
        }
        const data = Float32Array.from(x.flat(Infinity) as number[]);
        const input = { name: "x", data, shape: [x.length, ...target.shape] };
        const done = await pool.run({ file: "likelihood", input, output: "log_likelihood" });
        return { log_likelihood: nested(done), failed: done.failed };
      },
    },
  };

  let underWay = 0;
  const stopped = Promise.withResolvers<void>();
  let stopping = false;

  return {
    async handle(request) {
      const { pathname } = new URL(request.url);
      underWay++;
      try {
        if (stopping) throw new Refusal(503, "the server is stopping");
        const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
        if (route === undefined) {
          throw new Refusal(
            404,
            `no '${pathname}' here; there are ${Object.keys(routes).join(", ")}`,
          );
        }
        if (request.method !== route.method) {
          throw new Refusal(405, `${pathname} takes ${route.method}, found ${request.method}`);
        }
        return Response.json(await route.act(request));
      } catch (error) {
        await request.body?.cancel().catch(() => {});
        if (error instanceof Refusal || error instanceof Unavailable) {
          return refusal(error.status, error.message, routes[pathname]?.method);
        }
        console.error(error);
        return refusal(500, "a fault of the server; its log says more");
      } finally {
        underWay--;
        if (stopping && underWay === 0) stopped.resolve();
      }
    },
    stop() {
      stopping = true;
      if (underWay === 0) stopped.resolve();
      return stopped.promise;
    },
    close: () => pool.close(),
  };
}

async function manifestOf(folder: string): Promise<z.infer<typeof manifestBody>> {
  try {
    return manifestBody.parse(JSON.parse(await Deno.readTextFile(`${folder}/manifest.json`)));
  } catch (error) {
    throw new Refusal(
      404,
      `'${folder}' is no folder of exported files (${explained(error)}): ` +
        "write one with `deno run -A moons.ts export --to model/`",
    );
  }
}

/** Why a manifest is none. */
function explained(error: unknown): string {
  if (!(error instanceof z.ZodError)) return (error as Error).message;
  const [{ path, message }] = error.issues;
  return `${path.join(".")} in manifest.json: ${message}`;
}

/** What is accepted, for messages: "must be a number, found "a"". */
function must(be: string): { error: (issue: { readonly input?: unknown }) => string } {
  return {
    error: ({ input }) => {
      const found = input === undefined ? "nothing" : JSON.stringify(input);
      return `must be ${be}, found ${found.length > 40 ? `${found.slice(0, 40)}...` : found}`;
    },
  };
}

function whole(least: number, most: number): z.ZodType<number> {
  const range = must(`a whole number from ${least} to ${most}`);
  return z.number(range).refine(
    (value) => Number.isInteger(value) && value >= least && value <= most,
    range,
  );
}

/** Points of this shape, nested as it says. */
function rowsOf(shape: readonly number[], most: number): z.ZodType<unknown[]> {
  const inFloat32 = must("a number that float32 holds");
  const point = shape.reduceRight<z.ZodType>((inner, size) => {
    const list = must(`a list of ${size}`);
    return z.array(inner, list).length(size, list);
  }, z.number(must("a number")).refine((value) => Number.isFinite(Math.fround(value)), inFloat32));
  const list = must(`a list of 1 to ${most} points of shape [${shape.join(", ")}]`);
  return z.array(point, list).min(1, list).max(most, list);
}

/** The JSON body of a request, as the schema has it. */
async function bodyOf<T>(
  request: Request,
  schema: z.ZodType<T>,
  limits: { readonly bytes: number; readonly timeout: number },
): Promise<T> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Refusal(
      415,
      `the body must be application/json, found '${type || "no content-type"}'`,
    );
  }
  const text = await textOf(request, limits);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, `the body is not JSON: ${(error as Error).message}`);
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [{ path, message }, ...others] = error.issues;
  const where = path.length === 0 ? "the body:" : path.join(".");
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw new Refusal(400, `${where} ${message}${more}`);
}

/** The text of a body, read no further than it may be long, and no longer than it may take. */
async function textOf(
  request: Request,
  { bytes, timeout }: { readonly bytes: number; readonly timeout: number },
): Promise<string> {
  const tooLarge = new Refusal(413, `the body may have ${bytes} bytes`);
  if (Number(request.headers.get("content-length") ?? 0) > bytes) throw tooLarge;
  const reader = request.body?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader.cancel().catch(() => {});
  }, timeout * 1000);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (late) throw new Refusal(408, `the body did not arrive within ${timeout} s`);
      if (done) return text + decoder.decode();
      length += value.length;
      if (length > bytes) throw tooLarge;
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    clearTimeout(timer);
    reader.releaseLock();
  }
}

/** A tensor as nested lists; what is no number in JSON (a density of 0 has logarithm minus infinity) is null. */
function nested({ data, shape }: Pick<Done, "data" | "shape">): unknown {
  const [size, ...inner] = shape;
  if (size === undefined) return Number.isFinite(data[0]) ? data[0] : null;
  const width = data.length / size;
  return Array.from(
    { length: size },
    (_, i) => nested({ data: data.subarray(i * width, (i + 1) * width), shape: inner }),
  );
}

function refusal(status: number, error: string, allow?: string): Response {
  const headers: Record<string, string> = {};
  if (status === 405 && allow !== undefined) headers.allow = allow;
  if (status === 503) headers["retry-after"] = "1";
  return Response.json({ error }, { status, headers });
}

/** Calls `stop` once the process is asked to end; asked again, it ends. */
function onStop(stop: () => Promise<void>): void {
  const signals = ["SIGINT", Deno.build.os === "windows" ? "SIGBREAK" : "SIGTERM"] as const;
  const once = (): void => {
    for (const signal of signals) Deno.removeSignalListener(signal, once);
    stop();
  };
  for (const signal of signals) Deno.addSignalListener(signal, once);
}

if (import.meta.main) {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        port: { type: "string", default: "8000" },
        hostname: { type: "string", default: "127.0.0.1" },
        timeout: { type: "string", default: String(LIMITS.timeout) },
        workers: { type: "string", default: String(LIMITS.workers) },
      },
    });
    const count = (flag: "port" | "timeout" | "workers", most: number): number => {
      const value = Number(values[flag]);
      if (Number.isInteger(value) && value >= 1 && value <= most) return value;
      throw new TypeError(
        `--${flag} must be a whole number from 1 to ${most}, found '${values[flag]}'`,
      );
    };
    const port = count("port", 65_535);
    const timeout = count("timeout", 86_400);
    const workers = count("workers", 1_024);
    const service = await openService(positionals[0] ?? "model", { timeout, workers });
    const server = Deno.serve(
      { port, hostname: values.hostname },
      (request) => service.handle(request),
    );
    onStop(async () => {
      console.error("stopping: what is under way is finished (once more: at once)");
      await service.stop();
      await server.shutdown(); // no earlier, as it takes away bodies that are still being read
    });
    await server.finished;
    service.close();
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    Deno.exit(2);
  }
}
