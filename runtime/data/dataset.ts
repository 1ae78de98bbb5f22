import type { DrawAddress } from "../../graph/threefry.ts";
import type { Tensor } from "../../graph/types.ts";
import type { Density, DistributionSpec } from "./distributions/mod.ts";
import type { Standardization } from "./standardization.ts";

export type { Density } from "./distributions/mod.ts";
export type { Standardization } from "./standardization.ts";

/** One part of a data set: a place to draw minibatches from. */
export interface Sampler {
  /** Rows there are; Infinity for a distribution, which is drawn afresh at every address. */
  readonly rows: number;
  /** All rows, [rows, dim], as models see them but without dequantisation noise; null for a distribution. */
  readonly table: Tensor | null;
  /**
   * Draws a minibatch, [count, dim], as a pure function of the address.
   *
   * From a table no row comes twice within an epoch; an epoch is floor(rows / count) steps.
   *
   * @throws {InputError} If there are no rows, or fewer than `count`.
   */
  draw(count: number, at: DrawAddress): Tensor;
  /** How a program draws the same; null where float32 would give other bits. */
  readonly inProgram: ProgramDraw | null;
}

/** How a program makes the very rows that a sampler draws, with the same bits. */
export type ProgramDraw =
  /** Numbers that are each shift + scale * draw, by coordinate. */
  | {
    readonly kind: "drawn";
    readonly distribution: "uniform" | "normal";
    /** The stream that is drawn from where the sampler's address names this one. */
    readonly stream: (name: string) => string;
    readonly shift: readonly number[];
    readonly scale: readonly number[];
  }
  /** Rows of the sampler's table, whose numbers are drawn on the host. */
  | {
    readonly kind: "gathered";
    /** The rows that `draw` takes. */
    readonly rows: (count: number, at: DrawAddress) => Uint32Array;
    /** What is added to them: scale * a uniform draw, by coordinate. */
    readonly noise: {
      readonly stream: (name: string) => string;
      readonly scale: readonly number[];
    } | null;
  };

/** The parts of a data set. */
export type PartName = "train" | "validation" | "test";

/** An opened data set or distribution: what pipelines draw samples from. */
export interface Dataset {
  /** Numbers in a sample. */
  readonly dim: number;
  /** Sizes of a sample before it is flattened to `dim` numbers, such as [28, 28]. */
  readonly eventShape: readonly number[];
  /** Names of the columns, where they have names. */
  readonly columns: readonly string[] | null;
  /** Without a split every part of a table holds all rows. */
  readonly parts: { readonly [K in PartName]: Sampler };
  /** What was done to the rows, fitted on train; null for nothing. */
  readonly standardization: Standardization | null;
  /** Distance between the levels of quantised data, before standardisation; null for real numbers. */
  readonly dequantize: number | null;
  /** The density, where it is known in closed form. */
  readonly density: Density | null;
  /** SHA-256 of the content, in hexadecimal: equal digests draw equal samples. */
  readonly digest: string;
  /** Plain data to `postMessage` to a worker, for {@linkcode revive}; tables lie in shared memory. */
  serialize(): DatasetContent;
}

/** The plain data of a {@linkcode Dataset}. */
export type DatasetContent = DistributionContent | TableContent;

/** What a distribution is remade from. */
export interface DistributionContent {
  /** Tells it from a table's. */
  readonly kind: "distribution";
  /** What the distribution is. */
  readonly spec: DistributionSpec;
}

/** What a table is remade from; equal parts are one array. */
export interface TableContent {
  /** Tells it from a distribution's. */
  readonly kind: "table";
  /** Numbers in a row. */
  readonly dim: number;
  /** Sizes of a row before it is flattened. */
  readonly eventShape: readonly number[];
  /** Names of the columns, where they have names. */
  readonly columns: readonly string[] | null;
  /** What was done to the rows. */
  readonly standardization: Standardization | null;
  /** Distance between the levels of quantised data, before standardisation. */
  readonly dequantize: number | null;
  /** Row-major values of each part. */
  readonly parts: { readonly [K in PartName]: Float32Array };
  /** SHA-256 of all of the above. */
  readonly digest: string;
}
