/** Where Linux shows that there is a GPU, or a driver that comes with one alone: a folder, and how names in it begin. */
const PLACES: readonly (readonly [folder: string, begin: string])[] = [
  ["/run/udev/data", "c226:"], // what udev knows of the devices of graphics cards
  ["/usr/share/vulkan/icd.d", "nvidia"],
  ["/etc/vulkan/icd.d", "nvidia"],
  ["/usr/lib/wsl/lib", ""],
];

/**
 * Whether there is a sign of a GPU, in places that may be looked at by `--allow-read`; `/dev` may not, even so. True where
 * it cannot be known.
 */
export async function isGpuSeen(): Promise<boolean> {
  if (Deno.build.os !== "linux") return true;
  for (const [folder, begin] of PLACES) {
    const { state } = await Deno.permissions.query({ name: "read", path: folder });
    if (state !== "granted" || await hasName(folder, begin)) return true;
  }
  return false;
}

async function hasName(folder: string, begin: string): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir(folder)) if (name.startsWith(begin)) return true;
    return false;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
