import type { GraphJSON } from "./graph.ts";

/** X_t = (1 - t) X_0 + t X_1. */
export interface LinearInterpolantSpec {
  /** Says which kind this is. */
  readonly kind: "linear";
}

/** X_t = cos(pi t / 2) X_0 + sin(pi t / 2) X_1. */
export interface TrigonometricInterpolantSpec {
  /** Says which kind this is. */
  readonly kind: "trigonometric";
}

/** X_t = a(t) X_0 + b(t) X_1 with traced functions of a scalar input named "t". */
export interface CustomInterpolantSpec {
  /** Says which kind this is. */
  readonly kind: "custom";
  /** Weight of the source. */
  readonly a: GraphJSON;
  /** Weight of the target. */
  readonly b: GraphJSON;
}

/** The path between a pair. */
export type InterpolantSpec =
  | LinearInterpolantSpec
  | TrigonometricInterpolantSpec
  | CustomInterpolantSpec;
