/** Two interleaved half circles of radius 1 in the plane: x = scale * (moon + noise) + shift. */
export interface TwoMoonsSpec {
  /** Says which kind this is. */
  readonly kind: "twoMoons";
  /** Size of the noise, in radii of a moon. */
  readonly noise: number;
  /**
   * "gaussian": each coordinate has its own normal noise of this standard deviation. "diagonal":
   * one uniform number on [0, noise] is added to both, as in torchdyn and torchcfm.
   */
  readonly smear: "gaussian" | "diagonal";
  /** Factor on every coordinate. */
  readonly scale: number;
  /** Added to every coordinate after scaling. */
  readonly shift: number;
}

/** Eight Gaussians evenly spaced on a circle in the plane. */
export interface EightGaussiansSpec {
  /** Says which kind this is. */
  readonly kind: "eightGaussians";
  /** Radius of the circle of centres. */
  readonly radius: number;
  /** Standard deviation of each Gaussian, per coordinate. */
  readonly noise: number;
}

/** Uniform on the dark squares of a checkerboard that covers [-extent, extent]^2. */
export interface CheckerboardSpec {
  /** Says which kind this is. */
  readonly kind: "checkerboard";
  /** Squares along one side; even. */
  readonly cells: number;
  /** Half the side of the board. */
  readonly extent: number;
}

/** Gaussian arms of radius 2 bent into a spiral in the plane. */
export interface PinwheelSpec {
  /** Says which kind this is. */
  readonly kind: "pinwheel";
  /** Number of arms. */
  readonly arms: number;
  /** Standard deviation along an arm, in radii of its centre. */
  readonly radial: number;
  /** Standard deviation across an arm, in radii of its centre. */
  readonly tangential: number;
  /** How strongly the arms bend: the angle turns by rate * exp(radius). */
  readonly rate: number;
}

/** Points (t cos t, t sin t) / 5, t uniform on [1.5 pi, 4.5 pi]; a sheet of depth 21 / 5 in 3-D. */
export interface SwissRollSpec {
  /** Says which kind this is. */
  readonly kind: "swissRoll";
  /** Standard deviation of the Gaussian noise on each coordinate, before the division by 5. */
  readonly noise: number;
  /** 2 for the spiral, 3 for the rolled sheet. */
  readonly dim: 2 | 3;
}

/** Points on an S-shaped curve of two arcs of radius 1; a sheet of depth 2 in 3-D. */
export interface SCurveSpec {
  /** Says which kind this is. */
  readonly kind: "sCurve";
  /** Standard deviation of the Gaussian noise on each coordinate. */
  readonly noise: number;
  /** 2 for the curve, 3 for the bent sheet. */
  readonly dim: 2 | 3;
}

/** Two concentric circles in the plane, of radius 3 and 3 * factor. */
export interface CirclesSpec {
  /** Says which kind this is. */
  readonly kind: "circles";
  /** Standard deviation of the Gaussian noise on each coordinate, in radii of the outer circle. */
  readonly noise: number;
  /** Radius of the inner circle in radii of the outer, between 0 and 1. */
  readonly factor: number;
}

/** A mixture of Gaussians; it knows its density, so it may be a source of likelihoods too. */
export interface GaussianMixtureSpec {
  /** Says which kind this is. */
  readonly kind: "gaussianMixture";
  /** Positive weight of each component; they sum to 1. */
  readonly weights: readonly number[];
  /** Mean of each component, [components, dim]. */
  readonly means: readonly (readonly number[])[];
  /** Covariance of each component, symmetric and positive definite, [components, dim, dim]. */
  readonly covariances: readonly (readonly (readonly number[])[])[];
}

/** A distribution that is drawn afresh at every step. */
export type ToySpec =
  | TwoMoonsSpec
  | EightGaussiansSpec
  | CheckerboardSpec
  | PinwheelSpec
  | SwissRollSpec
  | SCurveSpec
  | CirclesSpec
  | GaussianMixtureSpec;

/** Rows drawn into three parts at random by a seed; what the fractions leave over is left out. */
export interface FractionsSplitSpec {
  /** Says which kind this is. */
  readonly kind: "fractions";
  /** Fraction of the rows to train on. */
  readonly train: number;
  /** Fraction of the rows to watch while training. */
  readonly validation: number;
  /** Fraction of the rows to measure on. */
  readonly test: number;
  /** Seed of the permutation. */
  readonly seed: number;
}

/** Rows divided into three parts by the value of a column; rows with another value are left out. */
export interface ColumnSplitSpec {
  /** Says which kind this is. */
  readonly kind: "column";
  /** Name of the column (of another array of the same length, in an .npz file). */
  readonly column: string;
  /** Values of the rows to train on. */
  readonly train: readonly (string | number)[];
  /** Values of the rows to watch while training. */
  readonly validation: readonly (string | number)[];
  /** Values of the rows to measure on. */
  readonly test: readonly (string | number)[];
}

/** How rows are divided into train, validation and test. */
export type SplitSpec = FractionsSplitSpec | ColumnSplitSpec;

/** A row is kept if the named column has this value. */
export interface SelectSpec {
  /** Name of the column (of another array of the same length, in an .npz file). */
  readonly column: string;
  /** The value asked for; a number matches text that reads as that number. */
  readonly equals: string | number;
}

/** What to do with a missing value: stop, leave the row out, or put the column's mean of train. */
export type Missing = "reject" | "drop" | "mean";

/** What every finite data set has. */
export interface TableSpec {
  /** Numbers in a row; null until the file is read. */
  readonly dim: number | null;
  /** Whether each column is brought to mean 0 and standard deviation 1 of its train part. */
  readonly standardize: boolean;
  /**
   * Distance between the levels of quantised data, such as 1 for integers: uniform noise of this
   * width is added to every draw, and bits per dimension are counted in this unit. Null for none.
   */
  readonly dequantize: number | null;
  /** Licence of the data, such as CC0-1.0; exported models carry it along. */
  readonly licence?: string;
}

/** Rows of a NumPy `.npy` file; axes after the first are flattened. */
export interface NpySpec extends TableSpec {
  /** Says which kind this is. */
  readonly kind: "npy";
  /** Path or URL of the file. */
  readonly path: string;
  /** How rows are divided; null if every row serves for everything. */
  readonly split: FractionsSplitSpec | null;
}

/** Rows of one array of a NumPy `.npz` file; other arrays of the same length can select and split. */
export interface NpzSpec extends TableSpec {
  /** Says which kind this is. */
  readonly kind: "npz";
  /** Path or URL of the file. */
  readonly path: string;
  /** Name of the array in the file. */
  readonly array: string;
  /** Conditions that a row must meet, all of them. */
  readonly select: readonly SelectSpec[];
  /** How rows are divided; null if every row serves for everything. */
  readonly split: SplitSpec | null;
}

/** Rows of a CSV file. */
export interface CsvSpec extends TableSpec {
  /** Says which kind this is. */
  readonly kind: "csv";
  /** Path or URL of the file. */
  readonly path: string;
  /** Columns to read, by name (without a header: by position, "0" first); null for all. */
  readonly columns: readonly string[] | null;
  /** One character between values. */
  readonly delimiter: string;
  /** Whether the first row holds names. */
  readonly header: boolean;
  /** What to do with a missing value. */
  readonly missing: Missing;
  /** Conditions that a row must meet, all of them. */
  readonly select: readonly SelectSpec[];
  /** How rows are divided; null if every row serves for everything. */
  readonly split: SplitSpec | null;
}

/** Rows of a Parquet file. */
export interface ParquetSpec extends TableSpec {
  /** Says which kind this is. */
  readonly kind: "parquet";
  /** Path or URL of the file. */
  readonly path: string;
  /** Columns to read, by name; null for all. */
  readonly columns: readonly string[] | null;
  /** What to do with a missing value. */
  readonly missing: Missing;
  /** Conditions that a row must meet, all of them. */
  readonly select: readonly SelectSpec[];
  /** How rows are divided; null if every row serves for everything. */
  readonly split: SplitSpec | null;
}

/** Rows held in the spec itself. */
export interface ArraySpec extends TableSpec {
  /** Says which kind this is. */
  readonly kind: "array";
  /** Sizes, rows first: at least one axis after the rows is usual, [rows, dim]. */
  readonly shape: readonly number[];
  /** Little-endian float32 values in row-major order, in base64. */
  readonly data: string;
  /** How rows are divided; null if every row serves for everything. */
  readonly split: FractionsSplitSpec | null;
}

/** A finite data set. */
export type DataSetSpec = NpySpec | NpzSpec | CsvSpec | ParquetSpec | ArraySpec;

/** Where samples come from: a toy distribution or a data set. */
export type DataSpec = ToySpec | DataSetSpec;
