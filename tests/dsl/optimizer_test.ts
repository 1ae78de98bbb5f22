import assert from "node:assert/strict";
import { optimizer, schedule } from "../../dsl/mod.ts";

for (const [name, build] of Object.entries(optimizer)) {
  Deno.test(`optimizer.${name}() takes a number for a constant schedule`, () => {
    const learningRate = schedule.constant(0.5);
    assert.deepEqual(build({ learningRate: 0.5 }), build({ learningRate }));
    assert.throws(() => build({ learningRate: 0 }), {
      name: "InputError",
      field: "learningRate.value",
      message: `optimizer.${name}: learningRate.value must be a number above 0: found 0`,
    });
  });
}
