/**
 * 10,000 samples by dopri5 at rtol = atol = 1e-5 through the shared field, as `bench/peers/dopri5.py`.
 * Variants: sample (every sample has its own steps, our default), batch (all share theirs, as in torchdiffeq).
 */
import { solver } from "../../dsl/mod.ts";
import { openBackend } from "../../runtime/backends/mod.ts";
import { readNpy } from "../../runtime/data/mod.ts";
import { openSharedField } from "./field.ts";
import { head, moments } from "./samples.ts";
import { serve, workerOptions } from "./worker.ts";

const { inputs, threads, variant } = workerOptions();
const control = variant === "batch" ? "batch" : "sample";
const backend = await openBackend("cpu", { threads });
const flow = await openSharedField(inputs, backend);
const noise = head(await readNpy(`${inputs}/noise.npy`), 10_000);
const dopri5 = solver.dopri5({ rtol: 1e-5, atol: 1e-5, control });

await serve(async () => {
  const { x, report } = await flow.push(noise, { solver: dopri5 });
  return { evaluations: report.evaluations, ...moments(x) };
});
await flow.close();
await backend.close();
