import { requestAdapter } from "../../runtime/backends/adapter.ts";
import { type BackendName, openBackend } from "../../runtime/backends/mod.ts";
import { probe } from "../../runtime/backends/probe.ts";
import { permissionIn } from "../../runtime/permission.ts";

/** Whether a backend can be had here, and what it says of itself, or why not. */
export interface BackendFinding {
  readonly name: BackendName;
  readonly ready: boolean;
  readonly says: string;
}

/** Opens a backend, runs a small program on it, and closes it again. */
export async function examineBackend(name: BackendName): Promise<BackendFinding> {
  try {
    const backend = await openBackend(name);
    try {
      await probe(backend);
      return { name, ready: true, says: backend.describe().replace(`${name}: `, "") };
    } finally {
      await backend.close();
    }
  } catch (error) {
    const says = permissionIn(error) ?? (error as Error).message.split("\n")[0];
    return { name, ready: false, says: says.replace(`Cannot open the backend ${name}: `, "") };
  }
}

/** The GPU that WebGPU offers, in words. */
export async function examineGpu(): Promise<string> {
  if (navigator.gpu === undefined) return "this Deno has no WebGPU";
  const adapter = await requestAdapter().catch(() => null);
  if (adapter === null) return "WebGPU finds no adapter";
  const { description, vendor, isFallbackAdapter } = adapter.info;
  return (description || vendor) + (isFallbackAdapter ? " (software)" : "");
}
