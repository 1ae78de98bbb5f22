/** What is measured: the same for every rival, in whatever language. */
import { fillNormal, fillUniform } from "../../graph/threefry.ts";

/** A network from (x, t) in the plane to a velocity: hidden layers of one width, SiLU. */
export interface Net {
  readonly layers: number;
  readonly width: number;
}

/** Adam steps on flow matching, batch on the device. */
export interface TrainWork extends Net {
  readonly kind: "train";
  readonly batch: number;
}

/** A solve from t = 0 to 1: 100 equal Euler steps, or dopri5 at rtol = atol = 1e-5. */
export interface SolveWork extends Net {
  readonly kind: "euler" | "dopri5";
  readonly samples: number;
}

/** One row of the table. */
export type Work = TrainWork | SolveWork;

/** Batches that training goes round. */
export const BATCHES = 8;
/** Steps of an Euler solve. */
export const EULER_STEPS = 100;
/** Both tolerances of dopri5. */
export const TOLERANCE = 1e-5;
/** Adam, as every framework has it. */
export const ADAM = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** How large the rows are. */
export type Scale = "tiny" | "small" | "full";

const NETS: readonly Net[] = [
  { layers: 3, width: 64 },
  { layers: 3, width: 256 },
  { layers: 4, width: 512 },
];
const SOLVED: Net = NETS[1];

/** The rows of a scale: "tiny" shows that everything runs, "small" suits a software adapter, "full" a graphics card. */
export function rowsOf(scale: Scale): Work[] {
  const rows: Work[] = [];
  const nets = { tiny: NETS.slice(0, 1), small: NETS.slice(0, 2), full: NETS }[scale];
  const batches = { tiny: [256], small: [256, 1_024], full: [256, 1_024, 8_192] }[scale];
  const samples = {
    tiny: [1_000],
    small: [1_000, 10_240],
    full: [1_000, 10_240, 100_000, 1_000_000],
  }[scale];
  for (const net of nets) {
    for (const batch of batches) rows.push({ kind: "train", ...net, batch });
  }
  for (const kind of ["euler", "dopri5"] as const) {
    for (const n of samples) {
      rows.push({ kind, ...(scale === "tiny" ? NETS[0] : SOLVED), samples: n });
    }
  }
  return rows;
}

/** A row in words. */
export function nameOf(work: Work): string {
  const net = `MLP ${work.layers}x${work.width}`;
  return work.kind === "train"
    ? `training step, ${net}, batch ${work.batch.toLocaleString("en")}`
    : work.kind === "euler"
    ? `${work.samples.toLocaleString("en")} samples, 100 Euler steps, ${net}`
    : `${work.samples.toLocaleString("en")} samples, dopri5 1e-5, ${net}`;
}

/** Tensors by name, row-major. */
export type Numbers = Readonly<Record<string, Float32Array<ArrayBuffer>>>;

/** A name that is part of a file's name. */
export function keyOf(work: Work): string {
  const size = work.kind === "train" ? work.batch : work.samples;
  return `${work.kind}-${work.layers}x${work.width}-${size}`;
}

/** Sizes of the layers, [in, out]. */
export function sizesOf({ layers, width }: Net): (readonly [number, number])[] {
  const widths = [3, ...new Array<number>(layers).fill(width), 2];
  return widths.slice(1).map((out, i) => [widths[i], out] as const);
}

/** Floating-point operations of the products of one evaluation for one sample. */
export function flopsOf(net: Net): number {
  return sizesOf(net).reduce((sum, [inputs, outputs]) => sum + 2 * inputs * outputs, 0);
}

/**
 * The numbers of a row, drawn alike by everyone who asks: weights [in, out] and biases layer by layer, and either batches
 * x0, x1 [batch, 2] and t [batch, 1], or the samples to start from, x [samples, 2].
 *
 * The weights are such that the field is of order 1 and bends: dopri5 has work to do.
 */
export function numbersOf(work: Work): Numbers {
  const normal = (stream: string, count: number, scale = 1): Float32Array<ArrayBuffer> => {
    const out = new Float32Array(count);
    fillNormal(out, { seed: 0, stream, step: 0 });
    return out.map((value) => value * scale);
  };
  const numbers: Record<string, Float32Array<ArrayBuffer>> = {};
  for (const [i, [inputs, outputs]] of sizesOf(work).entries()) {
    numbers[`w${i}`] = normal(`w${i}`, inputs * outputs, 1.6 / Math.sqrt(inputs));
    numbers[`b${i}`] = normal(`b${i}`, outputs, 0.1);
  }
  if (work.kind !== "train") return { ...numbers, x: normal("x", 2 * work.samples) };
  const count = BATCHES * work.batch;
  const t = new Float32Array(count);
  fillUniform(t, { seed: 0, stream: "t", step: 0 });
  const x1 = normal("x1", 2 * count, 0.3).map((value, i) => value + (i % 4 < 2 ? 1 : -1));
  return { ...numbers, x0: normal("x0", 2 * count), x1, t };
}
