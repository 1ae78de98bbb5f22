import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { isGpuSeen } from "../../runtime/backends/gpu_sign.ts";
import { CLI, inFolder, noTrace, type Outcome, outcome, pipelineFile } from "./command_line.ts";

/** Runs a file with these permissions and no others; nobody is there to be asked for more. */
function withPermissions(
  folder: string,
  permissions: readonly string[],
  ...args: string[]
): Promise<Outcome> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", ...permissions, ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return outcome(process);
}

const LIBRARY = fileURLToPath(new URL("../../", import.meta.url));

/** The least that a run needs, as docs/commands.md says. */
const LEAST = ["--allow-read", "--allow-write=runs", "--allow-ffi", "--deny-net", "--deny-env"];

Deno.test("the permissions that the documentation names are all that a run needs, and no network", () =>
  inFolder(pipelineFile(), async (folder) => {
    const run = await withPermissions(folder, LEAST, "tiny.ts", "run", "--json");
    assert.equal(run.code, 0, run.err);
    assert.equal(JSON.parse(run.out).backend, "cpu");
    const status = await withPermissions(folder, LEAST, "tiny.ts", "status", "--json");
    const { nodes } = JSON.parse(status.out) as { nodes: { stored: boolean }[] };
    assert.ok(nodes.every(({ stored }) => stored));
    const wasm = ["--allow-read", "--allow-write=runs", "--deny-net"];
    const there = await withPermissions(folder, wasm, "tiny.ts", "train", "--json");
    assert.equal(there.code, 0, there.err);
    assert.equal(JSON.parse(there.out).backend, "wasm");
  }));

Deno.test("help, graph and schema of a pipeline of toys need no permission at all", () =>
  inFolder(pipelineFile(), async (folder) => {
    for (const args of [["--help"], ["help", "run"], ["graph"], ["graph", "--json"], ["schema"]]) {
      const found = await withPermissions(folder, [], "tiny.ts", ...args);
      assert.equal(found.code, 0, `${args}: ${found.err}`);
      assert.ok(found.out.length > 100);
    }
    const doctor = await withPermissions(folder, [], "tiny.ts", "doctor", "--json");
    assert.equal(doctor.code, 0, doctor.err);
    assert.doesNotMatch(doctor.err, /Aborted|Requires/); // its own table says what may not be read
    const { permissions } = JSON.parse(doctor.out);
    assert.deepEqual(
      permissions.filter(({ granted }: { granted: boolean }) => granted),
      [],
    );
  }));

Deno.test("a run without the environment hears nothing of a GPU's driver where there is no sign of a GPU", () =>
  inFolder(pipelineFile(), async (folder) => {
    const { HOME, PATH, DENO_DIR } = Deno.env.toObject(); // and no folder for a display
    const run = await outcome(
      new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-check", "--no-prompt", ...LEAST, "tiny.ts", "train"],
        cwd: folder,
        env: { NO_COLOR: "1", HOME, PATH, ...(DENO_DIR === undefined ? {} : { DENO_DIR }) },
        clearEnv: true,
        stdout: "piped",
        stderr: "piped",
      }).spawn(),
    );
    assert.equal(run.code, 0, run.err);
    const unseen = /on cpu: cpu is the fastest backend here: there is no sign of a GPU/.test(
      run.out,
    );
    assert.equal(unseen, !await isGpuSeen(), run.out);
    if (unseen) assert.doesNotMatch(run.err, /XDG_RUNTIME_DIR/);
  }));

/** Permissions with one missing, and what the one message must say. */
const MISSING: Readonly<Record<string, { flags: string[]; args?: string[]; message: RegExp }>> = {
  read: {
    flags: ["--allow-write=runs", "--allow-ffi"],
    message:
      /^error: Cannot .* 'runs.*': read access to ".*" is not permitted: run again with --allow-read$/m,
  },
  write: {
    flags: ["--allow-read", "--allow-ffi"],
    message:
      /^error: Cannot .* 'runs.*': write access to ".*" is not permitted: run again with --allow-write$/m,
  },
  ffi: {
    flags: ["--allow-read", "--allow-write=runs"],
    args: ["train", "--backend", "cpu"],
    message:
      /^error: Cannot open the backend cpu: native code is not permitted; allow it with --allow-ffi/m,
  },
  "write of what --to names": {
    flags: ["--allow-read", "--allow-write=runs", "--allow-ffi"],
    args: ["sample", "--to", "there/samples.npy"],
    message:
      /^error: Cannot write 'there\/samples\.npy': write access to ".*" is not permitted: run again with --allow-write$/m,
  },
  "write of the lock": {
    flags: ["--allow-read", "--allow-write=runs", "--allow-ffi"],
    args: ["run", "--write-lock"],
    message:
      /^error: Cannot write 'tiny\.lock\.json': write access to ".*" is not permitted: run again with --allow-write$/m,
  },
  "read of WebAssembly": {
    flags: ["--allow-read=runs", "--allow-write=runs"],
    message: /^error: read access to ".*\.wasm" is not permitted: run again with --allow-read$/m,
  },
};

for (const [name, { flags, args = ["train"], message }] of Object.entries(MISSING)) {
  Deno.test(`a missing permission (${name}) is one message that names the flag`, () =>
    inFolder(pipelineFile(), async (folder) => {
      const found = await withPermissions(folder, flags, "tiny.ts", ...args);
      assert.match(found.err, message);
      assert.equal(found.err.match(/is not permitted|Requires/g)?.length ?? 1, 1, found.err);
      assert.equal(found.code, 2, found.err);
      noTrace(found);
    }));
}

Deno.test("where the library may not be read a run does without workers, and says so", () =>
  inFolder(pipelineFile(), async (folder) => {
    const flags = ["--allow-read=runs", "--allow-write=runs", "--allow-ffi"];
    const found = await withPermissions(folder, flags, "tiny.ts", "train");
    assert.equal(found.code, 0, found.err);
    assert.ok(found.out.includes(`but workers need --allow-read=${LIBRARY.replace(/[\\/]$/, "")}`));
    const main = await withPermissions(
      folder,
      [...flags, `--allow-read=.,${LIBRARY}`],
      CLI,
      "train",
      "tiny.ts",
    );
    assert.equal(main.code, 0, main.err);
    assert.match(main.out, /training already there/);
  }));
