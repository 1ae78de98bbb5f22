/** Bits of `__cpu_model.__cpu_features[0]`, widest first. Source: GCC, libgcc, `enum processor_features`. */
const FEATURES = { avx512f: 15, avx2: 10, avx: 9 } as const;

/** Where the feature bits stand in `__cpu_model`: after vendor, type and subtype. */
const FEATURES_OFFSET = 12;

/**
 * The widest vector instructions of this processor that ONNX Runtime's kernels tell apart.
 *
 * They are read from what libgcc, which Deno itself is linked to, keeps in memory: `/proc/cpuinfo` may only be read
 * with every permission granted, and results must not be named otherwise with fewer. Needs `--allow-ffi`.
 */
export function instructionSet(): string {
  const { arch, os } = Deno.build;
  if (os !== "linux" || arch !== "x86_64") return arch;
  const features = featureBits();
  const widest = Object.entries(FEATURES).find(([, bit]) => (features >>> bit & 1) === 1);
  return widest === undefined ? arch : `${arch} ${widest[0]}`;
}

/** The feature bits; none where libgcc does not tell. */
function featureBits(): number {
  const text = (name: string) => new TextEncoder().encode(`${name}\0`);
  try {
    const library = Deno.dlopen("libdl.so.2", {
      dlvsym: { parameters: ["pointer", "buffer", "buffer"], result: "pointer" },
    });
    try {
      const model = library.symbols.dlvsym(null, text("__cpu_model"), text("GCC_4.8.0"));
      return model === null ? 0 : new Deno.UnsafePointerView(model).getUint32(FEATURES_OFFSET);
    } finally {
      library.close();
    }
  } catch {
    return 0; // no such library here
  }
}
