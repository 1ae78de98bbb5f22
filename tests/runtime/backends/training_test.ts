import assert from "node:assert/strict";
import { openBackend } from "../../../runtime/backends/mod.ts";
import { NO_ADAPTER } from "../../adapter.ts";
import { openReference } from "./reference_backend.ts";
import { batches, firstState, trainingProgram } from "./training_program.ts";

const test = (backend: string, name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: (backend === "tfjs" || backend === "webgpu") && NO_ADAPTER, fn });

for (const name of ["cpu", "wasm", "webgpu", "tfjs"] as const) {
  test(name, `${name} trains as the reference does, step by step and state by state`, async () => {
    const program = trainingProgram([3, 16, 16, 2], 32);
    const [backend, reference] = [await openBackend(name), openReference()];
    const [a, b] = [await backend.load(program), await reference.load(program)];
    for (const executable of [a, b]) await executable.writeState(firstState(program));
    for (const done of [0, 4]) {
      const inputs = batches(program, { steps: 4, done });
      const [mine, exact] = [await a.run(inputs), await b.run(inputs)];
      mine.loss.data.forEach((loss, i) => {
        assert.ok(Math.abs(loss - exact.loss.data[i]) < 1e-4, `loss of step ${done + i}`);
      });
    }
    const expected = await b.readState();
    for (const [state, { data }] of await a.readState()) {
      // Adam divides gradients near 0 by their own size, which magnifies their rounding.
      data.forEach((value, i) =>
        assert.ok(Math.abs(value - expected.get(state)!.data[i]) < 2e-3, `${state}, element ${i}`)
      );
    }
    await backend.close();
  });
}
