import assert from "node:assert/strict";
import { join } from "node:path";
import { CLI, deno, inFolder, noTrace, pipelineFile } from "./command_line.ts";

const FILE = pipelineFile({
  training: "training({ steps: 40, batchSize: 32 })",
  solver: "solver.euler({ steps: 8 })",
  metrics: "[metric.slicedWasserstein({ samples: 100 })]",
});

Deno.test("compare puts two runs, a run and the lock, or the last run and the lock side by side", () =>
  inFolder(FILE, async (folder) => {
    const run = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await deno(folder, "tiny.ts", "run", "--json", ...args);
      assert.equal(code, 0, err);
      return JSON.parse(out).folder;
    };
    const first = await run("--write-lock");
    const second = await run("--set", "training.steps=50");

    const two = await deno(folder, CLI, "compare", first, second);
    assert.equal(two.code, 0, two.err);
    assert.match(two.out, new RegExp(`A: ${first} .*\\nB: ${second} `));
    assert.match(
      two.out,
      /slicedWasserstein +\S+ ± \S+ +\S+ ± \S+ +\S+ ± \S+ +(same|better|worse)/,
    );
    assert.match(two.out, /training\.steps +40 +50/);
    assert.doesNotMatch(two.out, /training\.batchSize/);
    assert.match(two.out, /training +\d.* \d.*\nsolver/);

    const last = await deno(folder, "tiny.ts", "compare", "--json");
    assert.equal(last.code, 0, last.err);
    const { a, b, settings, timings, metrics } = JSON.parse(last.out);
    assert.deepEqual([a.label, b.label], ["tiny.lock.json", second]);
    assert.deepEqual(settings, [{ path: "training.steps", a: 40, b: 50 }]);
    assert.deepEqual(timings.slice(0, 3).map(({ node }: { node: string }) => node), [
      ...["training", "solver", "metric.slicedWasserstein"],
    ]);
    assert.equal(timings[0].a, null);
    assert.ok(timings[0].b > 0);
    assert.equal(metrics[0].change, metrics[0].b.value - metrics[0].a.value);

    for (const args of [["tiny.ts", "compare", first], [CLI, "compare", "tiny.ts", first]]) {
      const one = await deno(folder, ...args);
      assert.equal(one.code, 0, one.err);
      assert.match(one.out, /A: tiny\.lock\.json .*\nB: runs.*\n[^]*no setting differs/);
    }
    assert.match((await deno(folder, "tiny.ts", "compare", "--json", first)).out, /"change": 0/);
    // A run whose results were there already knows how long they took.
    const again = await run();
    const stored = JSON.parse(await Deno.readTextFile(join(folder, again, "run.json")));
    assert.ok(stored.timings.every(({ made }: { made: number }) => made > 0));
  }));

Deno.test("compare names what is missing, with exit code 2", () =>
  inFolder(FILE, async (folder) => {
    await Deno.mkdir(join(folder, "empty"));
    const cases: [string[], RegExp][] = [
      [[CLI, "compare"], /There is no pipeline file whose lock to take: name a lock with --lock/],
      [
        ["tiny.ts", "compare"],
        /no lock to compare with: 'tiny\.lock\.json' is not there\. Write it with/,
      ],
      [[CLI, "compare", "empty", "nowhere"], /'empty' is not the folder of a finished run/],
      [[CLI, "compare", "a", "b", "c"], /compare takes two runs at most, found 3/],
    ];
    for (const [args, message] of cases) {
      const found = await deno(folder, ...args);
      assert.match(found.err, message);
      assert.equal(found.code, 2, found.err);
      noTrace(found);
    }
  }));
