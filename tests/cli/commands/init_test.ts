import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { init } from "../../../cli/commands/init.ts";
import type { CommandContext } from "../../../cli/command.ts";
import { TEMPLATES } from "../../../cli/init/templates.ts";
import { loadPipeline } from "../../../cli/load_pipeline.ts";
import { createTerminal } from "../../../cli/terminal/mod.ts";
import { compile, InputError, type PipelineSpec } from "../../../mod.ts";
import { prepare } from "../../../runtime/prepare.ts";
import { inFolder } from "../../in_folder.ts";
import { CLI, deno } from "../command_line.ts";

const EXAMPLES = new URL("../../../examples/data/", import.meta.url);

/** Runs `init`, and gives what it printed. */
async function write(file: string, options: Record<string, unknown>): Promise<string> {
  let text = "";
  await init.action({
    args: [file],
    options: { template: "two-moons", ...options },
    terminal: createTerminal({ write: (part) => text += part }),
  } as unknown as CommandContext);
  return text;
}

/** The pipeline that `init` writes for a CSV file of these lines, with the text of the file. */
async function forTable(
  folder: string,
  lines: readonly string[],
): Promise<{ spec: PipelineSpec; text: string }> {
  const data = join(folder, "cells.csv");
  await Deno.writeTextFile(data, lines.join("\n") + "\n");
  const file = join(folder, `cells_${lines.length}.ts`);
  await write(file, { data });
  return { spec: await loadPipeline(file), text: await Deno.readTextFile(file) };
}

for (const template of Object.keys(TEMPLATES)) {
  Deno.test(`init writes the template ${template} as a pipeline file that runs`, () =>
    inFolder(async (folder) => {
      const file = join(folder, `${template}.ts`);
      assert.match(await write(file, { template }), /wrote .*; run it: deno run --allow-read/);
      const spec = await loadPipeline(file);
      assert.equal(spec.name, template);
      assert.ok(compile(spec).nodes.length > 5);
    }));
}

Deno.test("init writes nothing of a data file outside of comments and strings", () =>
  inFolder(async (folder) => {
    const escape = "*/ throw new Error('run'); /*";
    const { spec, text } = await forTable(folder, [
      `x,"a\nthrow new Error('run'); //","b\u2028throw new Error('run');","${escape}"`,
      ...Array.from({ length: 60 }, (_, i) => `${i / 7},word,"two\nthrow 1;",${Math.sin(i)}`),
    ]);
    assert.equal((spec.target as { columns: readonly string[] }).columns.length, 2);
    assert.match(text, /--allow-ffi cells_61\.ts --help$/m); // the pipeline is called cells-61
    assert.match(text, /^ {4}\/\/ a throw new Error\('run'\); \/\/ is left out: /m);
    const bird = join(folder, "*", "x.csv"); // a folder whose name ends a comment: "*/x.csv"
    await Deno.mkdir(join(folder, "*"));
    await Deno.writeTextFile(bird, "x,y\n1,2\n3,5\n");
    await write(join(folder, "bird.ts"), { data: bird });
    assert.equal((await loadPipeline(join(folder, "bird.ts"))).name, "bird");
  }));

Deno.test("init takes the numeric columns of a table, and says what it leaves out and why", () =>
  inFolder(async (folder) => {
    const file = join(folder, "birds.ts");
    const data = fileURLToPath(new URL("vega/penguins.csv", EXAMPLES));
    const said = await write(file, { data });
    assert.match(said, /island +left out: labels, not numbers/);
    assert.match(said, /body_mass_g +modelled, 2 missing/);
    const spec = await loadPipeline(file);
    assert.deepEqual(
      { ...spec.target, path: null },
      {
        kind: "csv",
        path: null,
        columns: ["beak_length_mm", "beak_depth_mm", "flipper_length_mm", "body_mass_g"],
        delimiter: ",",
        header: true,
        missing: "drop",
        dim: 4,
        standardize: true,
        dequantize: null,
        select: [],
        split: { kind: "fractions", train: 0.8, validation: 0, test: 0.2, seed: 0 },
      },
    );
    const text = await Deno.readTextFile(file);
    assert.match(text, /to take one species alone: \{ column: "species", equals: "Adelie" \}/);
    assert.match(text, /No likelihood is measured: the values are quantised/);
    await prepare(spec); // the rows are enough for the batch
  }));

Deno.test("init finds delimiter, header, row numbers, constants and levels", () =>
  inFolder(async (folder) => {
    const rows = Array.from({ length: 100 }, (_, i) => [i, (i * 7) % 10, 3, Math.sin(i)]);
    const counted = await forTable(folder, [
      "id;grade;year;x",
      ...rows.map((row) => row.join(";")),
    ]);
    assert.deepEqual(
      [counted.spec.target.kind === "csv" && counted.spec.target.columns],
      [["grade", "x"]],
    );
    assert.match(counted.text, /id is left out: it counts the rows/);
    assert.match(counted.text, /year is left out: every value is the same/);
    const bare = await forTable(folder, rows.map(([, grade]) => `${grade}\t${10 - grade}`));
    assert.deepEqual(
      bare.spec.target.kind === "csv" &&
        [bare.spec.target.header, bare.spec.target.delimiter, bare.spec.target.dequantize],
      [false, "\t", 1],
    );
    assert.ok(bare.spec.metrics.some(({ kind }) => kind === "negativeLogLikelihood"));
    const few = await forTable(folder, ["a,b", "1.5,2.25", "2.125,3", "9,4.75"]);
    assert.match(few.text, /The rows are few, so none are held out/);
    await prepare(few.spec);
  }));

Deno.test("init models arrays, with the shape of their rows", () =>
  inFolder(async (folder) => {
    const file = join(folder, "images.ts");
    await write(file, { data: fileURLToPath(new URL("digits/images.npy", EXAMPLES)) });
    const spec = await loadPipeline(file);
    assert.deepEqual(
      spec.target.kind === "npy" && [spec.target.dim, spec.target.dequantize],
      [64, 1],
    );
    assert.match(await Deno.readTextFile(file), /1797 rows of shape \[8, 8\]/);
  }));

Deno.test("a pipeline for a data file is verified from any folder, and its lock names none of this machine", () =>
  inFolder(async (folder) => {
    const first = join(folder, "first");
    await Deno.mkdir(join(first, "data"), { recursive: true });
    const rows = Array.from({ length: 60 }, (_, i) => `${Math.cos(i)},${Math.sin(i * i)}`);
    await Deno.writeTextFile(join(first, "data", "cells.csv"), `a,b\n${rows.join("\n")}\n`);
    const small = ["--set", "training.steps=5", "--set", "metrics=[]"];
    const steps: readonly (readonly [folder: string, ...args: string[]])[] = [
      [first, CLI, "init", "--data", "data/cells.csv", "cells.ts"],
      [first, "cells.ts", "run", "--write-lock", ...small],
    ];
    for (const [place, ...args] of steps) {
      const { code, err } = await deno(place, ...args);
      assert.equal(code, 0, err);
    }
    const lock = await Deno.readTextFile(join(first, "cells.lock.json"));
    assert.match(lock, /"target\.path": "data\/cells\.csv"/);
    assert.ok(!lock.includes(folder));
    await Deno.rename(first, join(folder, "second"));
    const elsewhere = await deno(folder, "second/cells.ts", "verify", ...small);
    assert.equal(elsewhere.code, 0, elsewhere.err + elsewhere.out);
    assert.match(elsewhere.out, /spec .* tolerated/);
    const there = await deno(join(folder, "second"), "cells.ts", "verify", ...small);
    assert.equal(there.code, 0, there.err + there.out);
    assert.match(there.out, /a data file lies elsewhere, with the same content/);
  }));

Deno.test("init takes a template or a data file, not both", () =>
  inFolder(async (folder) => {
    const args = ["init", "--data", "cells.csv", "--template", "two-moons", "cells.ts"];
    const { code, err } = await deno(folder, CLI, ...args);
    assert.equal(code, 2);
    assert.match(err, /'--template <name>' cannot be used with option '--data <file>'/);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("init overwrites nothing unless told to", () =>
  inFolder(async (folder) => {
    const file = join(folder, "mine.ts");
    await Deno.writeTextFile(file, "mine");
    await assert.rejects(write(file, {}), {
      name: "InputError",
      message: /is there already; name another file, or --force to overwrite it/,
    });
    assert.equal(await Deno.readTextFile(file), "mine");
    await write(file, { force: true });
    assert.match(await Deno.readTextFile(file), /export default spec/);
  }));

Deno.test("init says what keeps a file from being modelled", () =>
  inFolder(async (folder) => {
    const words = join(folder, "words.csv");
    await Deno.writeTextFile(words, "a,b\nx,1\ny,1\n");
    const mistakes: readonly (readonly [file: string, data: string, message: RegExp])[] = [
      ["f.ts", words, /none of its columns holds numbers that vary \(a: .*; b: every value/],
      ["f.ts", join(folder, "no.csv"), /Cannot read '.*no\.csv': no such file/],
      ["f.ts", join(folder, "x.xlsx"), /name a file that ends in \.csv/],
      ["f.json", words, /a pipeline file ends in \.ts/],
    ];
    for (const [file, data, message] of mistakes) {
      await assert.rejects(
        write(join(folder, file), { data }),
        (error) => error instanceof InputError && message.test(error.message),
      );
    }
  }));
