import assert from "node:assert/strict";
import { matches } from "../../../runtime/data/select_rows.ts";

Deno.test("matches() takes a moment by its whole ISO text, and a midnight by its day", () => {
  const day = new Date("2012-01-31T00:00:00Z");
  const moment = new Date("2012-01-31T09:30:00Z");
  assert.ok(matches(day, "2012-01-31"));
  assert.ok(matches(day, "2012-01-31T00:00:00.000Z"));
  assert.ok(matches(moment, "2012-01-31T09:30:00.000Z"));
  for (const part of [2, 2012, "2", "2012", "2012-01", ""]) {
    assert.ok(!matches(day, part), `${part}`);
  }
  assert.ok(!matches(moment, "2012-01-31"));
});

Deno.test("matches() takes text by the whole of it, and a number by its value", () => {
  assert.ok(matches("Oslo", "Oslo") && !matches("Oslo", "Os"));
  assert.ok(matches("3.0", 3) && matches(3n, 3) && matches(3, "3") && !matches("3.0", "3"));
  assert.ok(!matches("", 0) && !matches(null, 0) && !matches(undefined, ""));
});
