import assert from "node:assert/strict";
import { EXIT, failureOf } from "../../cli/failure.ts";
import type { GpuError } from "../../runtime/backends/gpu_error.ts";
import {
  compileError,
  lostError,
  memoryError,
  openRowsError,
  refusedError,
} from "../../runtime/backends/webgpu/errors.ts";

/** What a GPU fails with, and whether that is for the user to mend. */
const FAILURES: readonly (readonly [error: GpuError, code: number])[] = [
  [lostError("training", "it was unplugged"), EXIT.input],
  [memoryError("training", 2 ** 30), EXIT.input],
  [openRowsError(), EXIT.input],
  [compileError("training", "matmul [2, 2]", "line 1: no"), EXIT.fault],
  [refusedError("training", "no"), EXIT.fault],
];

for (const [error, code] of FAILURES) {
  Deno.test(`a GPU's failure is a message without a stack: ${error.message.slice(0, 50)}`, () => {
    assert.deepEqual(failureOf(error), { message: error.message, code });
    assert.match(error.message, /--backend cpu/);
  });
}

Deno.test("any other error is our fault, with its stack", () => {
  const { message, code } = failureOf(new Error("what is this"));
  assert.equal(code, EXIT.fault);
  assert.match(message, /fault of pushforward.*\n.*what is this\n\s+at /);
});
