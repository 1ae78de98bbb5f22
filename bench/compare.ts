/**
 * Ours against the Python peers, in turn: `deno run -A bench/compare.ts [row...] --python PATH`.
 *
 * Every row starts one worker for ours and one for each peer, warms them up, and then lets them do one repetition each
 * in turn, while the others sleep. Results go to bench/results.json, and from there into the table of bench/README.md.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { machineName } from "./compare/machine.ts";
import { measure } from "./compare/measure.ts";
import { measureQuality } from "./compare/quality.ts";
import { ROWS } from "./compare/rows.ts";
import { line, type Results, tables, withTables } from "./compare/table.ts";
import type { Setting } from "./compare/worker_process.ts";

const USAGE = `deno run -A bench/compare.ts [row...] --python PATH [options]

  row               ${ROWS.map(({ name }) => name).join(", ")}, quality; all by default
  --python PATH     Python of an environment with bench/peers/requirements.txt
  --threads N       threads of either side; all cores by default
  --inputs FOLDER   folder of the shared inputs, made there when missing; a new temporary one by default
  --repetitions N   timed repetitions of each side instead of the row's own
  --table           only write the table of bench/README.md anew from bench/results.json`;

const RESULTS = new URL("./results.json", import.meta.url);
const PAGE = new URL("./README.md", import.meta.url);

const { values, positionals } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    python: { type: "string" },
    threads: { type: "string", default: `${navigator.hardwareConcurrency}` },
    inputs: { type: "string" },
    repetitions: { type: "string" },
    table: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const known = [...ROWS.map(({ name }) => name), "quality"];
const stranger = positionals.find((name) => !known.includes(name));

let results = await readResults();
if (values.help) {
  console.log(USAGE);
} else if (values.table) {
  await writeResults(results);
} else if (values.python === undefined || stranger !== undefined) {
  console.error(stranger === undefined ? "--python is missing" : `There is no row '${stranger}'`);
  console.error(USAGE);
  Deno.exit(2);
} else {
  const setting: Setting = {
    python: values.python,
    inputs: values.inputs ?? await Deno.makeTempDir({ prefix: "pushforward-bench-" }),
    threads: Number(values.threads),
  };
  await makeInputs(setting);
  const machine = await machineName();
  const wanted = new Set(positionals.length === 0 ? known : positionals);
  for (const row of ROWS.filter(({ name }) => wanted.has(name))) {
    const repetitions = Number(values.repetitions ?? row.repetitions);
    const result = await measure({ ...row, repetitions }, setting, machine);
    console.error(line(row, result));
    results = { ...results, rows: { ...results.rows, [row.name]: result } };
    await writeResults(results);
  }
  if (wanted.has("quality")) {
    results = { ...results, quality: await measureQuality(setting) };
    await writeResults(results);
  }
  console.log(tables(results));
}

/** Makes the shared inputs where they are not there yet. */
async function makeInputs({ python, inputs }: Setting): Promise<void> {
  try {
    await Deno.stat(join(inputs, "field", "b3.npy")); // written last
    return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  console.error(`Making the inputs in ${inputs}`);
  const script = fileURLToPath(new URL("./peers/make_inputs.py", import.meta.url));
  const { success } = await new Deno.Command(python, { args: [script, inputs] }).spawn().status;
  if (!success) throw new Error("make_inputs.py failed");
}

async function readResults(): Promise<Results> {
  try {
    return JSON.parse(await Deno.readTextFile(RESULTS));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { rows: {}, quality: [] };
    throw error;
  }
}

async function writeResults(results: Results): Promise<void> {
  await Deno.writeTextFile(RESULTS, JSON.stringify(results, null, 2) + "\n");
  await Deno.writeTextFile(PAGE, withTables(await Deno.readTextFile(PAGE), results));
}
