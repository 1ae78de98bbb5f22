/**
 * Data sets and distributions: what a spec's source and target draw their samples from.
 *
 * @example A minibatch of two moons
 * ```ts
 * import assert from "node:assert/strict";
 * const moons = await openData({
 *   kind: "twoMoons",
 *   noise: 0.05,
 *   smear: "gaussian",
 *   scale: 3,
 *   shift: -1,
 * });
 * const batch = moons.parts.train.draw(256, { seed: 0, stream: "target", step: 0 });
 * assert.deepEqual(batch.shape, [256, 2]);
 * ```
 *
 * @module
 */

export type {
  Dataset,
  DatasetContent,
  Density,
  DistributionContent,
  PartName,
  Sampler,
  TableContent,
} from "./dataset.ts";
export type { DistributionSpec } from "./distributions/mod.ts";
export { encodeNpy, readNpy, writeNpy } from "./files/npy.ts";
export { openData, type OpenOptions, openSource, type OpenSourceOptions } from "./open.ts";
export { revive } from "./revive.ts";
export {
  logDeterminant,
  type Standardization,
  standardize,
  unstandardize,
} from "./standardization.ts";
