import assert from "node:assert/strict";
import { join } from "node:path";
import { hematopoiesis } from "../../examples/hematopoiesis.ts";
import { velocityIn } from "../../compiler/velocity_in.ts";
import { type OptimizerSpec, parse, type PipelineSpec, type TrainingSpec } from "../../dsl/mod.ts";
import { metricOf } from "../../nodes/metric/mod.ts";
import { interpolantOf } from "../../nodes/interpolant/mod.ts";
import {
  type Backend,
  BACKEND_NAMES,
  type BackendName,
  openBackend,
} from "../../runtime/backends/mod.ts";
import { openFlow } from "../../runtime/flow.ts";
import { prepare } from "../../runtime/prepare.ts";
import { train } from "../../runtime/training/train.ts";
import { NO_ADAPTER } from "../adapter.ts";
import { inFolder } from "../in_folder.ts";
import { type Checked, checkedBackend } from "../runtime/backends/checked_backend.ts";
import { assertClose } from "../runtime/backends/conformance.ts";

const FOLDER = new URL("../../examples/", import.meta.url);

/** Rows that are trained on, and carried. */
const ROWS = 3;

/** Numbers in the hidden layer at most. */
const WIDTH = 24;

/** Examples whose data are not part of the project, on data like it. */
const WITHOUT_DATA: Readonly<Record<string, (folder: string) => Promise<PipelineSpec>>> = {
  "hematopoiesis.ts": async (folder) => {
    const path = join(folder, "cells.csv");
    const rows = Array.from({ length: 40 }, (_, i) => [i % 2, Math.sin(i), Math.cos(3 * i)].join());
    await Deno.writeTextFile(path, ["samples,x1,x2", ...rows].join("\n"));
    return hematopoiesis(path);
  },
};

/** The pipeline of an example. */
async function specOf(name: string, folder: string): Promise<PipelineSpec> {
  const given = WITHOUT_DATA[name];
  if (given !== undefined) return await given(folder);
  const { default: spec } = await import(new URL(name, FOLDER).href);
  return spec;
}

/**
 * The example with few rows, one narrow layer, two training steps and one step of a solve: whatever else it says is as it
 * stands, but that `webgpu` takes three stages where it has seven, as each is kernels of its own, which a software adapter
 * compiles for seconds.
 */
function shortened(
  { training, solver, velocity, ...rest }: PipelineSpec,
  backend: BackendName,
): PipelineSpec {
  return parse({
    ...rest,
    velocity: velocity.kind === "mlp"
      ? { ...velocity, hidden: velocity.hidden.slice(0, 1).map((width) => Math.min(WIDTH, width)) }
      : velocity,
    training: training && { ...training, steps: 2, batchSize: ROWS, optimizer: early(training) },
    solver: {
      ...solver,
      kind: backend === "webgpu" && solver.kind === "dopri5" ? "bogackiShampine" : solver.kind,
      step: solver.step.kind === "fixed"
        ? { ...solver.step, steps: 1 }
        : { ...solver.step, maxSteps: 1 },
    },
  });
}

/** The optimizer with its rate warmed up after the first step. */
function early({ optimizer }: TrainingSpec): OptimizerSpec {
  const { learningRate } = optimizer;
  if (!("warmup" in learningRate)) return optimizer;
  return { ...optimizer, learningRate: { ...learningRate, warmup: 1 } };
}

/** Times at which a path is looked at. */
const TIMES = Float64Array.of(0, 0.4, 1);

/** Trains, carries samples, and does all that metrics ask for: each program of the example runs. */
async function runAll(spec: PipelineSpec, backend: Backend, folder: string): Promise<void> {
  const { graph: { dim }, source, target, network, weights } = await prepare(spec);
  const velocity = velocityIn(spec, dim, network);
  const { training, objective, seed } = spec;
  const parameters = training === null || objective === null ? weights : (await train({
    parts: { dim, interpolant: interpolantOf(spec.interpolant), velocity, objective, training },
    recipe: {
      ...{ seed, dim, batchSize: training.batchSize, coupling: spec.coupling },
      source: source.serialize(),
      target: target.serialize(),
    },
    ...{ backend, hash: "example", folder, checkpointEvery: Infinity },
  })).parameters;
  const { density } = source;
  const flow = openFlow({ spec, dim, velocity, parameters, backend, density });
  const at = { seed, stream: "example", step: 0 };
  const [from, to] = [source, target].map(({ parts }) => parts.test.draw(ROWS, at));
  await flow.push(from);
  const needs = new Set(spec.metrics.map((metric) => metricOf(metric).needs));
  if (needs.has("trajectory")) await flow.trajectory(from, TIMES);
  if (density !== null) await flow.logDensity(to);
  await flow.close();
}

for await (const { name, isFile } of Deno.readDir(FOLDER)) {
  if (!isFile || !name.endsWith(".ts")) continue;
  for (const backend of BACKEND_NAMES) {
    Deno.test({
      name: `programs of examples/${name} on ${backend} agree with the reference`,
      ignore: (backend === "webgpu" || backend === "tfjs") && NO_ADAPTER,
      fn: () =>
        inFolder(async (folder) => {
          const opened = await openBackend(backend);
          const programs = new Set<string>();
          const check = (result: Checked) => {
            programs.add(result.program);
            assertAgrees(result);
          };
          const spec = shortened(await specOf(name, folder), backend);
          await runAll(spec, checkedBackend(opened, check), folder);
          assert.ok(programs.has("training") || spec.training === null);
          assert.ok(programs.size >= 2);
          assert.deepEqual(opened.elsewhere ?? [], []);
          await opened.close();
        }),
    });
  }
}

/** What each result may differ by, relative to 1 + |expected|; a hundred roundings of float32 by default. */
const TOLERANCE = 1e-5;

/** Where more is allowed, and why. */
const TOLERANCES: readonly {
  readonly of: RegExp;
  readonly tolerance: number;
  readonly why: string;
}[] = [
  {
    of: /^training (?!loss$)/,
    tolerance: 2e-4,
    why:
      "Adam divides a gradient by its size: where it is hardly more than rounding, so is the step",
  },
  {
    of: /^advance memory\.next$/,
    tolerance: 2e-3,
    why: "an error of a step is the small difference of two sums",
  },
  {
    of: /^advance h\.next$/,
    tolerance: 0.3,
    why:
      "the next step follows from that error, and of a field hardly trained it is little but rounding",
  },
];

function assertAgrees({ program, result, found, expected }: Checked): void {
  const name = `${program} ${result}`;
  const { tolerance } = TOLERANCES.find(({ of }) => of.test(name)) ?? { tolerance: TOLERANCE };
  assertClose(found, expected, { name, tolerance });
}
