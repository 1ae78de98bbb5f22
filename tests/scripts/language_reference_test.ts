import assert from "node:assert/strict";
import { schema } from "../../dsl/mod.ts";
import { languageReference } from "../../scripts/language_reference.ts";

/** Without what formatting changes: line breaks, and the padding of tables. */
function unformatted(text: string): string {
  return text.replace(/\s+/g, " ").replace(/-{3,}/g, "---").trim();
}

Deno.test("docs/language.md says what the schema says", () => {
  const file = new URL("../../docs/language.md", import.meta.url);
  assert.equal(
    unformatted(Deno.readTextFileSync(file)),
    unformatted(languageReference(schema())),
    "write it anew: deno run -A scripts/language_reference.ts",
  );
});

Deno.test("every link inside docs/language.md leads to a heading", () => {
  const text = Deno.readTextFileSync(new URL("../../docs/language.md", import.meta.url));
  const anchors = new Set(
    [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1].toLowerCase().replaceAll(" ", "-")),
  );
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]);
  assert.ok(links.length > 20);
  for (const link of links) assert.ok(anchors.has(link), link);
});
