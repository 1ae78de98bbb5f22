/**
 * Handwritten digits, 8 x 8 pixels in 17 levels of grey: real images as 64-dimensional points.
 *
 *     deno run -A examples/digits.ts
 *
 * It shows a density of quantised data measured honestly. Grey levels are whole numbers, and a density could grow
 * without bound on them; so `dequantize: 1` spreads each level over its unit interval, and the test likelihood in bits
 * per dimension is then comparable with any other model of the same images (a uniform guess costs log2(17) = 4.09 bits).
 * Standardising is accounted for in the likelihood. Images of the test part are never trained on.
 *
 * The images are scikit-learn's digits; see examples/data/digits.
 */
import {
  data,
  main,
  metric,
  optimizer,
  pipeline,
  type PipelineSpec,
  schedule,
  solver,
  training,
  velocity,
} from "../mod.ts";

const digits: PipelineSpec = pipeline({
  name: "digits",
  seed: 0,
  target: data.npy({
    path: new URL("./data/digits/images.npy", import.meta.url),
    dim: 64,
    dequantize: 1,
    licence: "BSD-3-Clause",
    standardize: true,
    split: { train: 0.8, test: 0.2 },
  }),
  velocity: velocity.mlp({ hidden: [256, 256, 256], activation: "silu" }),
  training: training({
    steps: 4_000,
    batchSize: 256,
    optimizer: optimizer.adam({ learningRate: schedule.cosine({ peak: 2e-3, warmup: 100 }) }),
    ema: 0.999,
  }),
  solver: solver.dopri5({ rtol: 1e-3, atol: 1e-3 }),
  metrics: [
    metric.bitsPerDimension({ samples: 200 }),
    metric.energyDistance({ samples: 300 }),
  ],
});

export default digits;
if (import.meta.main) await main(digits);
