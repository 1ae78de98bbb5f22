import assert from "node:assert/strict";
import { join } from "node:path";
import { isPipelineFile, loadPipeline } from "../../cli/load_pipeline.ts";
import { inFolder } from "../in_folder.ts";

/** What is no pipeline, as files and command lines, and what the one message must say. */
const NO_PIPELINES: Readonly<Record<string, { text?: string; message: RegExp }>> = {
  "no.ts": { message: /^Cannot read the pipeline file '.*no\.ts': no such file or folder$/ },
  "folder": { message: /^Cannot read .* '.*folder': it is a folder; name a file in it$/ },
  "cells.csv": {
    text: "a,b\n1,2\n",
    message: /^.* '.*cells\.csv': a pipeline file ends in \.ts .*`init --data .*cells\.csv`.*$/,
  },
  "none.ts": {
    text: "export const x = 1;\n",
    message: /^'.*none\.ts' has no default export: end it with .*$/,
  },
  "three.ts": {
    text: "export default 3;",
    message: /^'.*three\.ts' has a default export that is no pipeline \(3\): end it .*$/,
  },
  "misspelt.ts": {
    text: 'export default { target: { kind: "toMoons" } };',
    message: /^'.*misspelt\.ts': target\.kind must be one of .*did you mean "twoMoons"\?$/,
  },
  "half.json": {
    text: "{",
    message: /^'.*half\.json': The pipeline spec is not valid JSON: .*$/,
  },
  "broken.ts": {
    text: 'import "./not_there.ts";',
    message: /^Cannot evaluate '.*broken\.ts': Module not found ".*not_there\.ts"/,
  },
  "throws.ts": {
    text: "\n(undefined as any).x;",
    message: /^Cannot evaluate '.*throws\.ts': TypeError: Cannot read .* \(line 2\)$/,
  },
};

for (const [file, { text, message }] of Object.entries(NO_PIPELINES)) {
  Deno.test(`loadPipeline() says what keeps ${file} from being a pipeline`, () =>
    inFolder(async (folder) => {
      await Deno.mkdir(join(folder, "folder"));
      if (text !== undefined) await Deno.writeTextFile(join(folder, file), text);
      await assert.rejects(loadPipeline(join(folder, file)), { name: "InputError", message });
    }));
}

Deno.test("isPipelineFile() goes by how a name ends", () => {
  for (const file of ["a.ts", "b/c.mjs", "https://host/d.tsx", "spec.json"]) {
    assert.ok(isPipelineFile(file), file);
  }
  for (const file of ["a", "a.csv", "ts", "a.ts/b"]) assert.ok(!isPipelineFile(file), file);
});
