import { fileURLToPath } from "node:url";

/** A permission: the flag that grants it, whether it is granted, and what for. */
export interface PermissionFinding {
  readonly flag: string;
  readonly granted: boolean;
  readonly optional: boolean;
  readonly use: string;
}

/** Looks at the permissions that commands use; never asks for one. */
export async function examinePermissions(
  folder: string,
  library: string,
): Promise<PermissionFinding[]> {
  const wanted: readonly (Omit<PermissionFinding, "granted"> & {
    readonly descriptor: Deno.PermissionDescriptor;
  })[] = [
    {
      flag: "--allow-read",
      optional: false,
      use: "data files, stored results, the library's workers, the wasm backend",
      descriptor: {
        name: "read",
        ...(library.startsWith("file:") ? { path: fileURLToPath(library) } : {}),
      },
    },
    {
      flag: `--allow-write=${folder}`,
      optional: false,
      use: "results, and whatever --to names",
      descriptor: { name: "write", path: folder },
    },
    {
      flag: "--allow-ffi",
      optional: true,
      use: "the cpu backend; without it programs run in WebAssembly",
      descriptor: { name: "ffi" },
    },
    {
      flag: "--allow-env=XDG_RUNTIME_DIR",
      optional: true,
      use: "to quiet a GPU's driver on Linux without a display",
      descriptor: { name: "env", variable: "XDG_RUNTIME_DIR" },
    },
    {
      flag: "--allow-sys=hostname",
      optional: true,
      use: "to say which machine holds a run folder that two share",
      descriptor: { name: "sys", kind: "hostname" },
    },
    {
      flag: "--allow-net",
      optional: true,
      use: "data files at a URL, and nothing else",
      descriptor: { name: "net" },
    },
  ];
  return await Promise.all(
    wanted.map(async ({ descriptor, ...rest }) => ({
      ...rest,
      granted: (await Deno.permissions.query(descriptor)).state === "granted",
    })),
  );
}
