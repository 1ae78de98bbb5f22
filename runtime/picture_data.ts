import { join } from "node:path";
import type { SolverSpec } from "../dsl/mod.ts";
import type { Tensor } from "../graph/mod.ts";
import {
  type Dataset,
  encodeNpy,
  logDeterminant,
  readNpy,
  standardize,
  unstandardize,
} from "./data/mod.ts";
import { isThere } from "./files.ts";
import type { Flow } from "./flow.ts";

/** What pictures of a run show beside its samples, in units of the data. */
export interface PictureData {
  /** Points of the target that were not trained on, as many as there are samples or rows, [n, ...event]. */
  readonly target: Tensor;
  /** Paths from source to target at equally spaced times from 0 to 1, [times, n, ...event]. */
  readonly trajectory: Tensor;
  /**
   * Of a model of two columns that knows its density: points of a grid, each with log p in nats there (NaN where the
   * solver gave up), [points along x_2, points along x_1, (x_1, x_2, log p)]. Null for others.
   */
  readonly density: Tensor | null;
}

/** Times at which paths are looked at. */
const TIMES = 33;
/** Paths at most, and numbers in all of them. */
const PATHS = 600;
const NUMBERS = 1_000_000;
/** Points along each side of the density's grid. */
const GRID = 80;
/** Errors that no picture shows: tighter tolerances of the pipeline are loosened to this. */
const TOLERANCE = 1e-3;

/** Makes the data of a run's pictures; where draws are needed they are pure functions of the seed. */
export async function makePictureData(
  parts: {
    readonly flow: Flow;
    readonly source: Dataset;
    readonly target: Dataset;
    readonly seed: number;
    readonly solver: SolverSpec;
    /** Samples as the network sees them, [n, dim]. */
    readonly samples: Tensor;
  },
): Promise<PictureData> {
  const { flow, source, target, seed, solver, samples } = parts;
  const { standardization, eventShape } = target;
  const { dim } = flow;
  const inDataUnits = (x: Tensor, leading: readonly number[]): Tensor => ({
    data: unstandardize(x, standardization).data,
    shape: [...leading, ...eventShape],
  });
  const count = Math.min(samples.shape[0], target.parts.test.rows);
  const points = target.parts.test.draw(count, { seed, stream: "pictures/target", step: 0 });
  const wanted = Math.min(PATHS, Math.max(1, Math.floor(NUMBERS / (TIMES * dim))));
  const paths = Math.min(wanted, source.parts.test.rows);
  const x0 = source.parts.test.draw(paths, { seed, stream: "pictures/source", step: 0 });
  const times = Array.from({ length: TIMES }, (_, i) => i / (TIMES - 1));
  const { x } = await flow.states(x0, times, { solver: loosened(solver) });
  return {
    target: inDataUnits(points, [count]),
    trajectory: inDataUnits(x, [TIMES, paths]),
    density: dim === 2 && source.density !== null
      ? await densityGrid(flow, target, solver, [points, samples])
      : null,
  };
}

/** The density over the rectangle that holds both clouds, a margin around them. */
async function densityGrid(
  flow: Flow,
  { standardization }: Dataset,
  solver: SolverSpec,
  clouds: readonly Tensor[],
): Promise<Tensor> {
  const inUnits = clouds.map((cloud) => unstandardize(cloud, standardization));
  const [x, y] = [0, 1].map((column) => sideOf(inUnits, column));
  const points = new Float32Array(2 * GRID * GRID);
  for (let i = 0; i < GRID * GRID; i++) {
    points[2 * i] = x[0] + ((i % GRID) / (GRID - 1)) * (x[1] - x[0]);
    points[2 * i + 1] = y[0] + (Math.floor(i / GRID) / (GRID - 1)) * (y[1] - y[0]);
  }
  const { values, report } = await flow.logDensity(
    standardize({ data: points, shape: [GRID * GRID, 2] }, standardization),
    { solver: loosened(solver) },
  );
  for (const { sample } of report.failures) values[sample] = NaN;
  const shift = logDeterminant(standardization);
  const data = new Float32Array(3 * GRID * GRID);
  values.forEach((value, i) => data.set([points[2 * i], points[2 * i + 1], value - shift], 3 * i));
  return { data, shape: [GRID, GRID, 3] };
}

/** The interval of a column's central 99.8 %, widened by a tenth at both ends. */
function sideOf(clouds: readonly Tensor[], column: number): [number, number] {
  const values = clouds.flatMap(({ data }) =>
    Array.from({ length: data.length / 2 }, (_, i) => data[2 * i + column])
      .filter(Number.isFinite)
  );
  const sorted = Float64Array.from(values).sort();
  const tail = Math.floor(0.001 * (sorted.length - 1));
  const [low, high] = [sorted[tail], sorted[sorted.length - 1 - tail]];
  const margin = high > low ? 0.1 * (high - low) : 1;
  return [low - margin, high + margin];
}

function loosened(solver: SolverSpec): SolverSpec {
  const { kind, step } = solver;
  if (step.kind === "fixed") return solver;
  const rtol = Math.max(step.rtol, TOLERANCE);
  const atol = Math.max(step.atol, TOLERANCE);
  return { kind, step: { ...step, rtol, atol } } as SolverSpec;
}

/** The files that hold the data of pictures, by name. */
export function encodePictureData(
  { target, trajectory, density }: PictureData,
): Record<string, Uint8Array> {
  return {
    "target.npy": encodeNpy(target),
    "trajectory.npy": encodeNpy(trajectory),
    ...(density === null ? {} : { "density.npy": encodeNpy(density) }),
  };
}

/** Reads what {@link encodePictureData} wrote into a folder. */
export async function readPictureData(folder: string): Promise<PictureData> {
  const density = join(folder, "density.npy");
  return {
    target: await readNpy(join(folder, "target.npy")),
    trajectory: await readNpy(join(folder, "trajectory.npy")),
    density: await isThere(density) ? await readNpy(density) : null,
  };
}
