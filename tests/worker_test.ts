import assert from "node:assert/strict";

Deno.test("mod.ts works in a worker, which has no main module", async () => {
  const script = `
    import { data, pipeline, solver, velocity } from "${import.meta.resolve("../mod.ts")}";
    const spec = pipeline({
      name: "spread",
      target: data.twoMoons(),
      velocity: velocity.custom((_t, x) => x),
      solver: solver.euler({ steps: 2 }),
      metrics: [],
    });
    postMessage(spec.name);
  `;
  const url = URL.createObjectURL(new Blob([script], { type: "text/typescript" }));
  const worker = new Worker(url, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  try {
    assert.equal(await promise, "spread");
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
});
