/**
 * Serves `browser.html`, which draws samples in the browser itself: the exported files under `model/`, onnxruntime-web under
 * `ort/`. Any server of files does as well.
 *
 *     deno run -A moons.ts export --to model/
 *     deno run -A examples/deploy/browser.ts model/ --port 8001
 *
 * @module
 */
import { parseArgs } from "node:util";

const PAGE = new URL("./browser.html", import.meta.url);
const ORT = await folderOfRuntime();
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript",
  wasm: "application/wasm",
};

/** The folder of onnxruntime-web's files: importing the package brings it here. */
async function folderOfRuntime(): Promise<URL> {
  await import("npm:onnxruntime-web@1.30.0/wasm");
  return new URL("./", import.meta.resolve("npm:onnxruntime-web@1.30.0/wasm"));
}

/** Answers for the page, and for the files that it asks for. */
export async function servePage(folder: string, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, part, name] = /^\/(model|ort)\/([\w.-]+)$/.exec(pathname) ?? [];
  const file = pathname === "/" ? PAGE : part === "ort" ? new URL(name, ORT) : `${folder}/${name}`;
  if (pathname !== "/" && name === undefined) return new Response("not found", { status: 404 });
  try {
    const type = pathname === "/" ? "html" : name.split(".").at(-1)!;
    return new Response(await Deno.readFile(file), {
      headers: {
        "content-type": TYPES[type] ?? "application/octet-stream",
        // With these a page may use threads.
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      },
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return new Response("not found", { status: 404 });
  }
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: "string", default: "8001" } },
  });
  const folder = positionals[0] ?? "model";
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    console.error(`--port must be a whole number from 0 to 65535, found '${values.port}'`);
    Deno.exit(2);
  }
  Deno.serve({ port, hostname: "127.0.0.1" }, (r) => servePage(folder, r));
}
