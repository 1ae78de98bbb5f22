/**
 * Packs what bench/webgpu/run.ts needs on a machine that has a GPU and no network: Deno, the npm packages, the loaders of
 * Vulkan, and the sources. See bench/gpu.md.
 *
 *     deno run -A bench/webgpu/pack.ts FOLDER
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the archive may weigh. */
const MOST = 60 * 2 ** 20;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Sources that the benchmark runs, by their tops. */
const SOURCES =
  /^(bench|cli|compiler|dsl|graph|nodes|report|runtime|solvers)\/|^(mod\.ts|deno\.(json|lock))$/;

/** Files of packages that nothing loads in Deno on Linux: types, sources, other builds, other systems. */
const UNUSED: readonly RegExp[] = [
  /\.(map|md|markdown|flow|ts|cts|mts|tsx|html|css|h|hpp|cc|c)$/,
  /\/(test|tests|docs?|examples?|benchmarks?|miniprogram)\//,
  /\.min\.js$/,
  /@tensorflow\/.*\/dist\/(?!.*\.node\.js$)/,
  /onnxruntime-node\/.*\/bin\/(?!napi-v\d+\/linux\/x64\/)/,
  /onnxruntime-node\/.*(cuda|tensorrt)/,
  /onnxruntime-web\/.*\/dist\/(?!ort\.webgpu\.bundle\.min\.mjs$|ort-wasm-simd-threaded\.asyncify\.)/,
  /protobufjs\/.*\/cli\//,
  // Packages of tests and of reports: Deno asks that they are there, and loads nothing of them.
  /\/(puppeteer-core|devtools-protocol|fast-check|linkedom|@observablehq)\/.*\/(?!package\.json$)[^/]+$/,
];

/** Loaders that a bare machine may lack; its driver is its own. */
const LIBRARIES = [
  "libvulkan.so.1",
  "libEGL.so.1",
  "libGLdispatch.so.0",
  "libGLX.so.0",
  "libGL.so.1",
];

interface ModuleGraph {
  readonly npmPackages: Readonly<
    Record<string, { readonly name: string; readonly version: string; readonly localPath: string }>
  >;
}

/** What a command prints. */
async function output(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd: ROOT }).output();
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  await Deno.copyFile(from, to);
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesIn(join(folder, name));
    else if (isFile) yield join(folder, name);
  }
}

/** The packages of the worker's module graph, without what is unused, where Deno looks for them. */
async function packPackages(target: string): Promise<void> {
  const { denoDir, npmCache } = JSON.parse(await output(Deno.execPath(), "info", "--json"));
  const graph: ModuleGraph = JSON.parse(
    await output(Deno.execPath(), "info", "--json", "bench/webgpu/worker.ts"),
  );
  const seen = new Map<string, Set<string>>();
  for (const { name, version, localPath } of Object.values(graph.npmPackages)) {
    const place = localPath.slice(denoDir.length);
    for await (const file of filesIn(localPath)) {
      if (UNUSED.some((pattern) => pattern.test(file.slice(npmCache.length)))) continue;
      await copy(file, join(target, file.slice(denoDir.length)));
    }
    const folder = dirname(localPath);
    const versions = seen.get(folder) ?? new Set();
    seen.set(folder, versions.add(version));
    await Deno.mkdir(join(target, dirname(place)), { recursive: true });
    // The index of a package names every version it ever had: those that are here are enough.
    const index = JSON.parse(await Deno.readTextFile(join(folder, "registry.json")));
    const kept = Object.fromEntries([...versions].map((each) => [each, index.versions[each]]));
    await Deno.writeTextFile(
      join(target, dirname(place), "registry.json"),
      JSON.stringify({ ...index, name, versions: kept }),
    );
  }
}

/** The loaders, from wherever this machine has them. */
async function packLibraries(target: string): Promise<void> {
  const known = await output("ldconfig", "-p");
  for (const library of LIBRARIES) {
    const path = new RegExp(`${library.replaceAll(".", "\\.")} .*x86-64.*=> (\\S+)`).exec(known)
      ?.[1];
    if (path === undefined) console.error(`${library} is not on this machine, and is left out`);
    else await copy(await Deno.realPath(path), join(target, library));
  }
}

const [folder] = Deno.args;
if (folder === undefined) {
  console.error("Name a folder for the archive: deno run -A bench/webgpu/pack.ts FOLDER");
  Deno.exit(2);
}
const staged = await Deno.makeTempDir();
await copy(await Deno.realPath(Deno.execPath()), join(staged, "deno"));
await packPackages(join(staged, "cache"));
await packLibraries(join(staged, "lib"));
for (const file of (await output("git", "ls-files")).split("\n")) {
  if (SOURCES.test(file)) await copy(join(ROOT, file), join(staged, "source", file));
}
await Deno.mkdir(folder, { recursive: true });
const archive = join(folder, "gpu.tar.xz");
const { success } = await new Deno.Command("tar", {
  args: ["-C", staged, "-cJf", archive, "."],
  env: { XZ_OPT: "-4 -T1" },
}).output();
await Deno.remove(staged, { recursive: true });
await copy(join(ROOT, "bench/webgpu/on_gpu.sh"), join(folder, "on_gpu.sh"));
const { size } = await Deno.stat(archive);
console.log(`${archive}: ${(size / 2 ** 20).toFixed(1)} MiB`);
if (!success || size > MOST) {
  console.error(`The archive must be at most ${MOST / 2 ** 20} MiB`);
  Deno.exit(1);
}
