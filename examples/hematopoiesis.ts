/**
 * Blood cells from one day to the next: data-to-data transport between two snapshots of a population.
 *
 *     deno run -A examples/hematopoiesis.ts cells.csv
 *
 * It shows a source that is data. A cell is destroyed when it is measured, so no cell is seen twice; the coupling by
 * optimal transport says which cell of the first day becomes which of the second, and the flow carries cells that were
 * held out. The Wasserstein distances compare them with held-out cells of the second day; the floor says what two
 * samples of those differ by.
 *
 * The file is a CSV with the columns samples (0 for the first snapshot, 1 for the next), x1 and x2, such as
 * `data/mouse_hematopoiesis.csv` of the DeepRUOT project (mouse cells of Weinreb et al., Science 367, 2020; not part of
 * this project). Arguments after the path are those of any pipeline file.
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

/** The cells of one snapshot. */
function snapshot(path: string, index: number) {
  return data.csv({
    path,
    columns: ["x1", "x2"],
    select: [{ column: "samples", equals: index }],
    split: { train: 0.8, test: 0.2 },
  });
}

/** The pipeline for the file at `path`. */
export function hematopoiesis(path: string): PipelineSpec {
  return pipeline({
    name: "hematopoiesis",
    seed: 0,
    source: snapshot(path, 0),
    target: snapshot(path, 1),
    coupling: coupling.optimalTransport(),
    velocity: velocity.mlp({ hidden: [128, 128, 128], activation: "silu" }),
    training: training({
      steps: 3_000,
      batchSize: 256,
      optimizer: optimizer.adam({ learningRate: 1e-3 }),
    }),
    solver: solver.dopri5({ rtol: 1e-4, atol: 1e-4 }),
    metrics: [metric.wasserstein1(), metric.wasserstein2(), metric.pathEnergy()],
  });
}

const args = import.meta.main ? Deno.args : [];
const given = args[0]?.endsWith(".csv") ?? false;

const cells: PipelineSpec = hematopoiesis(given ? args[0] : "mouse_hematopoiesis.csv");
export default cells;
if (import.meta.main) await main(cells, given ? args.slice(1) : args);
