import {
  cast,
  constant,
  divide,
  type Expression,
  gather,
  less,
  loop,
  minus,
  plus,
  reshape,
  select,
  times,
  type Value,
  zerosLike,
} from "../../graph/mod.ts";
import { denseAt, denseCoefficients, denseDegree } from "./dense.ts";
import { type Field, step } from "./step.ts";
import type { Tableau } from "./tableau.ts";

/** Equal steps of a method. */
export interface EqualSteps {
  readonly method: Tableau;
  /** Where time starts and ends; `to` may lie before `from`. */
  readonly from: number;
  readonly to: number;
  /** How many, at least 1; an i32 scalar where the program is told when it runs. */
  readonly steps: Value;
}

/** A solve in equal steps with output at given times. */
export interface FixedOptions extends EqualSteps {
  readonly steps: number;
  /** Times between `from` and `to`, both included, at which the state is kept, in the order of the solve. */
  readonly times: readonly number[];
}

/** What a solve in equal steps gives. */
export interface FixedResult {
  /** The state at `to`, [n, d]. */
  readonly x: Expression;
  /** The states at `times`, [times, n, d]; null without times. */
  readonly trajectory: Expression | null;
  /** Evaluations of the field. */
  readonly evaluations: number;
}

/** Output times this near a step's end, in steps, are taken to be there. */
const ON_GRID = 1e-9;

/**
 * Integrates in `steps` equal steps, counted in integers: step i ends at from (1 - s) + to s with
 * s = (i + 1) / steps, so the last one ends exactly at `to`.
 *
 * Output times do not move the steps. A time at the end of a step is that state itself; one inside a
 * step is read off the step's dense output, which keeps the method's order and costs one evaluation in all.
 */
export function solveFixed(field: Field, x0: Expression, options: FixedOptions): FixedResult {
  const { method, steps } = options;
  if (options.times.length === 0) {
    return {
      x: solveEqualSteps(field, x0, options),
      trajectory: null,
      evaluations: steps * method.evaluations,
    };
  }
  const stops = options.times.map((time) => stopOf(options, time));
  return stops.every((stop) => stop.theta === null)
    ? onGrid(field, x0, { ...options, stops })
    : insideSteps(field, x0, { ...options, stops });
}

/** The state at `to` after equal steps, however many the program is told when it runs. */
export function solveEqualSteps(field: Field, x0: Expression, options: EqualSteps): Expression {
  return loop({
    state: [x0],
    count: options.steps,
    body: (i, x) => [equalStep(field, options, i, x)],
  }).state[0];
}

/** Every state of a solve in equal steps, the start first: [steps + 1, n, d] at times [steps + 1]. */
export function pathOfEqualSteps(
  field: Field,
  x0: Expression,
  options: EqualSteps,
): { readonly states: Expression; readonly times: Expression } {
  const { from, steps } = options;
  const { collected: [states, times] } = loop({
    state: [x0, constant(from)],
    count: typeof steps === "number" ? steps + 1 : plus(steps, 1),
    body: (i, x, t) => {
      const last = minus(i, 1); // there is none before the start: the loop inside runs once or not at all
      const [next, reached] = loop({
        state: [x, t],
        count: cast(less(0, i), "i32"),
        body: (
          _i,
          x,
        ) => [equalStep(field, options, last, x), reshape(interval(options, last).end, [])],
      }).state;
      return { state: [next, reached], collect: [next, reached] };
    },
  });
  return { states, times };
}

/** The state after step i from x. */
function equalStep(field: Field, options: EqualSteps, i: Expression, x: Expression): Expression {
  const { t, end, h } = interval(options, i);
  return step(field, options.method, { x, slope: field(t, x), t, end, h }).x;
}

/** Where an output time lies. */
interface Stop {
  /** Steps to take before it is reached. */
  readonly steps: number;
  /** Its place in the last of them; null at that step's end. */
  readonly theta: number | null;
}

interface Stops extends FixedOptions {
  readonly stops: readonly Stop[];
}

function stopOf({ from, to, steps }: FixedOptions, time: number): Stop {
  const position = (time - from) / (to - from) * steps;
  const nearest = Math.round(position);
  return Math.abs(position - nearest) < ON_GRID
    ? { steps: nearest, theta: null }
    : { steps: Math.ceil(position), theta: position - Math.floor(position) };
}

/** Time at both ends of step i, [1, 1], and its length. */
function interval(
  { from, to, steps }: EqualSteps,
  i: Expression,
): { t: Expression; end: Expression; h: Expression } {
  const count = typeof steps === "number" ? steps : cast(steps, "f32");
  const at = (index: Expression): Expression => {
    const s = divide(cast(index, "f32"), count);
    return reshape(plus(times(from, minus(1, s)), times(to, s)), [1, 1]);
  };
  const h = typeof count === "number" ? constant((to - from) / count) : divide(to - from, count);
  return { t: at(i), end: at(plus(i, 1)), h };
}

/** Every stop at the end of a step: run from stop to stop and keep the state. */
function onGrid(field: Field, x0: Expression, options: Stops): FixedResult {
  const { method, steps } = options;
  const run = legs(options, [x0], (i, [x]) => {
    return [equalStep(field, options, i, x)];
  }, ([x]) => x);
  return {
    x: run.state[0],
    trajectory: run.kept,
    evaluations: steps * method.evaluations,
  };
}

/** Some stop inside a step: carry the slope from step to step, and the last step's dense output. */
function insideSteps(field: Field, x0: Expression, options: Stops): FixedResult {
  const { method, steps, stops } = options;
  const { t: start } = interval(options, constant(0, [], "i32"));
  const blank = Array.from({ length: denseDegree(method) }, () => zerosLike(x0));
  const thetas = constant(stops.map((stop) => stop.theta ?? 1));
  const atEnd = constant(stops.map((stop) => stop.theta === null ? 1 : 0));
  const run = legs(options, [x0, field(start, x0), x0, ...blank], (i, [x, slope]) => {
    const { t, end, h } = interval(options, i);
    const taken = step(field, method, { x, slope, t, end, h });
    const slopeAtEnd = field(end, taken.x);
    const coefficients = denseCoefficients(method, {
      h,
      from: x,
      to: taken.x,
      slopes: taken.slopes,
      slopeAtEnd,
    });
    return [taken.x, slopeAtEnd, x, ...coefficients];
  }, ([x, _slope, from, ...coefficients], j) => {
    const inside = denseAt(from, coefficients, gather(thetas, j));
    return select(cast(gather(atEnd, j), "bool"), x, inside);
  });
  return {
    x: run.state[0],
    trajectory: run.kept,
    evaluations: 1 + steps * (method.evaluations + (method.fsal ? 0 : 1)),
  };
}

/**
 * Steps from stop to stop, keeps something at each, then steps to the end: a loop over the stops
 * with a loop over steps inside.
 */
function legs(
  { stops, steps }: Stops,
  initial: readonly Expression[],
  body: (i: Expression, state: readonly Expression[]) => readonly Expression[],
  keep: (state: readonly Expression[], stop: Expression) => Expression,
): { state: readonly Expression[]; kept: Expression } {
  const counts = [...stops.map((stop) => stop.steps), steps];
  const before = constant(Int32Array.from([0, ...counts.slice(0, -1)]));
  const lengths = constant(Int32Array.from(counts.map((n, j) => n - (counts[j - 1] ?? 0))));
  const leg = (j: Expression, state: readonly Expression[]): Expression[] => {
    const first = gather(before, j);
    return loop({
      state,
      count: gather(lengths, j),
      body: (i, ...state) => body(plus(first, i), state),
    }).state;
  };
  const run = loop({
    state: initial,
    count: stops.length,
    body: (j, ...state) => {
      const next = leg(j, state);
      return { state: next, collect: [keep(next, j)] };
    },
  });
  const rest = counts[stops.length] - counts[stops.length - 1];
  const state = rest === 0 ? run.state : leg(constant(stops.length, [], "i32"), run.state);
  return { state, kept: run.collected[0] };
}
