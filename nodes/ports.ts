/**
 * Typed ports: what an expression stands for, known to the type checker.
 *
 * A port is an expression with a name in its type. A place that takes `x_t` takes an unnamed expression too
 * (a solver's state has no name), but refuses one that is known to be something else, so feeding x_1 where
 * x_t belongs does not compile.
 *
 * @module
 */

import type { Expression } from "../graph/mod.ts";

/** The mark that a port carries in its type; it is never there at run time. */
declare const mark: unique symbol;

/** What a port can stand for. */
export type PortName = "t" | "x_0" | "x_1" | "x_t" | "velocity";

/** An expression that is known to be `Name`. */
export type Port<Name extends PortName> = Expression & { readonly [mark]: Name };

/** An expression that may be used as `Name`: a port of that name, or an expression without a name. */
export type Accepts<Name extends PortName> = Expression & { readonly [mark]?: Name };

/** Time, [n, 1], or [1, 1] when all samples share it. */
export type Time = Accepts<"t">;
/** Samples of the source, [n, d]. */
export type SourceSample = Accepts<"x_0">;
/** Samples of the target, [n, d]. */
export type TargetSample = Accepts<"x_1">;
/** Points on the path, [n, d]. */
export type PathPoint = Accepts<"x_t">;

/**
 * Names an expression. This is where an untyped tensor enters the typed part, so name it where it is made.
 *
 * @example
 * ```ts
 * import { input } from "../graph/mod.ts";
 * const x1 = port("x_1", input("x1", ["n", 2]));
 * ```
 */
export function port<Name extends PortName>(_name: Name, expression: Expression): Port<Name> {
  return expression as Port<Name>;
}
