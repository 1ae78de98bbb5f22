import { join } from "node:path";
import type { Tensor } from "../graph/mod.ts";
import type { Dataset } from "../runtime/data/mod.ts";
import { unstandardize } from "../runtime/data/mod.ts";
import { writeAtomically } from "../runtime/files.ts";
import { holdRun, type Run, type RunOptions } from "../runtime/run.ts";

/** Paths in the picture of paths, and the times at which they are looked at. */
const PATHS = 200;

/**
 * Draws the pictures of a run beside its files: samples, marginals or paths as the dimension asks, and the loss.
 *
 * @returns The paths of the pictures.
 */
export async function drawPictures(
  run: Run,
  target: Dataset,
  options: RunOptions,
): Promise<string[]> {
  // Loaded here, not above: commands that draw nothing start 150 ms sooner.
  const { lossPlot, marginalsPlot, pathsPlot, samplesPlot } = await import("../report/mod.ts");
  const { samples, loss, folder, graph, model } = run;
  const { spec } = graph;
  const count = Math.min(samples.shape[0], target.parts.test.rows);
  const drawn = target.parts.test.draw(count, {
    seed: spec.seed,
    stream: "pictures/target",
    step: 0,
  });
  const reference: Tensor = {
    data: unstandardize(drawn, target.standardization).data,
    shape: [count, ...target.eventShape],
  };
  const columns = target.columns === null ? {} : { columns: target.columns };
  const pictures: Record<string, string> = {
    "samples.svg": samplesPlot({ samples, target: reference, title: spec.name, ...columns }),
  };
  if (target.columns !== null) {
    pictures["marginals.svg"] = marginalsPlot({
      samples,
      target: reference,
      title: `${spec.name}: marginals`,
      ...columns,
    });
  }
  if (graph.dim === 2) {
    const trajectory = await model.trajectory(Math.min(PATHS, samples.shape[0]));
    pictures["paths.svg"] = pathsPlot({
      trajectory,
      title: `${spec.name}: from source to target`,
      ...columns,
    });
  }
  if (loss !== null) {
    pictures["loss.svg"] = lossPlot({
      steps: Array.from(loss, (_, i) => i + 1),
      loss,
      title: `${spec.name}: training loss`,
    });
  }
  await using _ = await holdRun(folder, options);
  const files: string[] = [];
  for (const [name, svg] of Object.entries(pictures)) {
    const path = join(folder, name);
    await writeAtomically(path, svg);
    files.push(path);
  }
  return files;
}
