import { lines } from "./lines.ts";
import { command, type Setting } from "./worker_process.ts";

/** Mean over the seeds and its standard error. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/** One coupling and one metric, ours beside torchcfm's. */
export interface QualityResult {
  readonly coupling: string;
  readonly metric: "normalised path energy" | "W2";
  readonly ours: Estimate;
  readonly torchcfm: Estimate;
  /** W2 of two fresh sets of the target; null for the energy. */
  readonly floor: Estimate | null;
  /** Ours is better, or no further than one standard error of the difference. */
  readonly pass: boolean;
}

/** What `peers/quality_evaluate.py` says of one network. */
interface Evaluation {
  readonly by: "pushforward" | "torchcfm";
  readonly coupling: string;
  readonly seed: number;
  readonly w2: number;
  readonly floor: number;
  readonly npe: number;
}

/** Trains both sides on one budget and has one evaluator judge all networks on the same held-out points. */
export async function measureQuality(setting: Setting): Promise<QualityResult[]> {
  const trainers = { pushforward: "ours/quality_train.ts", torchcfm: "peers/quality_train.py" };
  for (const [by, file] of Object.entries(trainers)) {
    if (!await trained(by, setting)) await outputOf(file, setting);
  }
  const found = await outputOf("peers/quality_evaluate.py", setting) as unknown as Evaluation[];
  const results: QualityResult[] = [];
  for (const coupling of new Set(found.map((e) => e.coupling))) {
    const of = (by: Evaluation["by"]) =>
      found.filter((e) => e.coupling === coupling && e.by === by);
    for (const [metric, key] of [["normalised path energy", "npe"], ["W2", "w2"]] as const) {
      const ours = estimate(of("pushforward").map((e) => e[key]));
      const torchcfm = estimate(of("torchcfm").map((e) => e[key]));
      results.push({
        coupling,
        metric,
        ours,
        torchcfm,
        floor: key === "w2" ? estimate(of("torchcfm").map((e) => e.floor)) : null,
        pass: ours.mean - torchcfm.mean <=
          Math.hypot(ours.standardError, torchcfm.standardError),
      });
    }
  }
  return results;
}

/** Whether the networks of a side are in the inputs folder from an earlier run; the last to be written tells. */
async function trained(by: string, { inputs }: Setting): Promise<boolean> {
  try {
    await Deno.stat(`${inputs}/quality/${by}-optimalTransport-4/b3.npy`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The JSON lines of a script, shown as they come. */
async function outputOf(file: string, setting: Setting): Promise<Record<string, unknown>[]> {
  console.error(file);
  const child = command(file, setting).spawn();
  await child.stdin.close();
  const found: Record<string, unknown>[] = [];
  for await (const line of lines(child.stdout)) {
    console.error(`  ${line}`);
    found.push(JSON.parse(line));
  }
  const { success, code } = await child.status;
  if (!success) throw new Error(`${file} ended with code ${code}`);
  return found;
}

function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
}
