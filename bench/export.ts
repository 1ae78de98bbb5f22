/**
 * Holds exported files against Python's ONNX Runtime: every file of some models, in float32 and float16, is checked by
 * `onnx.checker` with strict shape inference, run in `onnxruntime`, and compared with what the backend gave.
 *
 *     deno run -A bench/export.ts --python PATH
 *
 * Exits 1 if a file does not pass.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  data,
  type Model,
  pipeline,
  type PipelineSpec,
  run,
  solver,
  source,
  type Tensor,
  times,
  training,
  velocity,
} from "../mod.ts";
import { writeNpy } from "../runtime/data/mod.ts";
import { DEPLOY_FILES } from "../runtime/export/files/mod.ts";

const IMAGES: Tensor = {
  data: Float32Array.from({ length: 1600 }, (_, i) => 50 + (10 + i % 4) * Math.sin(i * i)),
  shape: [400, 2, 2],
};
const network = {
  target: data.twoMoons(),
  training: training({ steps: 200, batchSize: 128 }),
  velocity: velocity.mlp({ hidden: [128, 128] }),
};
const PIPELINES: readonly PipelineSpec[] = [
  pipeline({ ...network, name: "adaptive", solver: solver.dopri5({ rtol: 1e-5, atol: 1e-5 }) }),
  pipeline({ ...network, name: "equal-steps", solver: solver.rk4({ steps: 12 }) }),
  pipeline({
    name: "standardised-images",
    source: source.gaussian({ dim: 4, mean: 1, scale: 2 }),
    target: data.array(IMAGES, { dim: 4, standardize: true }),
    velocity: velocity.custom((t, x) => times(times(-0.5, x), t), { dim: 4 }),
    solver: solver.tsit5({ rtol: 1e-5, atol: 1e-5 }),
  }),
  pipeline({
    name: "closed-form",
    source: source.gaussian(),
    target: data.gaussianMixture({
      weights: [0.5, 0.5],
      means: [[2, 0], [-2, 1]],
      covariances: [[[0.2, 0], [0, 0.2]], [[0.3, 0.1], [0.1, 0.2]]],
    }),
    velocity: velocity.gaussianMixture(),
    solver: solver.bogackiShampine({ rtol: 1e-4, atol: 1e-4, control: "batch" }),
  }),
  pipeline({
    name: "data-to-data",
    source: data.array(IMAGES, { dim: 4, standardize: true }),
    target: data.array(IMAGES, { dim: 4, standardize: true }),
    velocity: velocity.custom((_t, x) => times(-0.1, x), { dim: 4 }),
    solver: solver.euler({ steps: 3 }),
  }),
];
/** Numbers of samples, of which each is a batch of its own size. */
const BATCHES = [1, 100];
/** Equal steps that are asked for where they may be. */
const STEPS = 7;

/** What Python runs: a file, its inputs and the outputs that are expected, each a `.npy` file. */
interface Case {
  readonly file: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly steps: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  /** Largest difference over the largest value. */
  readonly tolerance: number;
}

/** Writes the cases of one model. */
async function casesOf(model: Model, folder: string): Promise<Case[]> {
  const { solver: own } = model.spec;
  const cases: Case[] = [];
  const write = async (name: string, tensors: Readonly<Record<string, Tensor>>) => {
    const paths: Record<string, string> = {};
    for (const [key, tensor] of Object.entries(tensors)) {
      paths[key] = join(folder, `${name}.${key}.npy`);
      await writeNpy(paths[key], tensor);
    }
    return paths;
  };
  const { manifest } = await model.export(folder);
  for (const n of BATCHES) {
    const target = await model.sample(n);
    const points = { target, source: await model.encode(target) };
    for (const file of DEPLOY_FILES) {
      const path = join(folder, `${file.name}.onnx`);
      if (!manifest.files.some((text) => path.endsWith(text.file))) continue;
      const given = file.inputs(points);
      const name = `${file.name}.${n}`;
      const step = own.step;
      const tolerance = step.kind === "fixed" ? 1e-4 : Math.max(1e-4, 10 * (step.rtol + step.atol));
      const inputs = await write(name, given);
      const expected = await file.expected(model, given, "exact")!;
      cases.push({
        file: path,
        inputs,
        steps: null,
        outputs: await write(name, expected),
        tolerance,
      });
    }
    if (own.step.kind !== "fixed") continue;
    const other = { ...own, step: { kind: "fixed", steps: STEPS } } as typeof own;
    const samples = await model.sample(n, { source: points.source, solver: other });
    cases.push({
      file: join(folder, "sampler.onnx"),
      inputs: await write(`steps.${n}`, { source: points.source }),
      steps: STEPS,
      outputs: await write(`steps.${n}`, { samples }),
      tolerance: 1e-4,
    });
  }
  return cases;
}

const { values } = parseArgs({ options: { python: { type: "string", default: "python3" } } });
const folder = await Deno.makeTempDir();
try {
  const cases: Case[] = [];
  for (const spec of PIPELINES) {
    const { model } = await run(spec, { folder: join(folder, "runs") });
    const out = join(folder, spec.name);
    cases.push(...await casesOf(model, out));
    await model.export(`${out}-float16`, { precision: "float16" });
    cases.push(
      ...cases.filter(({ file }) => file.startsWith(out + "/")).map((one) => ({
        ...one,
        file: one.file.replace(out, `${out}-float16`),
        tolerance: 1e-2, // weights of 11 bits
      })),
    );
    await model.close();
  }
  const list = join(folder, "cases.json");
  await Deno.writeTextFile(list, JSON.stringify(cases));
  const script = fileURLToPath(new URL("./peers/exported.py", import.meta.url));
  const { code } = await new Deno.Command(values.python, { args: [script, list] }).spawn().status;
  Deno.exitCode = code;
} finally {
  await Deno.remove(folder, { recursive: true });
}
