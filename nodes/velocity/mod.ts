/**
 * Velocities: the field v(t, x) whose flow carries source to target.
 *
 * @module
 */

import type { DataSpec, SourceSpec, VelocitySpec } from "../../dsl/spec.ts";
import { InputError } from "../../dsl/error.ts";
import type { Interpolant } from "../interpolant/mod.ts";
import { custom } from "./custom.ts";
import { gaussianMixture } from "./gaussian_mixture.ts";
import { mlp } from "./mlp.ts";
import { missingNetwork, type Network, ofNetwork } from "./network.ts";
import type { Velocity } from "./velocity.ts";

export { ACTIVATIONS } from "./activation.ts";
export { type TimeFeatures, timeFeatures } from "./time_features.ts";
export { parameterCount } from "./velocity.ts";
export type { Initializer, Parameter, Velocity } from "./velocity.ts";
export { custom, gaussianMixture, mlp, type Network, ofNetwork };

/** What a velocity may need to know of the rest of the pipeline. */
export interface VelocityContext {
  /** Number of coordinates of a sample. */
  readonly dim: number;
  /** The pipeline's seed; Fourier frequencies are drawn from it. */
  readonly seed: number;
  /** The path. */
  readonly interpolant: Interpolant;
  /** The distribution at t = 0. */
  readonly source: SourceSpec;
  /** The distribution at t = 1. */
  readonly target: DataSpec;
  /** What was read from the file that the velocity names, where it names one. */
  readonly network?: Network;
}

/**
 * The velocity that a spec names.
 *
 * @throws {InputError} If a closed form does not fit the source, the target or the dimension.
 */
export function velocityOf(spec: VelocitySpec, context: VelocityContext): Velocity {
  const { source, target, interpolant, dim } = context;
  switch (spec.kind) {
    case "mlp":
      return mlp(spec, context);
    case "custom":
      if (spec.dim !== dim) {
        throw new InputError(
          `A custom velocity must have as many coordinates as the target: it has ${spec.dim}, the target ${dim}`,
          { field: "velocity.dim" },
        );
      }
      return custom(spec);
    case "onnx":
      return ofNetwork(context.network ?? missingNetwork());
    case "gaussianMixture":
      if (source.kind !== "gaussian" || target.kind !== "gaussianMixture") {
        throw new InputError(
          `The velocity "gaussianMixture" needs a gaussian source and a gaussianMixture target, found ${source.kind} and ${target.kind}`,
          { field: "velocity.kind" },
        );
      }
      return gaussianMixture({ source, target, interpolant, dim });
    default:
      return spec satisfies never;
  }
}
