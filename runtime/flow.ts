import { build } from "../dsl/build.ts";
import { InputError, type PipelineSpec, type SolverSpec } from "../dsl/mod.ts";
import { solverSchema } from "../dsl/schema/solver.ts";
import { constant, evaluate, type Expression, input, type Tensor } from "../graph/mod.ts";
import { interpolantOf } from "../nodes/interpolant/mod.ts";
import { augmented, hutchinsonDivergence, signs } from "../nodes/likelihood/mod.ts";
import type { Trajectory } from "../nodes/metric/mod.ts";
import { fieldOf } from "../nodes/objective/mod.ts";
import type { Velocity } from "../nodes/velocity/mod.ts";
import type { Field } from "../solvers/ode/mod.ts";
import type { Backend, Tiled } from "./backends/mod.ts";
import type { Density } from "./data/mod.ts";
import { type DivergenceKind, DIVERGENCES } from "./divergence.ts";
import { oneOf } from "./one_of.ts";
import type { NamedTensors } from "./safetensors.ts";
import {
  type Integrated,
  type Integrator,
  type OpenField,
  openIntegrator,
  tileOf,
} from "./solving/integrate.ts";
import type { SolveReport } from "./solving/report.ts";

/** How one solve differs from the pipeline's own. */
export interface FlowOptions {
  /** Another solver than the pipeline's. */
  readonly solver?: SolverSpec;
  /** Whether the report tells the times that every sample visited. */
  readonly visited?: boolean;
}

/** How one log-density is found. */
export interface DensityOptions extends FlowOptions {
  /** `"exact"` by default. */
  readonly divergence?: DivergenceKind;
  /** Which random probes estimate the divergence; 0 by default. */
  readonly draw?: number;
}

/** A trained field with its solver in a backend: carries samples both ways, in the units that the network sees. */
export interface Flow {
  readonly dim: number;
  /** The field with its parameters. */
  readonly open: OpenField;
  /** The same flow with other values of its parameters; it is closed by itself. */
  withParameters(parameters: NamedTensors): Flow;
  /** Source to target, [n, d]. */
  push(x0: Tensor, options?: FlowOptions): Promise<Integrated>;
  /** Target to source, [n, d]. */
  pull(x1: Tensor, options?: FlowOptions): Promise<Integrated>;
  /** The field at times `t` [n, 1] and points [n, d]. */
  velocity(t: Tensor, x: Tensor): Promise<Tensor>;
  /** log p(x_1) in nats, [n]. */
  logDensity(
    x1: Tensor,
    options?: DensityOptions,
  ): Promise<{ readonly values: Float64Array; readonly report: SolveReport }>;
  /** States at increasing times in [0, 1], [times, n, d]. */
  states(
    x0: Tensor,
    times: readonly number[],
    options?: FlowOptions,
  ): Promise<{ readonly x: Tensor; readonly report: SolveReport }>;
  /** States at these times with the field there. */
  trajectory(x0: Tensor, times: Float64Array, options?: FlowOptions): Promise<Trajectory>;
  close(): Promise<void>;
}

/** What a flow is made of. */
export interface FlowParts {
  readonly spec: PipelineSpec;
  readonly dim: number;
  readonly velocity: Velocity;
  /** The velocity's parameters; empty for a closed form. */
  readonly parameters: NamedTensors;
  readonly backend: Backend;
  /** Density of the source, null where it has none. */
  readonly density: Density | null;
  /** Stops solves between rounds. */
  readonly signal?: AbortSignal;
}

/** Solves that are kept loaded; the one longest unused makes way for another. */
const KEPT = 8;

/** Opens a flow; programs are loaded when they are first needed, and kept. */
export function openFlow(parts: FlowParts): Flow {
  const { spec, dim, velocity, parameters, backend, density, signal } = parts;
  const inputs = velocity.parameters.map((p) => input(p.name, p.shape));
  const parametric = spec.objective === null
    ? velocity.apply
    : fieldOf(spec.objective, velocity, interpolantOf(spec.interpolant));
  const field: Field = (t, x) => parametric(inputs, t, x);
  const open: OpenField = {
    field,
    parameters: inputs,
    values: parameters,
    flops: velocity.flops(1),
  };
  const fields: Readonly<Record<"state" | DivergenceKind, () => OpenField>> = {
    state: () => open,
    exact: () => ({ ...open, field: augmented(field), flops: open.flops * (1 + dim) }),
    hutchinson: () => {
      const probe = input("probe", ["n", dim]);
      return {
        ...open,
        field: augmented(field, hutchinsonDivergence(probe)),
        flops: open.flops * 2,
        companions: [probe],
      };
    },
  };
  const integrators = new Map<string, Promise<Integrator>>();

  const integrator = async (
    what: "state" | DivergenceKind,
    solver: SolverSpec,
    span: { from: number; to: number; times: readonly number[] },
  ): Promise<Integrator> => {
    const key = JSON.stringify([what, solver, span]);
    let found = integrators.get(key);
    integrators.delete(key); // the Map's order is the order of use
    if (found === undefined) {
      build("solver", solverSchema, solver);
      found = openIntegrator(
        backend,
        fields[what](),
        { width: what === "state" ? dim : dim + 1, solver, ...span },
      );
    }
    integrators.set(key, found);
    found.catch(() => integrators.delete(key));
    const [[oldest, unused]] = integrators;
    if (integrators.size > KEPT) {
      integrators.delete(oldest);
      await (await unused).close();
    }
    return await found;
  };
  const solve = async (
    what: "state" | DivergenceKind,
    x: Tensor,
    span: { from: number; to: number; times: readonly number[] },
    { solver = spec.solver, visited = false }: FlowOptions,
    companions: Readonly<Record<string, Tensor>> = {},
  ): Promise<Integrated> => {
    const loaded = await integrator(what, solver, span);
    return await loaded.run(x, { visited, signal, companions });
  };

  let evaluation: Promise<Tiled> | null = null;
  const states: Flow["states"] = async (x0, times, options = {}) => {
    checkTimes(times);
    const { states, report } = await solve("state", x0, { from: 0, to: 1, times }, options);
    return { x: swapFirstAxes(states!), report };
  };
  const evaluate: Flow["velocity"] = async (t, x) => {
    evaluation ??= backend.loadTiled(
      evaluationProgram(field, inputs, dim),
      { fixed: Object.fromEntries(parameters), rows: "n", tile: tileOf(open.flops) },
    );
    const { v } = await (await evaluation).run({ t, x });
    return { data: v.data as Float32Array, shape: [...v.shape] };
  };
  return {
    dim,
    open,
    withParameters: (values) => openFlow({ ...parts, parameters: values }),
    push: (x0, options = {}) => solve("state", x0, { from: 0, to: 1, times: [] }, options),
    pull: (x1, options = {}) => solve("state", x1, { from: 1, to: 0, times: [] }, options),
    velocity: evaluate,
    async logDensity(x1, options = {}) {
      if (density === null) {
        throw new InputError(
          `A likelihood needs a source whose density is known, found '${spec.source.kind}': use gaussian, uniform, gaussianMixture, eightGaussians or checkerboard`,
          { field: "source" },
        );
      }
      const divergence = oneOf("divergence", options.divergence ?? "exact", DIVERGENCES);
      const n = x1.shape[0];
      const start = new Float32Array(n * (dim + 1));
      for (let i = 0; i < n; i++) {
        start.set(x1.data.subarray(i * dim, (i + 1) * dim), i * (dim + 1));
      }
      const { x, report } = await solve(
        divergence,
        { data: start, shape: [n, dim + 1] },
        { from: 1, to: 0, times: [] },
        options,
        divergence === "exact"
          ? {}
          : { probe: probes({ seed: spec.seed, shape: [n, dim] }, options.draw ?? 0) },
      );
      const x0 = new Float32Array(n * dim);
      for (let i = 0; i < n; i++) {
        x0.set(x.data.subarray(i * (dim + 1), i * (dim + 1) + dim), i * dim);
      }
      const values = density.logDensity({ data: x0, shape: [n, dim] })
        .map((value, i) => value + x.data[i * (dim + 1) + dim]);
      return { values, report };
    },
    states,
    async trajectory(x0, times, options = {}) {
      const { x } = await states(x0, [...times], options);
      const rows = x.data.length / dim;
      const each = x0.shape[0];
      const t = Float32Array.from({ length: rows }, (_, i) => times[Math.floor(i / each)]);
      const velocity = await evaluate(
        { data: t, shape: [rows, 1] },
        { data: x.data, shape: [rows, dim] },
      );
      return { times, x, velocity: { data: velocity.data, shape: [...x.shape] } };
    },
    async close() {
      for (const loaded of integrators.values()) await (await loaded).close();
      integrators.clear();
      await (await evaluation)?.close();
      evaluation = null;
    },
  };
}

/** Probes of Hutchinson's estimate, [n, d]. */
function probes(at: { readonly seed: number; readonly shape: number[] }, draw: number): Tensor {
  if (!(Number.isInteger(draw) && draw >= 0 && draw < 2 ** 31)) {
    throw new InputError(`draw must be a whole number from 0 to 2^31 - 1, found ${draw}`, {
      field: "draw",
    });
  }
  const [{ data }] = evaluate([signs(at, constant(draw, [], "i32"))], {});
  return { data: Float32Array.from(data), shape: at.shape };
}

function evaluationProgram(
  field: Field,
  parameters: readonly Expression[],
  dim: number,
): Parameters<Backend["loadTiled"]>[0] {
  const t = input("t", ["n", 1]);
  const x = input("x", ["n", dim]);
  return {
    name: "velocity",
    inputs: [t, x, ...parameters],
    state: [],
    outputs: { v: field(t, x) },
  };
}

function checkTimes(times: readonly number[]): void {
  const sound = times.length > 0 &&
    times.every((t, i) => t >= 0 && t <= 1 && (i === 0 || t > times[i - 1]));
  if (!sound) {
    throw new InputError(
      `times must increase within [0, 1], and there must be at least one: found ${
        times.length > 8 ? `${times.slice(0, 8)}, ...` : `[${times}]`
      }`,
      { field: "times" },
    );
  }
}

/** [n, times, d] to [times, n, d]. */
function swapFirstAxes({ data, shape: [n, times, d] }: Tensor): Tensor {
  const out = new Float32Array(data.length);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < times; k++) {
      const from = (i * times + k) * d;
      out.set(data.subarray(from, from + d), (k * n + i) * d);
    }
  }
  return { data: out, shape: [times, n, d] };
}
