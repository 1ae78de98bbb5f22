import type { Tensor } from "../../graph/mod.ts";
import type { RunRecord } from "../../runtime/record.ts";
import { inGrid, type Picture } from "../figure.ts";
import { contrastOf, imageGrid, type ImageSize, imageSizeOf, isInk } from "../image_grid.ts";
import { pathsPicture } from "../paths_plot.ts";
import { columnNames } from "../table.ts";

/** Images followed, and times at which they are shown. */
const ROWS = 8;
const TIMES = 9;

/**
 * The paths of a run in the form that suits its samples: images in rows, a column over time, the first two columns of a
 * table.
 */
export function pathsOf(
  record: RunRecord,
): { readonly picture: Picture; readonly caption?: string } {
  const { trajectory, dim, eventShape } = record;
  const size = imageSizeOf(eventShape);
  if (size !== null) return imagePaths(record, size);
  const names = columnNames(dim, record.columns ?? undefined);
  const [times, count] = trajectory.shape;
  const plane = (at: (row: number, time: number) => [number, number]): Tensor => {
    const data = new Float32Array(times * count * 2);
    for (let row = 0; row < times * count; row++) {
      data.set(at(row, Math.floor(row / count) / (times - 1)), 2 * row);
    }
    return { data, shape: [times, count, 2] };
  };
  const { data } = trajectory;
  if (dim === 1) {
    const overTime = plane((row, time) => [time, data[row]]);
    return { picture: pathsPicture({ trajectory: overTime, columns: ["t", names[0]] }) };
  }
  const first = plane((row) => [data[row * dim], data[row * dim + 1]]);
  const picture = pathsPicture({ trajectory: first, columns: names.slice(0, 2) });
  return dim === 2 ? { picture } : { picture, caption: "The first two columns." };
}

function imagePaths(
  { trajectory, target, eventShape }: RunRecord,
  size: ImageSize,
): { picture: Picture; caption: string } {
  const [times, count] = trajectory.shape;
  const pixels = eventShape.reduce((product, side) => product * side, 1);
  const rows = Math.min(ROWS, count);
  const data = new Float32Array(rows * TIMES * pixels);
  for (let i = 0; i < rows * TIMES; i++) {
    const [row, column] = [Math.floor(i / TIMES), i % TIMES];
    const time = Math.round((column / (TIMES - 1)) * (times - 1));
    const from = (time * count + row) * pixels;
    data.set(trajectory.data.subarray(from, from + pixels), i * pixels);
  }
  const contrast = contrastOf(target);
  const grid = imageGrid({ data, shape: [rows * TIMES, pixels] }, size, {
    ...{ columns: TIMES, limit: rows * TIMES, contrast, side: 440 },
    ink: isInk(target, size, contrast),
  });
  const label = `${rows} samples, each in a row, from the source on the left to the target`;
  return {
    picture: { title: "Paths", panels: inGrid([{ ...grid, label }], 1), legend: [] },
    caption: "Each row is one sample, from t = 0 on the left to t = 1 on the right.",
  };
}
