/**
 * The files that a model leaves as. A new one is a file here and a line below.
 *
 * @module
 */
import type { DeployFile } from "../deploy_file.ts";
import { encoder } from "./encoder.ts";
import { likelihood } from "./likelihood.ts";
import { sampler } from "./sampler.ts";
import { trajectory } from "./trajectory.ts";
import { velocity } from "./velocity.ts";

/** Every file, in the order in which they are listed for people. */
export const DEPLOY_FILES: readonly DeployFile[] = [
  sampler,
  trajectory,
  encoder,
  likelihood,
  velocity,
];
