import { dimensionOf, hasDensity, isTrained } from "./properties.ts";
import type { Problem } from "./schema/problems.ts";
import type { PipelineSpec } from "./spec/pipeline.ts";

/** The parts of a pipeline that are valid by themselves. */
export type Parts = Partial<PipelineSpec>;

/** What two or more parts must agree on; looks only at parts that are there. */
export type Rule = (parts: Parts) => readonly Problem[];

const fine: readonly Problem[] = [];

const sourceFitsTarget: Rule = ({ source, target }) => {
  const [from, to] = [source && dimensionOf(source), target && dimensionOf(target)];
  if (!from || !to || from === to) return fine;
  return [{
    path: ["source"],
    message: `must have the dimension of the target, ${to}: found ${from}`,
  }];
};

const velocityFitsTarget: Rule = ({ velocity, target }) => {
  const to = target && dimensionOf(target);
  const own = velocity?.kind === "custom" || velocity?.kind === "onnx" ? velocity.dim : null;
  if (!own || !to || own === to) return fine;
  const message = `must have the dimension of the target, ${to}: found ${own}`;
  return [{ path: ["velocity", "dim"], message }];
};

const likelihoodNeedsDensity: Rule = ({ source, metrics }) => {
  if (!source || !metrics || hasDensity(source)) return fine;
  return metrics.flatMap(({ kind }, i) => {
    if (kind !== "negativeLogLikelihood" && kind !== "bitsPerDimension") return [];
    const rule =
      'needs a source that knows its density ("gaussian", "uniform", "gaussianMixture", ' +
      '"checkerboard", "eightGaussians" with noise)';
    return [{ path: ["metrics", i], message: `${rule}: found "${source.kind}"` }];
  });
};

const trainedOrClosed: Rule = ({ velocity, objective, training }) => {
  if (!velocity) return fine;
  const name = `the velocity "${velocity.kind}"`;
  return Object.entries({ objective, training }).flatMap(([field, part]) => {
    if (part === undefined || (part !== null) === isTrained(velocity)) return [];
    const message = part === null
      ? `must not be null: ${name} is trained`
      : `must be left out or null: ${name} is a closed form with nothing to train`;
    return [{ path: [field], message }];
  });
};

const mixtureVelocity: Rule = ({ velocity, source, target, coupling }) => {
  if (velocity?.kind !== "gaussianMixture") return fine;
  const needed = { source: "gaussian", target: "gaussianMixture", coupling: "independent" };
  return Object.entries({ source, target, coupling }).flatMap(([field, part]) => {
    const kind = needed[field as keyof typeof needed];
    if (part === undefined || part.kind === kind) return [];
    const message = `must be "${kind}" for the velocity "gaussianMixture": found "${part.kind}"`;
    return [{ path: [field, "kind"], message }];
  });
};

const planHoldsBatches: Rule = ({ coupling, training }) => {
  if (!coupling || !training || coupling.kind === "independent") return fine;
  const { batchSize } = coupling;
  if (batchSize === null || batchSize % training.batchSize === 0) return fine;
  const message =
    `must be a multiple of training.batchSize, ${training.batchSize}: found ${batchSize}`;
  return [{ path: ["coupling", "batchSize"], message }];
};

/** Everything that parts of a pipeline must agree on. */
export const RULES: readonly Rule[] = [
  sourceFitsTarget,
  velocityFitsTarget,
  likelihoodNeedsDensity,
  trainedOrClosed,
  mixtureVelocity,
  planHoldsBatches,
];
