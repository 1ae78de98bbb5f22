import assert from "node:assert/strict";
import {
  type Dataset,
  openData,
  openSource,
  revive,
  type TableContent,
} from "../../../runtime/data/mod.ts";
import type { Tensor } from "../../../graph/types.ts";
import { array } from "./fixtures.ts";

const AT = { seed: 1, stream: "batch", step: 2 };
const ROWS = Array.from({ length: 10 }, (_, i) => [i, i * i]);

const DATASETS: Readonly<Record<string, () => Promise<Dataset>>> = {
  table: () => openData(array(ROWS, { standardize: true, dequantize: 1 })),
  toy: () => openData({ kind: "checkerboard", cells: 4, extent: 4 }),
  source: () => openSource({ kind: "gaussian", dim: null, mean: 0, scale: 1 }, { dim: 3 }),
};

for (const [name, open] of Object.entries(DATASETS)) {
  Deno.test(`a ${name} revived in a worker draws the same samples`, async () => {
    const dataset = await open();
    const worker = new Worker(import.meta.resolve("./revive_worker.ts"), { type: "module" });
    const drawn = await new Promise<Tensor>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = reject;
      worker.postMessage(dataset.serialize());
    });
    worker.terminate();
    assert.deepEqual(drawn, dataset.parts.train.draw(3, AT));
  });

  Deno.test(`a ${name} revived has the same digest and shape`, async () => {
    const dataset = await open();
    const copy = revive(structuredClone(dataset.serialize()));
    assert.deepEqual(
      [copy.digest, copy.dim, copy.eventShape, copy.standardization, copy.dequantize],
      [
        dataset.digest,
        dataset.dim,
        dataset.eventShape,
        dataset.standardization,
        dataset.dequantize,
      ],
    );
    assert.match(dataset.digest, /^[0-9a-f]{64}$/);
  });
}

Deno.test("serialize() puts equal parts of a table into one shared array, once", async () => {
  const dataset = await DATASETS.table();
  const { parts } = dataset.serialize() as TableContent;
  assert.ok(parts.train.buffer instanceof SharedArrayBuffer);
  assert.equal(parts.train, parts.test);
  assert.equal(dataset.serialize(), dataset.serialize());
  assert.ok(dataset.parts.train.table!.data.buffer instanceof ArrayBuffer);
});
