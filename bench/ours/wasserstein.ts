/** Exact W2 of two clouds of 2,000 points in 2-D, as `bench/peers/wasserstein.py`. Variants: near, far. */
import { readNpy } from "../../runtime/data/mod.ts";
import { assignPoints, pointsOf } from "../../solvers/transport/mod.ts";
import { serve, workerOptions } from "./worker.ts";

const { inputs, variant } = workerOptions();
const { data, shape: [, n, d] } = await readNpy(`${inputs}/wasserstein_${variant || "near"}.npy`);
const x = pointsOf({ data: data.subarray(0, n * d), shape: [n, d] });
const y = pointsOf({ data: data.subarray(n * d), shape: [n, d] });

await serve(() => ({ w2: Math.sqrt(assignPoints(x, y, "squaredEuclidean").cost / n) }));
