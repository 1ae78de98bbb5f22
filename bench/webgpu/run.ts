/**
 * Measures training and solving against the other ways to use a GPU from JavaScript, and against PyTorch where there is
 * one with a GPU: see bench/gpu.md.
 *
 *     deno run -A bench/webgpu/run.ts [--scale tiny|small|full] [--work KEY,KEY] [--rivals A,B] [--python PATH] [--minutes N] [--out FOLDER]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machineName } from "../compare/machine.ts";
import { measureRow, type Row, unmeasured } from "./measure.ts";
import { type RivalProcess, startRival } from "./process.ts";
import { RIVALS } from "./rivals/mod.ts";
import { tableOf } from "./table.ts";
import { keyOf, nameOf, numbersOf, rowsOf, type Scale } from "./work.ts";

/** The ways of PyTorch. */
const TORCH = ["torch:eager", "torch:compile", "torch:graphs"];
/** Backends of ours that a table of GPUs leaves out unless it is asked. */
const ASIDE = ["ours:wasm"];

const { values } = parseArgs({
  options: {
    scale: { type: "string" },
    work: { type: "string" },
    rivals: { type: "string" },
    python: { type: "string" },
    minutes: { type: "string", default: "8" },
    rounds: { type: "string", default: "5" },
    out: { type: "string", default: "." },
  },
});
const until = performance.now() + Number(values.minutes) * 60_000;
const left = (): number => (until - performance.now()) / 1_000;

const adapter = await navigator.gpu?.requestAdapter() ?? null;
const software = adapter?.info.isFallbackAdapter ?? true;
const scale = (values.scale ?? (software ? "tiny" : "full")) as Scale;
const keys = values.work?.split(",");
const rows = keys === undefined
  ? rowsOf(scale)
  : rowsOf("full").filter((work) => keys.includes(keyOf(work)));
const wanted = values.rivals?.split(",") ?? [
  ...Object.keys(RIVALS).filter((name) => !ASIDE.includes(name)),
  ...(values.python === undefined ? [] : TORCH),
];
const folder = await Deno.makeTempDir();
if (wanted.some((name) => name.startsWith("torch:"))) {
  for (const work of rows) {
    for (const [name, numbers] of Object.entries(numbersOf(work))) {
      await Deno.writeFile(join(folder, `${keyOf(work)}.${name}`), new Uint8Array(numbers.buffer));
    }
  }
}

const rivals: RivalProcess[] = [];
const described: Record<string, string> = {};
for (const name of wanted) {
  const rival = await startRival(name, values.python ?? null);
  if ("ready" in rival.ready) {
    rivals.push(rival);
    described[name] = rival.ready.ready;
    console.log(`${name}: ${rival.ready.ready}`);
  } else {
    console.log(`${name} is left out: ${"error" in rival.ready ? rival.ready.error : ""}`);
    await rival.close();
  }
}

const results: Row[] = [];
const machine = await machineName();
const about = adapter === null
  ? "none"
  : `${adapter.info.description || adapter.info.vendor}${software ? ", a software adapter" : ""}`;
for (const [i, work] of rows.entries()) {
  const share = left() / (rows.length - i);
  const row = share < 5 ? unmeasured(work, rivals) : await measureRow(work, rivals, {
    rounds: Number(values.rounds),
    enough: Math.min(0.3, share / (4 * rivals.length * Number(values.rounds))),
    patience: Math.max(20, share / 2),
    folder,
  });
  results.push(row);
  console.log(nameOf(work));
  for (const { rival, seconds, problem } of row.measured) {
    const best = seconds.length === 0
      ? problem
      : `${(1e3 * Math.min(...seconds)).toPrecision(3)} ms`;
    console.log(`  ${rival}: ${best}`);
  }
  // Written after every row: what was measured stays if the time runs out.
  const report = { machine, adapter: about, rivals: described, rows: results };
  await Deno.writeTextFile(join(values.out, "gpu.json"), JSON.stringify(report, null, 2));
  await Deno.writeTextFile(join(values.out, "gpu_table.md"), tableOf(report));
}
for (const rival of rivals) await rival.close();
await Deno.remove(folder, { recursive: true });
console.log(await Deno.readTextFile(join(values.out, "gpu_table.md")));
