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
 * is shown. It names a folder meanwhile, if the environment may be changed, or native code, which can do that, is permitted;
 * never where the variable is denied.
 */
export async function withRuntimeFolder<T>(ask: () => Promise<T>): Promise<T> {
  const restore = nameFolder();
  try {
    return await ask();
  } finally {
    restore();
  }
}

/** Names a folder if none is named and it may; what it gives takes the name away again. */
function nameFolder(): () => void {
  if (typeof Deno === "undefined" || Deno.build.os !== "linux") return () => {};
  const { state } = Deno.permissions.querySync({ name: "env", variable: RUNTIME_FOLDER });
  if (state === "prompt") return nameFolderNatively();
  if (state === "denied" || Deno.env.get(RUNTIME_FOLDER) !== undefined) return () => {};
  Deno.env.set(RUNTIME_FOLDER, "/tmp");
  return () => Deno.env.delete(RUNTIME_FOLDER);
}

/** The same by the C library; where it has another name it is left alone. */
function nameFolderNatively(): () => void {
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return () => {};
  const name = cString(RUNTIME_FOLDER);
  try {
    const { symbols } = Deno.dlopen("libc.so.6", C);
    if (symbols.getenv(name) !== null) return () => {};
    symbols.setenv(name, cString("/tmp"), 0);
    return () => void symbols.unsetenv(name);
  } catch {
    return () => {};
  }
}

const C = {
  getenv: { parameters: ["buffer"], result: "pointer" },
  setenv: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  unsetenv: { parameters: ["buffer"], result: "i32" },
} as const;

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
