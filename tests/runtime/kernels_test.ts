import assert from "node:assert/strict";
import { compile, data, pipeline, solver, training, velocity } from "../../mod.ts";
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

Deno.test("kernelsOf() shows a solve that is one kernel, and all that a closed form has", () => {
  const target = data.gaussianMixture({ means: [[-2, 0], [2, 0]] });
  const text = kernelsOf(compile(pipeline({
    target,
    velocity: velocity.gaussianMixture(),
    solver: solver.euler({ steps: 4 }),
  })));
  assert.match(text, /^\/\/ solve\n\/\/ 1\. \d+ workgroups\n\/\/ {3}solve \[\d+\]\n/);
  assert.equal(modulesIn(text).length, 1);
});

Deno.test("kernelsOf() shows a solve that is not, step by step", () => {
  const text = kernelsOf(compile(pipeline({
    target: data.twoMoons(),
    velocity: velocity.mlp({ hidden: [2_048] }),
    training: training({ batchSize: 32 }),
    solver: solver.euler({ steps: 4 }),
  })));
  assert.match(
    text,
    /^\/\/ solve\n\/\/ 1\. (.|\n)*^\/\/ \d+\. loop: \d+ dispatch(es)? an iteration\n/m,
  );
});
