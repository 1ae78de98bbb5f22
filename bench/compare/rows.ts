/** One worker of a row: a file under `bench/ours` (.ts) or `bench/peers` (.py), and its variant. */
export interface Contender {
  readonly file: string;
  readonly variant: string;
}

/** A row of the table: the same work done by ours and by its peers. */
export interface Row {
  readonly name: string;
  readonly work: string;
  readonly ours: Contender;
  /** The fastest of these is what ours is compared with; none for a row of ours alone. */
  readonly peers: readonly Contender[];
  /** What a repetition's time is shown as. */
  readonly unit: "ms/step" | "s" | "ms" | "million/s";
  /** Largest ratio of medians, ours over peer; in a row of ours alone, the bound on the value itself. */
  readonly target: number | null;
  /** Timed repetitions of each contender, after the warm-up. */
  readonly repetitions: number;
  /** Whether every repetition of ours is the first one of a fresh process. */
  readonly fresh?: boolean;
}

const ours = (file: string, variant = ""): Contender => ({ file: `ours/${file}.ts`, variant });
const peer = (file: string, variant = ""): Contender => ({ file: `peers/${file}.py`, variant });

const STEPPERS = [
  peer("train_step", ""),
  peer("train_step", "fused"),
  peer("train_step", "compile"),
  peer("train_step", "compile+fused"),
];

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [
  {
    name: "train",
    work: "training step, MLP 3x256, batch 256, `cpu`",
    ours: ours("train_step", "cpu"),
    peers: STEPPERS,
    unit: "ms/step",
    target: 0.85,
    repetitions: 9,
  },
  {
    name: "train-ema",
    work: "the same with a moving average of the weights",
    ours: ours("train_step", "cpu+ema"),
    peers: [peer("train_step", "ema"), peer("train_step", "fused+ema")],
    unit: "ms/step",
    target: 0.85,
    repetitions: 9,
  },
  {
    name: "train-wasm",
    work: "training step, MLP 3x256, batch 256, `wasm`",
    ours: ours("train_step", "wasm"),
    peers: STEPPERS,
    unit: "ms/step",
    target: 4,
    repetitions: 5,
  },
  {
    name: "ot-256",
    work: "OT-CFM training, exact plans, batch 256, end to end",
    ours: ours("ot_cfm", "256"),
    peers: [peer("ot_cfm", "256")],
    unit: "ms/step",
    target: 0.7,
    repetitions: 5,
  },
  {
    name: "ot-512",
    work: "OT-CFM training, exact plans, batch 512, end to end",
    ours: ours("ot_cfm", "512"),
    peers: [peer("ot_cfm", "512")],
    unit: "ms/step",
    target: 0.7,
    repetitions: 5,
  },
  {
    name: "euler",
    work: "10,240 samples, 100 Euler steps, `cpu`",
    ours: ours("euler", "cpu"),
    peers: [peer("euler"), peer("euler", "compile")],
    unit: "s",
    target: 0.6,
    repetitions: 7,
  },
  {
    name: "dopri5",
    work: "10,000 samples, dopri5 rtol = atol = 1e-5, steps per sample",
    ours: ours("dopri5", "sample"),
    peers: [peer("dopri5")],
    unit: "s",
    target: 0.5,
    repetitions: 9,
  },
  {
    name: "dopri5-batch",
    work: "the same, steps shared by the batch as in torchdiffeq",
    ours: ours("dopri5", "batch"),
    peers: [peer("dopri5")],
    unit: "s",
    target: 0.5,
    repetitions: 9,
  },
  {
    name: "likelihood",
    work: "exact log-likelihood of 10,000 points in 2-D, dopri5 1e-5, steps per sample",
    ours: ours("log_likelihood", "sample"),
    peers: [peer("log_likelihood")],
    unit: "s",
    target: 0.5,
    repetitions: 7,
  },
  {
    name: "likelihood-batch",
    work: "the same, steps shared by the batch as in torchdiffeq",
    ours: ours("log_likelihood", "batch"),
    peers: [peer("log_likelihood")],
    unit: "s",
    target: 0.5,
    repetitions: 7,
  },
  {
    name: "w2-near",
    work: "exact W2, n = 2,000 in 2-D, two clouds of one distribution",
    ours: ours("wasserstein", "near"),
    peers: [peer("wasserstein", "near")],
    unit: "s",
    target: 1.5,
    repetitions: 9,
  },
  {
    name: "w2-far",
    work: "exact W2, n = 2,000 in 2-D, 8gaussians and moons",
    ours: ours("wasserstein", "far"),
    peers: [peer("wasserstein", "far")],
    unit: "s",
    target: 1.5,
    repetitions: 9,
  },
  {
    name: "compile",
    work: "compile of the example spec to a runnable program",
    ours: ours("compile"),
    peers: [],
    unit: "ms",
    target: 150,
    repetitions: 7,
    fresh: true,
  },
  {
    name: "uniforms",
    work: "uniform random numbers, one core",
    ours: ours("random", "uniform"),
    peers: [],
    unit: "million/s",
    target: 30,
    repetitions: 9,
  },
  {
    name: "normals",
    work: "normal random numbers, one core",
    ours: ours("random", "normal"),
    peers: [],
    unit: "million/s",
    target: 10,
    repetitions: 9,
  },
];
