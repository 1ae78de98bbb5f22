import { z } from "npm:zod@4.6.7";
import type {
  CheckerboardSpec,
  CirclesSpec,
  EightGaussiansSpec,
  PinwheelSpec,
  SCurveSpec,
  SwissRollSpec,
  TwoMoonsSpec,
} from "../spec/data.ts";
import { must } from "./words.ts";
import { oneOf, real, whole } from "./fields.ts";
import { gaussianMixture } from "./gaussian_mixture.ts";
import { record } from "./record.ts";

/** Noise on each coordinate with a default. */
function noise(standardDeviation: number): z.ZodType<number> {
  return real({ atLeast: 0 }).default(standardDeviation)
    .describe("Standard deviation of the Gaussian noise on each coordinate.");
}

/** The plane, or space when 3 is asked for. */
function planeOrSpace(description: string): z.ZodType<2 | 3> {
  return z.literal([2, 3], must("2 or 3")).default(3).describe(description);
}

/** Schema of two moons. */
export const twoMoons: z.ZodObject = record<TwoMoonsSpec>(
  "data.twoMoons",
  "Two interleaved half circles of radius 1.",
  {
    kind: z.literal("twoMoons"),
    noise: real({ atLeast: 0 }).default(0.05).describe("Size of the noise, in radii of a moon."),
    smear: oneOf(["gaussian", "diagonal"]).default("gaussian")
      .describe("Normal noise on each coordinate, or one uniform number on both."),
    scale: real({ above: 0 }).default(1).describe("Factor on every coordinate."),
    shift: real().default(0).describe("Added to every coordinate after scaling."),
  },
);

/** Schema of eight Gaussians. */
export const eightGaussians: z.ZodObject = record<EightGaussiansSpec>(
  "data.eightGaussians",
  "Eight Gaussians evenly spaced on a circle.",
  {
    kind: z.literal("eightGaussians"),
    radius: real({ above: 0 }).default(2).describe("Radius of the circle of centres."),
    noise: noise(0.1),
  },
);

/** Schema of a checkerboard. */
export const checkerboard: z.ZodObject = record<CheckerboardSpec>(
  "data.checkerboard",
  "Uniform on the dark squares of a checkerboard.",
  {
    kind: z.literal("checkerboard"),
    cells: whole(2).multipleOf(2, must("an even whole number of at least 2")).default(4)
      .describe("Squares along one side."),
    extent: real({ above: 0 }).default(4).describe("Half the side of the board."),
  },
);

/** Schema of a pinwheel. */
export const pinwheel: z.ZodObject = record<PinwheelSpec>(
  "data.pinwheel",
  "Gaussian arms bent into a spiral.",
  {
    kind: z.literal("pinwheel"),
    arms: whole(1).default(5).describe("Number of arms."),
    radial: real({ atLeast: 0 }).default(0.3).describe("Standard deviation along an arm."),
    tangential: real({ atLeast: 0 }).default(0.1).describe("Standard deviation across an arm."),
    rate: real().default(0.25).describe("How strongly the arms bend."),
  },
);

/** Schema of a Swiss roll. */
export const swissRoll: z.ZodObject = record<SwissRollSpec>("data.swissRoll", "A rolled sheet.", {
  kind: z.literal("swissRoll"),
  noise: noise(0.5),
  dim: planeOrSpace("2 for the spiral, 3 for the rolled sheet."),
});

/** Schema of an S curve. */
export const sCurve: z.ZodObject = record<SCurveSpec>("data.sCurve", "An S-shaped sheet.", {
  kind: z.literal("sCurve"),
  noise: noise(0.1),
  dim: planeOrSpace("2 for the curve, 3 for the bent sheet."),
});

/** Schema of two circles. */
export const circles: z.ZodObject = record<CirclesSpec>("data.circles", "Two concentric circles.", {
  kind: z.literal("circles"),
  noise: noise(0.05),
  factor: real({ above: 0, below: 1 }).default(0.5).describe(
    "Radius of the inner circle in radii of the outer.",
  ),
});

/** Schemas of all toy distributions. */
export const toyRecords: readonly z.ZodObject[] = [
  twoMoons,
  eightGaussians,
  checkerboard,
  pinwheel,
  swissRoll,
  sCurve,
  circles,
  gaussianMixture,
];
