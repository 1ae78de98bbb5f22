import assert from "node:assert/strict";
import { testInBrowser } from "./browser.ts";

const page = (body: string): string => `data:text/html,${encodeURIComponent(body)}`;

testInBrowser("testInBrowser() hears what a page complains of and asks for", async (open) => {
  const quiet = await open(page("<!doctype html><p>well"), { width: 390, scheme: "dark" });
  assert.deepEqual([quiet.complaints, quiet.requests], [[], []]);
  const facts = await quiet.page.evaluate(
    "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]",
  );
  assert.deepEqual(facts, [390, true]);
  const loud = await open(
    page("<!doctype html><img src='http://127.0.0.1:9/x.png'><script>nonsense()</script>"),
  );
  assert.deepEqual(loud.requests, ["http://127.0.0.1:9/x.png"]);
  assert.match(loud.complaints.join("\n"), /nonsense is not defined/);
  assert.match(loud.complaints.join("\n"), /x\.png: net::ERR/);
});
