import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

/** The pages that readers of the project see. */
const PAGES = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  ...[...Deno.readDirSync(new URL("docs/", ROOT))]
    .filter((entry) => entry.name.endsWith(".md"))
    .map((entry) => `docs/${entry.name}`),
];

for (const page of PAGES) {
  Deno.test(`every link and picture of ${page} leads to a file of the project`, () => {
    const here = new URL(page, ROOT);
    const text = Deno.readTextFileSync(here);
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|#)/.test(target)) continue;
      const file = new URL(target.split("#")[0], here);
      assert.ok(Deno.statSync(file).isFile, target);
    }
  });
}
