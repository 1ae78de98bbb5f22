import assert from "node:assert/strict";
import { describeStatus, STATUS } from "../../../solvers/ode/mod.ts";

const at = { t: 0.123456789, step: 1.23456e-7, evaluations: 99 };

Deno.test("describeStatus() names time, step, evaluations and a remedy for every way to give up", () => {
  for (const status of [STATUS.stepLimit, STATUS.stepUnderflow, STATUS.notFinite]) {
    const message = describeStatus({ ...at, status });
    assert.match(message, /at t = 0\.123457 \(step 1\.23e-7, 99 evaluations\): \w+/);
  }
});

Deno.test("describeStatus() rejects a number that is no status", () => {
  assert.throws(() => describeStatus({ ...at, status: 9 }), {
    name: "RangeError",
    message: /found 9/,
  });
});
