import type { Dataset } from "./data/mod.ts";

/** What a model needs to know of the data it was fitted to, so that it can be opened without them. */
export interface ModelFacts {
  readonly dim: number;
  readonly target: {
    readonly eventShape: readonly number[];
    readonly standardization: {
      readonly mean: readonly number[];
      readonly scale: readonly number[];
    } | null;
  };
  readonly source: {
    /** SHA-256 of what the source draws. */
    readonly digest: string;
  };
}

/** The facts that a run folder's `model.json` holds. */
export function factsOf({ target, source }: { target: Dataset; source: Dataset }): ModelFacts {
  const { standardization } = target;
  return {
    dim: target.dim,
    target: {
      eventShape: target.eventShape,
      standardization: standardization &&
        { mean: [...standardization.mean], scale: [...standardization.scale] },
    },
    source: { digest: source.digest },
  };
}

/** The part of a data set that facts stand for. */
export function targetOf(
  { target }: ModelFacts,
): Pick<Dataset, "eventShape" | "standardization"> {
  const { eventShape, standardization } = target;
  return {
    eventShape,
    standardization: standardization && {
      mean: Float64Array.from(standardization.mean),
      scale: Float64Array.from(standardization.scale),
    },
  };
}
