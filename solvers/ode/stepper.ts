/**
 * Adaptive steps with their state in the open, so that a solve can be stopped, stored and taken up again.
 *
 * A lane is what has a time of its own: every sample, or the whole batch where it shares its steps. The state
 * holds [n, d] tensors per sample and [lanes, 1] tensors per lane; the same expressions serve both, by
 * broadcasting. A lane whose status is no longer `running` is left exactly as it is, so a runtime can advance a
 * tile for some iterations, take out the rows of finished lanes, put fresh ones from `init` in their place and go
 * on: with per-sample lanes no row ever looks at another, so its path is the same in any company.
 *
 * @module
 */

import {
  abs,
  and,
  broadcast,
  cast,
  constant,
  type Dim,
  divide,
  type DType,
  equal,
  type Expression,
  input,
  less,
  lessOrEqual,
  loop,
  minus,
  not,
  plus,
  reduceMax,
  reshape,
  select,
  type Shape,
  stopGradient,
  sum,
  times,
  type Value,
} from "../../graph/mod.ts";
import { errorRatio, isFinite, memoryOf, stepFactor, type Tolerance } from "./controller.ts";
import { denseAt, denseCoefficients } from "./dense.ts";
import { initialStep } from "./initial_step.ts";
import { STATUS } from "./status.ts";
import { type Field, step, weighted } from "./step.ts";
import type { Tableau } from "./tableau.ts";

/** A step ends the solve if it would leave less than this part of itself, as in DOPRI5. */
const STRETCH = 1.01;
/** The shortest step, in units of the larger end time: two spacings of float32 numbers there. */
const LEAST_STEP = 2 ** -22;
/** Evaluations before the first step: the slope, and one for the first step's size. */
const INITIAL_EVALUATIONS = 2;

/** What a solve is, all of it but the samples. */
export interface StepperOptions {
  /** A method with an error estimate. */
  readonly method: Tableau;
  /** Where time starts, before or after `to`. */
  readonly from: number;
  /** Where time ends. */
  readonly to: number;
  /** Relative tolerance of one step. */
  readonly rtol: number;
  /** Absolute tolerance of one step, in units of x. */
  readonly atol: number;
  /** Steps at most, accepted and rejected together. */
  readonly maxSteps: number;
  /** Whether every sample has its own steps, or the batch shares them. */
  readonly control: "sample" | "batch";
  /** Times strictly between `from` and `to` at which the state is kept, in the order of the solve. */
  readonly times: readonly number[];
}

/** Where a solve is. */
export interface StepperState {
  /** [n, d]. */
  readonly x: Expression;
  /** The field at (t, x), [n, d]. */
  readonly slope: Expression;
  /** [lanes, 1]. */
  readonly t: Expression;
  /** The step to try next, signed, [lanes, 1]. */
  readonly h: Expression;
  /** The last accepted step's error, for the controller, [lanes, 1]. */
  readonly memory: Expression;
  /** Accepted steps, i32 [lanes, 1]. */
  readonly accepted: Expression;
  /** Rejected steps, i32 [lanes, 1]. */
  readonly rejected: Expression;
  /** Codes of `STATUS`, i32 [lanes, 1]. */
  readonly status: Expression;
  /** The state at each of `times`, [n, times, d]; absent without them. Holds the start until the time is passed. */
  readonly kept?: Expression;
}

/** The expressions of an adaptive solve. */
export interface Stepper {
  /** Two evaluations of the field at the start. */
  init(x0: Expression): StepperState;
  /** Tries one step in every running lane, again and again until no lane is running or `iterations` are done. */
  advance(state: StepperState, iterations?: Value): StepperState;
  /** Evaluations of the field that each lane has needed, i32 [lanes, 1]. */
  evaluations(state: StepperState): Expression;
  /** A state whose tensors are inputs, each named after its field, for a program that is run in pieces. */
  inputs(shape: { readonly rows: Dim; readonly dim: number }): StepperState;
}

/** Makes the expressions of an adaptive solve of dx/dt = field(t, x). */
export function stepper(field: Field, options: StepperOptions): Stepper {
  const { method, from, to, control } = options;
  const tolerance: Tolerance = {
    rtol: options.rtol,
    atol: options.atol,
    axes: control === "sample" ? [1] : [0, 1],
  };
  const direction = to > from ? 1 : -1;
  const shortest = LEAST_STEP * Math.max(Math.abs(from), Math.abs(to));
  const lanesOf = (rows: Dim): Dim => control === "sample" ? rows : 1;

  const init = (x0: Expression): StepperState => {
    const lane: Shape = [lanesOf(x0.shape[0]), 1];
    const t = broadcast(from, lane);
    const slope = field(t, x0);
    const first = initialStep(
      field,
      { t, x: x0, slope, direction, span: Math.abs(to - from) },
      { order: method.order, tolerance },
    );
    const zero = broadcast(constant(0, [], "i32"), lane);
    const sound = and(
      isFinite(sum(abs(slope), { axes: tolerance.axes, keep: true })),
      isFinite(first),
    );
    const kept = options.times.length > 0
      ? { kept: broadcast(reshape(x0, [x0.shape[0], 1, x0.shape[1]]), keptShape(x0.shape)) }
      : {};
    return {
      x: x0,
      slope,
      t,
      h: times(direction, first),
      memory: broadcast(1, lane),
      accepted: zero,
      rejected: zero,
      status: select(sound, code("running"), code("notFinite")),
      ...kept,
    };
  };

  const keptShape = (shape: Shape): Shape => [shape[0], options.times.length, shape[1]];

  /** Tries one step in every running lane. */
  const attempt = (state: StepperState): StepperState => {
    const { x, slope, t, status } = state;
    const running = equal(status, code("running"));
    const reaches = lessOrEqual(abs(minus(to, t)), times(STRETCH, abs(state.h)));
    const end = select(reaches, to, plus(t, state.h));
    const h = minus(end, t); // what is added to x belongs to the time that t really moves by
    const taken = step(field, method, { x, slope, t, end, h });
    const slopeAtEnd = field(end, taken.x);
    const error = times(h, weighted(method.errorWeights!, [...taken.slopes, slopeAtEnd])!);
    const ratio = errorRatio(error, { from: x, to: taken.x }, tolerance);
    const accept = and(running, lessOrEqual(ratio, 1));
    const reject = and(running, not(accept));

    const accepted = plus(state.accepted, cast(accept, "i32"));
    const rejected = plus(state.rejected, cast(reject, "i32"));
    const factor = stepFactor(ratio, { previous: state.memory, order: method.order });
    const nextStep = stopGradient(times(h, factor));
    const stopped = select(
      not(lessOrEqual(shortest, abs(nextStep))), // so is a NaN, which no comparison lets through
      select(isFinite(ratio), code("stepUnderflow"), code("notFinite")),
      select(
        less(plus(accepted, rejected), constant(options.maxSteps, [], "i32")),
        code("running"),
        code("stepLimit"),
      ),
    );
    const after = select(and(accept, reaches), code("done"), stopped);
    return {
      x: select(accept, taken.x, x),
      slope: select(accept, slopeAtEnd, slope),
      t: select(accept, end, t),
      h: select(running, nextStep, state.h),
      memory: select(accept, memoryOf(ratio), state.memory),
      accepted,
      rejected,
      status: select(running, after, status),
      ...(state.kept === undefined ? {} : {
        kept: keep(state.kept, accept, { x, t, end, h }, () =>
          denseCoefficients(method, {
            h,
            from: x,
            to: taken.x,
            slopes: taken.slopes,
            slopeAtEnd,
          })),
      }),
    };
  };

  /** Fills in the times that an accepted step has passed. */
  const keep = (
    kept: Expression,
    accept: Expression,
    { x, t, end, h }: { x: Expression; t: Expression; end: Expression; h: Expression },
    coefficients: () => Expression[],
  ): Expression => {
    const wanted = constant([...options.times], [1, options.times.length]);
    const ahead = (a: Value, b: Value): Expression => direction > 0 ? less(a, b) : less(b, a);
    const passed = and(ahead(t, wanted), not(ahead(end, wanted))); // [lanes, times]
    const hit = and(accept, passed);
    const column = (e: Expression): Expression => reshape(e, [...e.shape, 1]);
    const row = (e: Expression): Expression => reshape(e, [e.shape[0], 1, e.shape[1]]);
    const theta = column(select(hit, divide(minus(wanted, t), h), 0));
    return select(column(hit), denseAt(row(x), coefficients().map(row), theta), kept);
  };

  return {
    init,
    advance(state, iterations) {
      const fields = fieldsOf(state);
      const result = loop({
        state: fields.map((name) => state[name]!),
        ...(iterations === undefined ? {} : { count: iterations }),
        while: (...values) => equal(reduceMax(named(fields, values).status), code("running")),
        body: (_index, ...values) => {
          const next = attempt(named(fields, values));
          return fields.map((name) => next[name]!);
        },
      });
      return named(fields, result.state);
    },
    evaluations: ({ accepted, rejected }) =>
      plus(
        INITIAL_EVALUATIONS,
        times(method.evaluations, plus(accepted, rejected)),
      ),
    inputs({ rows, dim }) {
      const lane: Shape = [lanesOf(rows), 1];
      const tensor = (name: keyof StepperState, shape: Shape, dtype: DType = "f32"): Expression =>
        input(name, shape, dtype);
      return {
        x: tensor("x", [rows, dim]),
        slope: tensor("slope", [rows, dim]),
        t: tensor("t", lane),
        h: tensor("h", lane),
        memory: tensor("memory", lane),
        accepted: tensor("accepted", lane, "i32"),
        rejected: tensor("rejected", lane, "i32"),
        status: tensor("status", lane, "i32"),
        ...(options.times.length > 0 ? { kept: tensor("kept", keptShape([rows, dim])) } : {}),
      };
    },
  };
}

type StateField = keyof StepperState;

/** The tensors of a state in their fixed order. */
function fieldsOf(state: StepperState): StateField[] {
  return Object.keys(state) as StateField[];
}

function named(fields: readonly StateField[], values: readonly Expression[]): StepperState {
  return Object.fromEntries(fields.map((name, i) => [name, values[i]])) as unknown as StepperState;
}

function code(name: keyof typeof STATUS): Expression {
  return constant(STATUS[name], [], "i32");
}
