import { InputError } from "../../dsl/error.ts";
import type { Backend } from "./backend.ts";
import type { OpenOptions } from "./open.ts";
import { openTfjs } from "./tfjs/backend.ts";
import { openWebGpu } from "./webgpu/backend.ts";

/** Backends that need nothing but a page's own WebGPU. */
export type BrowserBackend = "webgpu" | "tfjs";

/**
 * Opens a backend in a page.
 *
 * @param options `onWarning`: takes word of programs that `webgpu` has `tfjs` run, as it has no kernels for them.
 * @throws {InputError} If the browser has no WebGPU, or no adapter for it.
 */
export async function openInBrowser(
  name: BrowserBackend = "webgpu",
  options: Pick<OpenOptions, "onWarning"> = {},
): Promise<Backend> {
  const open = { webgpu: openWebGpu, tfjs: openTfjs }[name];
  const backend = await open(`${name} was asked for`, options);
  if (typeof backend !== "string") return backend;
  throw new InputError(
    `Cannot open the backend ${name}: ${backend}. WebGPU needs a recent browser, a secure page (https or localhost), and ` +
      `graphics acceleration switched on`,
    { field: "backend" },
  );
}
