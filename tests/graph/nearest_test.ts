import assert from "node:assert/strict";
import { nearest } from "../../graph/nearest.ts";

const names = ["euler", "midpoint", "dopri5", "tsit5", "batchSize"];

Deno.test("nearest() finds a name with a letter missing, added, changed or swapped", () => {
  for (const typo of ["dopri", "dopri55", "dopry5", "dorpi5", "DOPRI5"]) {
    assert.equal(nearest(typo, names), "dopri5");
  }
  assert.equal(nearest("batchsize", names), "batchSize");
});

Deno.test("nearest() counts the swap of two neighbours as one edit", () => {
  assert.equal(nearest("uelr", ["uler", "uxyr"]), "uler");
  assert.equal(nearest("ab", ["ba"]), "ba");
});

Deno.test("nearest() has no answer for a name that resembles none", () => {
  assert.equal(nearest("leapfrog", names), undefined);
  assert.equal(nearest("", names), undefined);
});
