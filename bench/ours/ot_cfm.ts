/**
 * OT-CFM training end to end, as `bench/peers/ot_cfm.py`: exact plans, MLP 3x64 with SELU, Adam. Variants: 256, 512.
 *
 * A repetition is a whole training as a user starts it: reading the data, building and loading the program and
 * starting the workers that draw and couple batches all count. torchcfm has nothing of the kind to open.
 */
import { openBackend } from "../../runtime/backends/mod.ts";
import { gaussiansToMoons } from "./spec.ts";
import { trainOnce } from "./train_once.ts";
import { serve, workerOptions } from "./worker.ts";

const { inputs, threads, variant } = workerOptions();
const batchSize = Number(variant || 256);
const steps = batchSize === 512 ? 400 : 1000;
const spec = gaussiansToMoons(inputs, { kind: "optimalTransport", batchSize, steps });
const backend = await openBackend("cpu", { threads });

await serve(async () => {
  const { loss } = await trainOnce(spec, backend);
  return { steps, loss: loss[steps - 1] };
});
await backend.close();
