import type { Expression } from "../../graph/mod.ts";
import type { PathPoint, Time } from "../ports.ts";

/** How a parameter starts. */
export type Initializer =
  | { readonly kind: "zeros" }
  | { readonly kind: "ones" }
  /** Uniform on [-bound, bound]. */
  | { readonly kind: "uniform"; readonly bound: number }
  /** Normal of mean 0 and standard deviation `scale`. */
  | { readonly kind: "normal"; readonly scale: number }
  /** As it came with the velocity: nothing trains it. */
  | { readonly kind: "given" };

/** A tensor that training changes. */
export interface Parameter {
  /** Unique within a velocity; checkpoints and exported files use it. */
  readonly name: string;
  /** Its sizes. */
  readonly shape: readonly number[];
  /** How it starts. */
  readonly init: Initializer;
}

/** The field v(t, x) whose flow carries source to target; its parameters are handed in. */
export interface Velocity {
  /** The word a spec uses. */
  readonly name: string;
  /** None for a closed form. */
  readonly parameters: readonly Parameter[];
  /**
   * The field at (t, x).
   *
   * Shapes: `t` is [n, 1], or [1, 1] when all samples share it, which is cheaper; `x` and the result are [n, d].
   */
  apply(parameters: readonly Expression[], t: Time, x: PathPoint): Expression;
  /** Floating-point operations of one evaluation, about: a multiply-add is two; a network's nonlinearities are not counted. */
  flops(batch: number): number;
}

/** Number of numbers that training changes. */
export function parameterCount(velocity: Velocity): number {
  return velocity.parameters.reduce((n, p) => n + p.shape.reduce((a, b) => a * b, 1), 0);
}
