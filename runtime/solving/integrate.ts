/**
 * Integrating a field over any number of samples on a backend.
 *
 * Fixed steps are one program with the loop inside, run tile by tile. Adaptive steps with control by sample would
 * make a tile wait for its slowest sample, so they are run in rounds: a round advances every sample that is still on
 * its way by a few steps, then the finished ones are taken out and the tiles are filled anew. A sample's numbers
 * do not depend on its company (see `solvers/ode/stepper.ts`), so neither do its bits; what it costs is its own steps,
 * not those of the slowest.
 *
 * @module
 */
import type { AdaptiveStepSpec, SolverSpec } from "../../dsl/mod.ts";
import type { Expression, Tensor } from "../../graph/mod.ts";
import { type Field, STATUS } from "../../solvers/ode/mod.ts";
import type { Backend, RunTensor, RunTensors } from "../backends/mod.ts";
import type { NamedTensors } from "../safetensors.ts";
import { Interrupted } from "../outcome.ts";
import { COUNTS, roundsOf, wholeSolve } from "./programs.ts";
import { reportOf, type SolveCounts, type SolveReport } from "./report.ts";

/** A field whose parameters are inputs of the program. */
export interface OpenField {
  readonly field: Field;
  /** The inputs that hold the parameters, and their values. */
  readonly parameters: readonly Expression[];
  readonly values: NamedTensors;
  /** Inputs of the field that hold a row for each sample, [n, ...]; the same row all along the sample's way. */
  readonly companions?: readonly Expression[];
  /** Floating-point operations of one evaluation for one sample. */
  readonly flops: number;
}

/** What to integrate. */
export interface IntegrateOptions {
  /** Numbers in a state. */
  readonly width: number;
  readonly solver: SolverSpec;
  readonly from: number;
  readonly to: number;
  /** Times at which the state is wanted, in the order of the solve. */
  readonly times: readonly number[];
}

/** The end of a solve over all samples. */
export interface Integrated {
  /** [n, width]. */
  readonly x: Tensor;
  /** [n, times, width]; null without times. */
  readonly states: Tensor | null;
  readonly report: SolveReport;
}

/** How to integrate this time. */
export interface RunOptions {
  /** Whether to note the times that every sample visits. */
  readonly visited?: boolean;
  /** Stops the solve. */
  readonly signal?: AbortSignal;
  /** Values of the field's companions, by name. */
  readonly companions?: Readonly<Record<string, Tensor>>;
}

/** A solve that is loaded in a backend. */
export interface Integrator {
  /**
   * Integrates from the rows of `x`, [n, width].
   *
   * @throws {Interrupted} If the signal has fired.
   */
  run(x: Tensor, options?: RunOptions): Promise<Integrated>;
  close(): Promise<void>;
}

/** Floating-point operations of one evaluation over a tile: some ten times what a call costs. */
const TILE_WORK = 6e7;

/**
 * Rows in a tile of a field that takes `flops` operations for one sample: a power of two, at least 256 (activations of a
 * usual network then fit a core's cache) and at most 2,048 (few lanes of a last tile stay empty).
 */
export function tileOf(flops: number): number {
  const rows = 2 ** Math.round(Math.log2(TILE_WORK / Math.max(1, flops)));
  return Math.min(2_048, Math.max(256, rows));
}

/** Steps that a round tries: with one, no finished sample waits; a call costs little beside a step of the network. */
const ROUND = 1;

/** Loads the solve of a field in a backend. */
export async function openIntegrator(
  backend: Backend,
  open: OpenField,
  options: IntegrateOptions,
): Promise<Integrator> {
  const { step } = options.solver;
  return step.kind === "adaptive" && step.control === "sample"
    ? await openRounds(backend, open, options, step)
    : await openWhole(backend, open, options);
}

/** One program with the loop inside. */
async function openWhole(
  backend: Backend,
  { field, parameters, values, companions = [], flops }: OpenField,
  { width, solver, from, to, times }: IntegrateOptions,
): Promise<Integrator> {
  const program = wholeSolve({ field, parameters, companions }, { width, solver, from, to, times });
  const fixed = fixedOf(values);
  const loaded = solver.step.kind === "fixed"
    ? await backend.loadTiled(program, { fixed, rows: "n", tile: tileOf(flops) })
    : await backend.load(program, { fixed }); // one step size for all: the batch is whole
  const { step } = solver;
  return {
    async run(x, { visited = false, signal, companions = {} } = {}) {
      goOn(signal);
      const out = await loaded.run({ x, ...companions });
      const counts = Object.fromEntries(
        COUNTS.map((name) => [name, out[name].data]),
      ) as unknown as SolveCounts;
      const grid = step.kind === "fixed" && visited
        ? Float32Array.from(
          { length: step.steps + 1 },
          (_, i) => from + (to - from) * i / step.steps,
        )
        : null;
      return {
        x: floats(out.end),
        states: out.states === undefined ? null : floats(out.states),
        report: reportOf(counts, grid && Array.from({ length: x.shape[0] }, () => grid)),
      };
    },
    close: () => loaded.close(),
  };
}

/** Adaptive steps of every sample's own, in rounds. */
async function openRounds(
  backend: Backend,
  { field, parameters, values, companions = [], flops }: OpenField,
  { width, solver, from, to, times }: IntegrateOptions,
  step: AdaptiveStepSpec,
): Promise<Integrator> {
  const inner = times.filter((time) => time !== from && time !== to);
  const programs = roundsOf(
    { field, parameters, companions },
    { width, solver, from, to, times: inner },
    step,
  );
  const tile = tileOf(flops);
  const tiles = { fixed: fixedOf(values), rows: "n", tile };
  const init = await backend.loadTiled(programs.start, tiles);
  const advance = await backend.loadTiled(programs.advance, tiles);
  return {
    async run(x, { visited = false, signal, companions = {} } = {}) {
      goOn(signal);
      const n = x.shape[0];
      const all = namesOff(await init.run({ x, ...companions }));
      const paths = visited ? Array.from({ length: n }, () => [from]) : null;
      let active = running(all.status);
      while (active.length > 0) {
        goOn(signal);
        // The last tile waits for its slowest sample: nothing could fill the lanes of the others.
        const waits = active.length > tile && !backend.wholeSolves;
        const count = waits || visited ? ROUND : step.maxSteps;
        const rows = Object.fromEntries(
          Object.entries({ ...all, ...companions })
            .filter(([name]) => name !== "evaluations")
            .map(([name, tensor]) => [name, takeRows(tensor, active)]),
        );
        const next = namesOff(
          await advance.run({ ...rows, steps: { data: Int32Array.of(count), shape: [] } }),
        );
        if (paths !== null) noteTimes(paths, active, rows.t, next.t);
        for (const [name, tensor] of Object.entries(all)) putRows(tensor, active, next[name]);
        active = running(all.status);
      }
      const counts = Object.fromEntries(
        COUNTS.map((name) => [name, all[name].data]),
      ) as unknown as SolveCounts;
      return {
        x: floats(all.x),
        states: times.length === 0 ? null : statesAt(times, x, all, { from, to, inner }),
        report: reportOf(counts, paths && paths.map((path) => Float32Array.from(path))),
      };
    },
    async close() {
      await init.close();
      await advance.close();
    },
  };
}

/** @throws {Interrupted} If the signal has fired. */
function goOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Interrupted("Stopped while samples were on their way");
}

/** Tensors of a round, under the names of the state's fields. */
function namesOff(outputs: RunTensors): Record<string, RunTensor> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name.replace(/\.next$/, ""), tensor]),
  );
}

/** Rows that are still on their way. */
function running({ data }: RunTensor): Int32Array {
  const rows = new Int32Array(data.length);
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] === STATUS.running) rows[count++] = i;
  return rows.subarray(0, count);
}

function takeRows({ data, shape }: RunTensor, rows: Int32Array): RunTensor {
  const width = data.length / shape[0];
  const taken = data instanceof Float32Array
    ? new Float32Array(rows.length * width)
    : new Int32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < width; j++) taken[i * width + j] = data[rows[i] * width + j];
  }
  return { data: taken, shape: [rows.length, ...shape.slice(1)] };
}

function putRows({ data, shape }: RunTensor, rows: Int32Array, from: RunTensor): void {
  const width = data.length / shape[0];
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < width; j++) data[rows[i] * width + j] = from.data[i * width + j];
  }
}

/** Notes the time of every row whose step was accepted. */
function noteTimes(paths: number[][], rows: Int32Array, before: RunTensor, after: RunTensor): void {
  for (let i = 0; i < rows.length; i++) {
    if (after.data[i] !== before.data[i]) paths[rows[i]].push(after.data[i]);
  }
}

/** The states at the wanted times, [n, times, width]; a time that was not reached holds the last state. */
function statesAt(
  times: readonly number[],
  x0: Tensor,
  all: Record<string, RunTensor>,
  { from, to, inner }: { from: number; to: number; inner: readonly number[] },
): Tensor {
  const [n, width] = x0.shape;
  const states = new Float32Array(n * times.length * width);
  for (let i = 0; i < n; i++) {
    for (const [k, time] of times.entries()) {
      const reached = to > from ? all.t.data[i] >= time : all.t.data[i] <= time;
      const source = time === from
        ? x0.data.subarray(i * width, (i + 1) * width)
        : time === to || !reached
        ? all.x.data.subarray(i * width, (i + 1) * width)
        : keptRow(all.kept, i, inner.indexOf(time), inner.length, width);
      states.set(source, (i * times.length + k) * width);
    }
  }
  return { data: states, shape: [n, times.length, width] };
}

function keptRow(
  { data }: RunTensor,
  row: number,
  time: number,
  count: number,
  width: number,
): RunTensor["data"] {
  const start = (row * count + time) * width;
  return data.subarray(start, start + width);
}

function floats({ data, shape }: RunTensor): Tensor {
  return { data: data as Float32Array, shape: [...shape] };
}

function fixedOf(values: NamedTensors): Record<string, Tensor> {
  return Object.fromEntries(values);
}
