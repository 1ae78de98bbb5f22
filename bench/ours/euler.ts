/** 10,240 samples through 100 Euler steps of the shared field, as `bench/peers/euler.py`. Variants: cpu, wasm. */
import { type BackendName, openBackend } from "../../runtime/backends/mod.ts";
import { readNpy } from "../../runtime/data/mod.ts";
import { openSharedField } from "./field.ts";
import { moments } from "./samples.ts";
import { serve, workerOptions } from "./worker.ts";

const { inputs, threads, variant } = workerOptions();
const backend = await openBackend((variant || "cpu") as BackendName, { threads });
const flow = await openSharedField(inputs, backend);
const noise = await readNpy(`${inputs}/noise.npy`);

await serve(async () => moments((await flow.push(noise)).x));
await flow.close();
await backend.close();
