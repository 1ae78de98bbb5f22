import assert from "node:assert/strict";
import { compile, data, pipeline, training, velocity } from "../../mod.ts";
import { kernelsOf } from "../../runtime/kernels.ts";

/** The modules in a text of kernels. */
function modulesIn(text: string): string[] {
  const parts = text.split(/^\/\/ .*$/m).map((part) => part.trim());
  return parts.filter((part) => part !== "");
}

Deno.test("kernelsOf() shows the kernels of a training step, a module each, within its loop", () => {
  const text = kernelsOf(compile(pipeline({
    target: data.twoMoons(),
    velocity: velocity.mlp({ hidden: [16, 16] }),
    training: training({ batchSize: 32 }),
  })));
  assert.match(text, /^\/\/ training\n\/\/ 1\. loop: \d+ dispatches an iteration\n/);
  const modules = modulesIn(text);
  assert.ok(modules.length > 5);
  for (const module of modules) assert.equal(module.match(/@compute/g)?.length, 1, module);
});

Deno.test("kernelsOf() shows the evaluation of a closed form, which has no training", () => {
  const target = data.gaussianMixture({ means: [[-2, 0], [2, 0]] });
  const text = kernelsOf(compile(pipeline({ target, velocity: velocity.gaussianMixture() })));
  assert.doesNotMatch(text, /loop/);
  for (const module of modulesIn(text)) assert.equal(module.match(/@compute/g)?.length, 1, module);
});
