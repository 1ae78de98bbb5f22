/** Where drivers on Linux look for a display. */
const RUNTIME_FOLDER = "XDG_RUNTIME_DIR";

/** The GPU that Deno or the browser offers first; null where there is none. */
export async function requestAdapter(): Promise<GPUAdapter | null> {
  const { gpu } = navigator as { readonly gpu?: GPU };
  if (gpu === undefined) return null;
  return await withRuntimeFolder(() => gpu.requestAdapter({ powerPreference: "high-performance" }));
}

/**
 * Asks for a GPU where no display may be: drivers then complain on stderr that `XDG_RUNTIME_DIR` is not set, though nothing
 * is shown. It names a folder meanwhile, if the environment may be changed.
 */
export async function withRuntimeFolder<T>(ask: () => Promise<T>): Promise<T> {
  if (!mayBeSet()) return await ask();
  Deno.env.set(RUNTIME_FOLDER, "/tmp");
  try {
    return await ask();
  } finally {
    Deno.env.delete(RUNTIME_FOLDER);
  }
}

/** Whether the folder is not named, and the environment may be changed. */
function mayBeSet(): boolean {
  return isLinux() && !mayComplain() && Deno.env.get(RUNTIME_FOLDER) === undefined;
}

/** Whether drivers may complain when a GPU is asked for, as the environment may not be changed. */
export function mayComplain(): boolean {
  if (!isLinux()) return false;
  return Deno.permissions.querySync({ name: "env", variable: RUNTIME_FOLDER }).state !== "granted";
}

function isLinux(): boolean {
  return typeof Deno !== "undefined" && Deno.build.os === "linux";
}
