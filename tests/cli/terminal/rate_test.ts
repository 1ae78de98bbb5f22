import assert from "node:assert/strict";
import { Rate } from "../../../cli/terminal/rate.ts";

Deno.test("Rate says nothing before its window is long enough", () => {
  const rate = new Rate();
  assert.ok(Number.isNaN(rate.perSecond));
  rate.mark(0, 10);
  rate.mark(50, 10.05);
  assert.ok(Number.isNaN(rate.perSecond));
});

Deno.test("Rate forgets a slow start once the window has passed it", () => {
  const rate = new Rate(5);
  rate.mark(0, 0);
  rate.mark(1, 10); // ten seconds for the first step
  for (let second = 11; second <= 20; second++) rate.mark(1 + (second - 10) * 100, second);
  assert.equal(rate.perSecond, 100);
});
