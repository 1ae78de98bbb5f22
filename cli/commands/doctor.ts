import { join } from "node:path";
import { CODE } from "../../compiler/compile.ts";
import { BACKEND_NAMES } from "../../runtime/backends/mod.ts";
import type { CommandDefinition } from "../command.ts";
import { type BackendFinding, examineBackend, examineGpu } from "../doctor/backends.ts";
import { examineDisk } from "../doctor/disk.ts";
import { examinePermissions, type PermissionFinding } from "../doctor/permissions.ts";
import { formatBytes, type Terminal } from "../terminal/mod.ts";

/** What there is to work with: versions, backends, permissions, disk. */
export const doctor: CommandDefinition = {
  name: "doctor",
  description: "show versions, backends, permissions and disk use, and what is missing",
  on: "nothing",
  flags: ["folder"],
  examples: [["", "look at everything"], ["--json", "for a bug report"]],
  action: async ({ terminal, common }) => {
    const library = new URL("../../", import.meta.url).href;
    const versions = {
      pushforward: CODE.release,
      library,
      deno: Deno.version.deno,
      platform: Deno.build.target,
      threads: navigator.hardwareConcurrency,
    };
    const backends: BackendFinding[] = [];
    for (const name of BACKEND_NAMES) backends.push(await examineBackend(name));
    const gpu = await examineGpu();
    const permissions = await examinePermissions(common.folder, library);
    const disk = await examineDisk(join(common.folder, ".store"));
    terminal.table(["what", "found"], [
      ["pushforward", `${versions.pushforward} from ${library}`],
      ["Deno", `${versions.deno} on ${versions.platform}, ${versions.threads} threads`],
      ["GPU", gpu],
      [
        "results stored",
        disk.results === null
          ? `not looked at: ${disk.store} may not be read`
          : `${disk.results} in ${disk.store}, ${formatBytes(disk.storeBytes ?? 0)}`,
      ],
      [
        "packages cached",
        disk.cache === null
          ? "not looked up: that takes --allow-env and --allow-read"
          : `${formatBytes(disk.cacheBytes ?? 0)} in ${disk.cache}`,
      ],
    ]);
    terminal.info("");
    terminal.table(
      ["backend", "state", "what"],
      backends.map(({ name, ready, says }) => [name, state(terminal, ready), says]),
    );
    terminal.info("");
    showPermissions(terminal, permissions);
    return { versions, backends, gpu, permissions, disk };
  },
};

function state({ paint }: Terminal, ready: boolean): string {
  return ready ? paint.good("ready") : paint.warn("not ready");
}

function showPermissions(terminal: Terminal, permissions: readonly PermissionFinding[]): void {
  terminal.table(
    ["permission", "state", "for"],
    permissions.map(({ flag, granted, use }) => [
      flag,
      granted ? terminal.paint.good("granted") : terminal.paint.warn("missing"),
      use,
    ]),
  );
  const missing = permissions.filter(({ granted, optional }) => !granted && !optional);
  terminal.info(
    missing.length === 0
      ? "everything that a run needs is permitted"
      : `a run needs: deno run ${missing.map(({ flag }) => flag).join(" ")} ...`,
  );
}
