import { BACKEND_NAMES, type BackendName } from "../../../runtime/backends/mod.ts";
import type { Rival } from "../rival.ts";

/** Who can be measured in Deno, loaded when they are asked for; our own backends go by "ours:" and their name. */
export const RIVALS: Readonly<Record<string, () => Promise<Rival>>> = {
  ...Object.fromEntries(
    BACKEND_NAMES.map((name: BackendName) => [
      `ours:${name}`,
      async () => await (await import("./ours.ts")).ours(name),
    ]),
  ),
  tfjs: async () => await (await import("./tfjs.ts")).tensorflow(),
  "jax-js": async () => await (await import("./jax.ts")).jax(),
  "onnxruntime-web": async () => await (await import("./ort.ts")).onnxruntime(),
};
