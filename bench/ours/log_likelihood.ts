/**
 * Exact log-likelihood of 10,000 points in 2-D by dopri5 1e-5, as `bench/peers/log_likelihood.py`.
 * Variants: sample, batch (who shares the steps).
 */
import { solver } from "../../dsl/mod.ts";
import { openBackend } from "../../runtime/backends/mod.ts";
import { readNpy } from "../../runtime/data/mod.ts";
import { openSharedField } from "./field.ts";
import { serve, workerOptions } from "./worker.ts";

const { inputs, threads, variant } = workerOptions();
const control = variant === "batch" ? "batch" : "sample";
const backend = await openBackend("cpu", { threads });
const flow = await openSharedField(inputs, backend);
const points = await readNpy(`${inputs}/points.npy`);
const dopri5 = solver.dopri5({ rtol: 1e-5, atol: 1e-5, control });

await serve(async () => {
  const { values, report } = await flow.logDensity(points, { solver: dopri5 });
  return { evaluations: report.evaluations, mean: values.reduce((a, b) => a + b) / values.length };
});
await flow.close();
await backend.close();
