import { join } from "node:path";
import { writeAtomically } from "../runtime/files.ts";
import type { RunRecord } from "../runtime/record.ts";
import { holdRun, type RunOptions } from "../runtime/run.ts";

/**
 * Draws the pictures of a finished run beside its files: samples, marginals, paths or density as the data ask, the
 * loss, and the report that holds them all.
 *
 * @returns The paths of the pictures.
 */
export async function drawPictures(record: RunRecord, options: RunOptions): Promise<string[]> {
  // Loaded here, not above: commands that draw nothing start 150 ms sooner.
  const { densityPlot, lossPlot, marginalsPlot, pathsPlot, reportPage, samplesPlot } = await import(
    "../report/mod.ts"
  );
  const { samples, target, trajectory, density, loss, folder, spec } = record;
  const columns = record.columns === null ? {} : { columns: record.columns };
  const pictures: Record<string, string> = {
    "samples.svg": samplesPlot({ samples, target, title: spec.name, ...columns }),
  };
  if (record.columns !== null) {
    const title = `${spec.name}: marginals`;
    pictures["marginals.svg"] = marginalsPlot({ samples, target, title, ...columns });
  }
  if (record.dim === 2) {
    const title = `${spec.name}: from source to target`;
    pictures["paths.svg"] = pathsPlot({ trajectory, title, ...columns });
  }
  if (density !== null) {
    const title = `${spec.name}: density`;
    pictures["density.svg"] = densityPlot({ density, target, title, ...columns });
  }
  if (loss !== null) {
    const steps = Array.from(loss, (_, i) => i + 1);
    pictures["loss.svg"] = lossPlot({ steps, loss, title: `${spec.name}: training loss` });
  }
  pictures["report.html"] = reportPage(record);
  await using _ = await holdRun(folder, options);
  const files: string[] = [];
  for (const [name, text] of Object.entries(pictures)) {
    const path = join(folder, name);
    await writeAtomically(path, text);
    files.push(path);
  }
  return files;
}
