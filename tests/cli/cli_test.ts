import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLI, deno, inFolder, noTrace, outcome, pipelineFile, start } from "./command_line.ts";

Deno.test("a pipeline file does the whole job, and a second time nothing anew", () =>
  inFolder(pipelineFile(), async (folder) => {
    const first = await deno(folder, "tiny.ts");
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /slicedWasserstein/);
    assert.match(first.out, /floor/);
    for (const file of ["spec.json", "samples.npy", "samples.svg", "metrics.json", "loss.svg"]) {
      assert.match(first.out, new RegExp(file.replace(".", "\\.")));
    }
    const second = await deno(folder, "tiny.ts");
    assert.equal(second.code, 0, second.err);
    assert.match(second.out, /training already there, solver already there/);
  }));

Deno.test("a changed metric does not train anew; --json prints one document", () =>
  inFolder(pipelineFile(), async (folder) => {
    const first = JSON.parse((await deno(folder, "tiny.ts", "run", "--json")).out);
    const file = pipelineFile({ metrics: `[metric.meanError({ samples: 300 })]` });
    await Deno.writeTextFile(join(folder, "tiny.ts"), file);
    const { code, out } = await deno(folder, "tiny.ts", "run", "--json");
    assert.equal(code, 0);
    const second = JSON.parse(out);
    assert.deepEqual(
      second.timings.map(({ node, stored }: { node: string; stored: boolean }) => [node, stored]),
      [["training", true], ["solver", true], ["metric.meanError", false], ["pictures", true]],
    );
    assert.equal(second.loss, first.loss);
    assert.notEqual(second.hash, first.hash);
    assert.deepEqual(Object.keys(second), [
      ...["name", "hash", "seed", "backend", "folder", "metrics", "timings", "files", "loss"],
    ]);
    const [metric] = second.metrics;
    assert.deepEqual(
      [metric.name, metric.unit, metric.lowerIsBetter, metric.samples],
      ["meanError", "x", true, 300],
    );
  }));

Deno.test("sub-commands do parts of the job, for a spec.json as for a pipeline file", () =>
  inFolder(pipelineFile(), async (folder) => {
    const graph = await deno(folder, "tiny.ts", "graph", "--json");
    assert.equal(graph.code, 0, graph.err);
    const { spec, nodes } = JSON.parse(graph.out);
    assert.ok(nodes.length >= 9);
    await Deno.writeTextFile(join(folder, "spec.json"), JSON.stringify(spec));
    const sampled = await deno(folder, CLI, "sample", "spec.json", "-n", "50", "--to", "s.npy");
    assert.equal(sampled.code, 0, sampled.err);
    assert.match(sampled.out, /50 samples \[50, 2\] in s\.npy/);
    const likelihood = await deno(folder, "tiny.ts", "likelihood", "s.npy", "--json");
    assert.equal(likelihood.code, 0, likelihood.err);
    assert.equal(JSON.parse(likelihood.out).metrics[0].samples, 50);
    const estimated = ["likelihood", "s.npy", "--divergence", "hutchinson", "--json"];
    const estimate = await deno(folder, "tiny.ts", ...estimated);
    assert.equal(estimate.code, 0, estimate.err);
    assert.notEqual(estimate.out, likelihood.out);
    const status = await deno(folder, "tiny.ts", "status");
    assert.match(status.out, /training +up to date/);
    assert.match(status.out, /metric\.slicedWasserstein +to be run/);
    assert.match((await deno(folder, "tiny.ts", "graph", "--mermaid")).out, /^flowchart TD/);
    const schema = JSON.parse((await deno(folder, CLI, "schema")).out);
    assert.ok(schema.definitions.pipeline.properties.training);
  }));

Deno.test("--set and --dry: a command says what it would do with other settings, and does nothing", () =>
  inFolder(pipelineFile(), async (folder) => {
    const dry = await deno(folder, "tiny.ts", "train", "--dry", "--set", "seed=3", "--json");
    assert.equal(dry.code, 0, dry.err);
    assert.match(dry.err, /training +to be run +it has not been run yet/);
    const { seed, nodes } = JSON.parse(dry.out);
    assert.equal(seed, 3);
    assert.deepEqual(nodes.map(({ node }: { node: string }) => node), ["training"]);
    await assert.rejects(Deno.stat(join(folder, "runs")), Deno.errors.NotFound);
    const wrong = await deno(folder, "tiny.ts", "run", "--set", "training.stepz=3");
    assert.equal(wrong.err, 'error: training has no field "stepz"; did you mean "steps"?\n');
    assert.equal(wrong.code, 2);
  }));

/** Mistakes of users, each with the file or command line, and what the one message must say. */
const MISTAKES: Readonly<
  Record<string, { changes?: Record<string, string>; args?: string[]; message: RegExp }>
> = {
  "a misspelt command": {
    args: ["trian"],
    message: /unknown command 'trian'; did you mean 'train'\?/,
  },
  "an unknown backend": {
    args: ["run", "--backend", "cuda"],
    message: /'cuda' is invalid.*auto, cpu, wasm/s,
  },
  "a negative count": { args: ["sample", "-n", "-3"], message: /'-3' is invalid.*whole number/ },
  "negative steps": {
    changes: { training: `training({ steps: -5 })` },
    message: /training\.steps|steps must be .*-5/,
  },
  "a missing file": {
    changes: { target: `data.csv({ path: "nowhere.csv", columns: ["a", "b"] })` },
    message: /target: .*nowhere\.csv.*no such file/,
  },
  "fewer rows than a batch": {
    changes: { target: `data.array([[0, 1], [1, 0], [2, 2]])` },
    message: /target: its train part has 3 rows, and a batch takes 64/,
  },
  "a folder that cannot be made": {
    args: ["run", "--folder", "tiny.ts/runs"],
    message: /Cannot .* 'tiny\.ts\/runs.*': a part of the path is not a folder/,
  },
  "points of another dimension": {
    args: ["likelihood", "nowhere.npy"],
    message: /nowhere\.npy.*no such file/,
  },
};

for (const [mistake, { changes = {}, args = [], message }] of Object.entries(MISTAKES)) {
  Deno.test(`${mistake} gives one clear message and exit code 2`, () =>
    inFolder(pipelineFile(changes), async (folder) => {
      const found = await deno(folder, "tiny.ts", ...args);
      assert.match(found.err, message);
      assert.equal(found.code, 2, found.err);
      noTrace(found);
    }));
}

/** Commands that write at their end, to places where they cannot. */
const PLACES: readonly (readonly [args: string[], message: RegExp])[] = [
  [["sample", "--to", "taken"], /^error: Cannot write 'taken': it is a folder, not a file$/m],
  [["sample", "--to", "tiny.ts/s.npy"], /^error: Cannot write 'tiny\.ts\/s\.npy': /m],
  [["likelihood", "--to", "taken"], /^error: Cannot write 'taken': it is a folder/m],
  [["likelihood", "no.npy"], /^error: Cannot read 'no\.npy': no such file/m],
  [["run", "--write-lock", "--lock", "taken"], /^error: Cannot write 'taken': it is a folder/m],
  [["verify", "--update", "--lock", "taken"], /^error: Cannot write 'taken': it is a folder/m],
];

Deno.test("a place that cannot be written is known before the work for it is begun", () =>
  inFolder(pipelineFile(), async (folder) => {
    await Deno.mkdir(join(folder, "taken"));
    for (const [args, message] of PLACES) {
      const found = await deno(folder, "tiny.ts", ...args);
      assert.match(found.err, message);
      assert.equal(found.code, 2, found.err);
      noTrace(found);
    }
    const [taken, ...left] = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual([taken, left], ["taken", ["tiny.ts"]]); // nothing was trained for them
    assert.deepEqual([...Deno.readDirSync(join(folder, "taken"))], []);
  }));

Deno.test("cli/main.ts takes a pipeline file, and an example as it stands", () =>
  inFolder(pipelineFile(), async (folder) => {
    const found = await deno(folder, CLI, "sample", "tiny.ts", "-n", "5");
    assert.equal(found.code, 0, found.err);
    assert.match(found.out, /5 samples \[5, 2\] in samples\.npy/);
    const example = fileURLToPath(new URL("../../examples/weather.ts", import.meta.url));
    const graph = await deno(folder, CLI, "graph", example);
    assert.equal(graph.code, 0, graph.err);
    assert.match(graph.out, /^seattle-weather/);
  }));

Deno.test("cli/main.ts runs a command once, also for a pipeline file that calls main unasked", () =>
  inFolder(pipelineFile().replace("if (import.meta.main) ", ""), async (folder) => {
    const found = await deno(folder, CLI, "graph", "tiny.ts", "--dot");
    assert.equal(found.code, 0, found.err);
    assert.equal(found.out.match(/^digraph "tiny" \{$/gm)?.length, 1);
    assert.equal(found.err, "");
  }));

Deno.test("cli/main.ts says in one line that a pipeline file is not there", () =>
  inFolder("", async (folder) => {
    const found = await deno(folder, CLI, "run", "no.ts");
    assert.equal(
      found.err,
      "error: Cannot read the pipeline file 'no.ts': no such file or folder\n",
    );
    assert.equal(found.code, 2);
  }));

Deno.test("a loss that turns NaN is exit code 1, with the step and the kept state", () =>
  inFolder(
    pipelineFile({
      training: `training({ steps: 200, optimizer: optimizer.sgd({ learningRate: 1e9 }) })`,
    }),
    async (folder) => {
      const found = await deno(folder, "tiny.ts");
      assert.match(found.err, /The loss is \S+ at step \d+ of 200: training stopped/);
      assert.equal(found.code, 1);
      noTrace(found);
      const [, kept] = /is kept in '([^']+)'/.exec(found.err)!;
      assert.ok((await Deno.stat(join(folder, kept))).isFile);
    },
  ));

Deno.test("Ctrl-C keeps what is done, and the same command goes on to the same result", () =>
  inFolder(
    pipelineFile({ training: `training({ steps: 6_000, batchSize: 64 })` }),
    async (folder) => {
      const process = start(folder, ["tiny.ts", "train", "--json"]);
      const errors = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
      let err = "";
      while (!err.includes(" on cpu")) err += (await errors.read()).value ?? assert.fail(err);
      await new Promise((resolve) => setTimeout(resolve, 700)); // somewhere in the middle
      process.kill("SIGINT");
      for (let part = await errors.read(); !part.done; part = await errors.read()) {
        err += part.value;
      }
      const { code } = await process.status;
      await process.stdout.cancel();
      assert.match(err, /Stopped after step \d+ of 6000; the same command goes on from there/);
      assert.equal(code, 130, err);
      const resumed = await deno(folder, "tiny.ts", "train", "--json");
      const whole = await deno(folder, "tiny.ts", "train", "--json", "--folder", "other");
      assert.equal(JSON.parse(resumed.out).loss, JSON.parse(whole.out).loss);
    },
  ));

Deno.test({
  name: "a full disk is said in a line, and nothing is left half-written",
  ignore: Deno.build.os !== "linux", // a disk of two pages is made by a mount in a namespace of its own
  fn: () =>
    inFolder(pipelineFile(), async (folder) => {
      await Deno.mkdir(join(folder, "small"));
      const script = "mount -t tmpfs -o size=8k tmpfs small && " +
        `${Deno.execPath()} run -A --no-check tiny.ts run --folder small; ` +
        "code=$?; find small -name '*.tmp*'; exit $code";
      const found = await outcome(
        new Deno.Command("unshare", {
          args: ["--user", "--map-root-user", "--mount", "sh", "-c", script],
          cwd: folder,
          env: { NO_COLOR: "1" },
          stdout: "piped",
          stderr: "piped",
        }).spawn(),
      );
      assert.match(found.err, /error: Cannot write '.*': the disk is full/);
      assert.equal(found.code, 2, found.err);
      assert.doesNotMatch(found.out, /\.tmp/);
      noTrace(found);
    }),
});

Deno.test("Ctrl-C while a metric is measured stops with what is done kept", () =>
  inFolder(
    pipelineFile({ metrics: "[metric.sinkhornDivergence({ samples: 1_000, repeats: 500 })]" }),
    async (folder) => {
      const process = start(folder, ["tiny.ts", "run", "--json"]);
      const errors = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
      let err = "";
      while (!err.includes("training: 200 steps")) {
        err += (await errors.read()).value ??
          assert.fail(err);
      }
      await new Promise((resolve) => setTimeout(resolve, 2_000)); // past the sampling
      process.kill("SIGINT");
      for (let part = await errors.read(); !part.done; part = await errors.read()) {
        err += part.value;
      }
      await process.stdout.cancel();
      assert.match(err, /error: Stopped while/);
      assert.equal((await process.status).code, 130, err);
      const status = await deno(folder, "tiny.ts", "status");
      assert.match(status.out, /training +up to date/);
    },
  ));

Deno.test("samples that the solver gave up on are warned of, with the remedy", () =>
  inFolder(
    pipelineFile({ solver: "solver.dopri5({ rtol: 1e-6, atol: 1e-6, maxSteps: 3 })" }),
    async (folder) => {
      const found = await deno(folder, "tiny.ts");
      assert.equal(found.code, 0, found.err);
      assert.match(found.out, /warning: samples: the solver gave up on \d+ of 5000 samples/);
      assert.match(
        found.out,
        /warning: slicedWasserstein: .*raise maxSteps or loosen rtol and atol/,
      );
    },
  ));
