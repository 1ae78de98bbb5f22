/** Where samples come from: toy distributions that are drawn afresh, and data sets. */
export * from "./data/toys.ts";
export * from "./data/gaussian_mixture.ts";
export * from "./data/data_sets.ts";
export * from "./data/array.ts";
