import { data, pipeline, type PipelineSpec, run, solver, times, velocity } from "../../../mod.ts";

/** Two pipelines that need no training: noise to points of a shape of their own, and data to data. */
const NOISE = pipeline({
  name: "noise",
  target: data.gaussianMixture({
    weights: [0.5, 0.5],
    means: [[2, 0], [-2, 1]],
    covariances: [[[0.2, 0], [0, 0.2]], [[0.3, 0.1], [0.1, 0.2]]],
  }),
  velocity: velocity.gaussianMixture(),
  solver: solver.heun({ steps: 8 }),
});
const TABLE = {
  data: Float32Array.from({ length: 80 }, (_, i) => Math.sin(i * i)),
  shape: [20, 2, 2],
};
const DATA_TO_DATA = pipeline({
  name: "data-to-data",
  source: data.array(TABLE, { dim: 4 }),
  target: data.array(TABLE, { dim: 4 }),
  velocity: velocity.custom((_t, x) => times(-0.1, x), { dim: 4 }),
  solver: solver.euler({ steps: 3 }),
});
const PIPELINES: Readonly<Record<"noise" | "data to data", PipelineSpec>> = {
  noise: NOISE,
  "data to data": DATA_TO_DATA,
};

/** Exports a pipeline into a folder, and removes it after the test. */
export async function withExported(
  which: keyof typeof PIPELINES,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const { model, folder: runFolder } = await run(PIPELINES[which], { folder });
    await model.close();
    await test(`${runFolder}/model`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
