/**
 * Four years of daily weather in Seattle: a table whose columns have different units.
 *
 *     deno run -A examples/weather.ts
 *
 * It shows a CSV file with columns by name. Rain is in mm, temperatures in degrees Celsius, wind in m/s, so the columns
 * are standardised on the train part; samples come back in their own units, and the report lays the marginals of samples
 * and data over each other. Most days have no rain at all, a spike that a smooth flow can only approach.
 *
 * The table is from NOAA by way of vega-datasets; see examples/data/vega.
 */
import {
  coupling,
  data,
  main,
  metric,
  optimizer,
  pipeline,
  type PipelineSpec,
  solver,
  training,
  velocity,
} from "../mod.ts";

const weather: PipelineSpec = pipeline({
  name: "seattle-weather",
  seed: 0,
  target: data.csv({
    path: new URL("./data/vega/seattle_weather.csv", import.meta.url),
    columns: ["precipitation", "temp_max", "temp_min", "wind"],
    licence: "public domain",
    standardize: true,
    split: { train: 0.8, test: 0.2 },
  }),
  coupling: coupling.optimalTransport(),
  velocity: velocity.mlp({ hidden: [128, 128, 128], activation: "silu" }),
  training: training({
    steps: 3_000,
    batchSize: 256,
    optimizer: optimizer.adamw({ learningRate: 1e-3 }),
  }),
  solver: solver.tsit5({ rtol: 1e-4, atol: 1e-4 }),
  metrics: [
    metric.slicedWasserstein({ samples: 290 }),
    metric.energyDistance({ samples: 290 }),
    metric.meanError({ samples: 290 }),
    metric.covarianceError({ samples: 290 }),
  ],
});

export default weather;
if (import.meta.main) await main(weather);
