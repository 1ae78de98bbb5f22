import { callOf, type FileText } from "./file_text.ts";

/** A pipeline to start from. */
export type Template = Omit<FileText, "mod" | "file" | "name"> & {
  /** What it shows, in a line. */
  readonly shows: string;
};

/** The templates, by name. */
export const TEMPLATES: Readonly<Record<string, Template>> = {
  "two-moons": {
    shows: "noise becomes two moons, by flow matching with optimal transport",
    about: ["Noise becomes two moons, by flow matching with optimal transport."],
    parts: {
      target: "data.twoMoons({ noise: 0.05 })",
      coupling: "coupling.optimalTransport()",
      velocity: "velocity.mlp({ hidden: [256, 256, 256] })",
      training: callOf("training", [
        {
          field: "steps",
          value: "2_000",
          why: "more while samples still come closer to the target: the loss alone flattens early",
        },
        { field: "batchSize", value: "256" },
        { field: "optimizer", value: "optimizer.adam({ learningRate: 1e-3 })" },
      ]),
      solver: "solver.dopri5({ rtol: 1e-5, atol: 1e-5 })",
      metrics: [
        "metric.wasserstein2({ samples: 2_000 })",
        "metric.negativeLogLikelihood()",
        "metric.pathEnergy()",
      ],
    },
  },
  "data-to-data": {
    shows: "one distribution becomes another: the source is data, too",
    about: [
      "Eight Gaussians become two moons: the source is data, too.",
      "A file of your own is data.csv, data.parquet, data.npy or data.npz in its place.",
    ],
    parts: {
      source: "data.eightGaussians({ radius: 4 })",
      target: "data.twoMoons({ noise: 0.05 })",
      coupling: "coupling.optimalTransport()",
      velocity: "velocity.mlp({ hidden: [128, 128, 128] })",
      training: callOf("training", [
        {
          field: "steps",
          value: "3_000",
          why: "more while samples still come closer to the target: the loss alone flattens early",
        },
        { field: "batchSize", value: "256" },
      ]),
      solver: "solver.dopri5({ rtol: 1e-4, atol: 1e-4 })",
      metrics: ["metric.wasserstein2({ samples: 2_000 })", "metric.pathEnergy()"],
    },
  },
  "closed-form": {
    shows: "a mixture of Gaussians, whose velocity is known: nothing to train",
    about: ["A mixture of Gaussians, whose velocity is known in closed form: nothing to train."],
    parts: {
      target: callOf("data.gaussianMixture", [
        { field: "means", value: "[[-2, 0], [2, 0]]" },
        { field: "covariances", value: "0.25", why: "the variance of every coordinate" },
      ]),
      velocity: "velocity.gaussianMixture()",
      solver: "solver.dopri5({ rtol: 1e-6, atol: 1e-6 })",
      metrics: ["metric.wasserstein2({ samples: 2_000 })", "metric.negativeLogLikelihood()"],
    },
  },
};
