import assert from "node:assert/strict";
import { findingsOf, type ModuleGraph } from "../../scripts/import_direction.ts";

const ROOT = "file:///project/";

/** A module graph as `deno info --json` prints it, from `file: [line, specifier, "type" or "code"]`. */
function graphOf(
  files: Record<string, [number, string, ("type" | "code" | "dynamic")?][]>,
): ModuleGraph {
  return {
    modules: Object.entries(files).map(([file, imports]) => ({
      specifier: ROOT + file,
      dependencies: imports.map(([line, specifier, kind = "code"]) => {
        const target = {
          specifier: specifier.includes(":") ? specifier : ROOT + specifier,
          span: { start: { line: line - 1 } },
        };
        return kind === "type"
          ? { specifier, type: target }
          : { specifier, code: target, isDynamic: kind === "dynamic" };
      }),
    })),
  };
}

function messages(files: Parameters<typeof graphOf>[0]): string[] {
  return findingsOf(graphOf(files), ROOT).map((f) => `${f.file}:${f.line}: ${f.message}`);
}

Deno.test("imports that point down are accepted", () => {
  assert.deepEqual(
    messages({
      "mod.ts": [[1, "cli/main.ts"], [2, "graph/mod.ts"]],
      "cli/main.ts": [[1, "runtime/run.ts"], [2, "report/mod.ts"], [3, "cli/terminal/mod.ts"]],
      "nodes/metric/mod.ts": [[1, "solvers/transport/mod.ts"]],
      "examples/moons.ts": [[1, "mod.ts"], [2, "node:process"]],
      "tests/graph/mod_test.ts": [[1, "graph/mod.ts"], [2, "npm:fast-check@4.1.0"]],
    }),
    [],
  );
});

Deno.test("imports that point up or sideways are found with file and line", () => {
  assert.deepEqual(
    messages({
      "graph/mod.ts": [[7, "dsl/mod.ts"]],
      "report/plot.ts": [[2, "runtime/run.ts"]],
      "examples/moons.ts": [[3, "dsl/mod.ts"]],
    }),
    [
      "examples/moons.ts:3: examples/ may not import dsl/mod.ts: it may import mod.ts, browser.ts",
      "graph/mod.ts:7: graph/ may not import dsl/mod.ts: it may import nothing of ours",
      "report/plot.ts:2: report/ may import only types from runtime/: runtime/run.ts",
    ],
  );
});

Deno.test("a layer open for types is closed for code", () => {
  assert.deepEqual(messages({ "report/plot.ts": [[1, "graph/mod.ts", "type"]] }), []);
  assert.deepEqual(messages({ "report/plot.ts": [[1, "graph/mod.ts"]] }), [
    "report/plot.ts:1: report/ may import only types from graph/: graph/mod.ts",
  ]);
});

Deno.test("third-party code must be one exact version from npm", () => {
  const accepted = [
    "npm:zod@4.6.7",
    "npm:@a/b@1.0.0",
    "npm:a@1.0.0-rc.1",
    "npm:a@1.0.0/sub/path.js",
    "node:fs",
  ];
  for (const specifier of accepted) {
    assert.deepEqual(messages({ "dsl/a.ts": [[1, specifier]] }), []);
  }
  const rejected = [
    "npm:zod",
    "npm:zod@4",
    "npm:zod@^4.6.7",
    "jsr:@std/assert@1.0.0",
    "https://a.b/c.ts",
    "data:a",
  ];
  for (const specifier of rejected) {
    assert.equal(messages({ "dsl/a.ts": [[1, specifier]] }).length, 1, specifier);
  }
});

Deno.test("a folder without a rule is found rather than let through", () => {
  assert.match(messages({ "misc/a.ts": [[1, "graph/mod.ts"]] })[0], /"misc" has no rule/);
});

Deno.test("a private file is open to its folder and its test only", () => {
  assert.deepEqual(
    messages({
      "graph/ops/mod.ts": [[1, "graph/ops/_pack.ts"]],
      "tests/graph/ops/_pack_test.ts": [[1, "graph/ops/_pack.ts"]],
      "graph/mod.ts": [[4, "graph/ops/_pack.ts"]],
    }),
    ["graph/mod.ts:4: graph/ops/_pack.ts is private to graph/ops/"],
  );
});

Deno.test("files that need each other are found, types and dynamic imports aside", () => {
  assert.deepEqual(
    messages({
      "graph/a.ts": [[1, "graph/b.ts"]],
      "graph/b.ts": [[2, "graph/c.ts"]],
      "graph/c.ts": [[3, "graph/a.ts"]],
    }),
    ["graph/c.ts:3: files need each other: graph/a.ts -> graph/b.ts -> graph/c.ts -> graph/a.ts"],
  );
  for (const kind of ["type", "dynamic"] as const) {
    assert.deepEqual(
      messages({ "graph/a.ts": [[1, "graph/b.ts"]], "graph/b.ts": [[2, "graph/a.ts", kind]] }),
      [],
    );
  }
});

Deno.test("a missing file is found where it is imported", () => {
  const graph = graphOf({ "dsl/a.ts": [[5, "graph/gone.ts"]] });
  const missing = { specifier: ROOT + "graph/gone.ts", error: "Module not found" };
  assert.deepEqual(findingsOf({ modules: [...graph.modules, missing] }, ROOT), [
    { file: "dsl/a.ts", line: 5, message: "Module not found" },
  ]);
});
