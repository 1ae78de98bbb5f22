import type { Program, Tensor } from "../../graph/mod.ts";
import type { FixedTensor } from "../onnx/mod.ts";

/** Name of a backend. */
export type BackendName = "cpu" | "wasm" | "webgpu" | "tfjs";

/** Names of the backends. */
export const BACKEND_NAMES: readonly BackendName[] = ["cpu", "wasm", "webgpu", "tfjs"];

/** A tensor that goes into or comes out of a program: f32, i32, or bool as bytes 0 and 1. */
export interface RunTensor {
  /** Elements, row-major. */
  readonly data: Float32Array | Int32Array | Uint8Array;
  /** Sizes, outermost first. */
  readonly shape: readonly number[];
}

/** Tensors by name, as programs take and give them. */
export type RunTensors = Readonly<Record<string, RunTensor>>;

/** How a program is loaded. */
export interface LoadOptions {
  /** Inputs that become constants, such as trained weights: packed once, and never handed in again. */
  readonly fixed?: Readonly<Record<string, FixedTensor>>;
  /** Numbers for symbolic sizes, where they are known beforehand. */
  readonly sizes?: Readonly<Record<string, number>>;
  /**
   * Cores for this program, by default all of the backend's; results have the same bits with any number. One
   * suits a small network that trains while a worker on the other core couples its batches. `wasm` has one
   * number of threads for all programs and leaves this aside.
   */
  readonly threads?: number;
}

/** How a program is loaded that runs on rows in tiles. */
export interface TileOptions extends LoadOptions {
  /** The symbolic size that counts rows: the first of every input and output that has it. */
  readonly rows: string;
  /** Rows in a tile; see {@linkcode Tiled}. */
  readonly tile: number;
}

/** A program at rest in a backend, with its state. Calls are made one after the other. */
export interface Executable {
  /**
   * Runs the program once; its state moves on by itself.
   *
   * @throws {RangeError} If an input is missing or does not fit.
   */
  run(inputs: RunTensors): Promise<Record<string, RunTensor>>;
  /** The state as it is now. What is returned never changes later. */
  readState(): Promise<Map<string, Tensor>>;
  /** Sets states; all of them must be set before the first run. */
  writeState(state: ReadonlyMap<string, Tensor>): Promise<void>;
  /** Frees what the program holds. */
  close(): Promise<void>;
}

/**
 * A program that runs on any number of rows, a tile at a time, on all cores. A row's result has the same
 * bits in whatever tile or core it is computed, because every tile has the same number of rows.
 */
export interface Tiled {
  /**
   * Runs the program on all rows of `inputs`, which are cut and padded as needed.
   *
   * @throws {RangeError} If inputs do not fit.
   * @throws {Error} If the program, or its backend, is closed before the run ends.
   */
  run(inputs: RunTensors): Promise<Record<string, RunTensor>>;
  /** Frees what the program holds; runs under way are rejected. */
  close(): Promise<void>;
}

/** A program that a backend had another one run. */
export interface Elsewhere {
  /** The program's name. */
  readonly program: string;
  /** The other backend. */
  readonly backend: BackendName;
  /** What computes there, with its version. */
  readonly engine: string;
  /** What the backend that was asked has no kernels for, the first of such. */
  readonly why: string;
}

/** Data that stays on a device. */
export interface Resident {
  /** Bytes of a table at most. */
  readonly bytes: number;
  /** Random numbers in a batch from which the device draws them sooner than the host hands them in, to the same bits. */
  readonly draws: number;
  /** Training steps that one call should make at most: enough to hide the call. */
  readonly steps: number;
  /** Floating-point operations in a call at most: few enough to show progress and stop soon. */
  readonly operations: number;
}

/** What runs programs. */
export interface Backend {
  /** The word a user asks for it by. */
  readonly name: BackendName;
  /** What computes, with its version, such as "onnxruntime 1.30.0". */
  readonly engine: string;
  /** The instruction set, or GPU, that the bits of results depend on; null where they depend on none. */
  readonly instructionSet: string | null;
  /** What results depend on to the bit: backend, version, and instruction set where that matters. */
  readonly identity: string;
  /**
   * Whether a loop over rows that end at different times is best run to its end in one call. Where looking at results
   * between calls costs little, it is not: rows that have ended make way for others.
   */
  readonly wholeSolves?: boolean;
  /**
   * What may lie beside programs while they train, where that is memory of the device's own: calls are then handed little,
   * and one may be begun before the last has answered. Absent where calls are handed all they take, and one follows the
   * other.
   */
  readonly resident?: Resident;
  /** Why this backend was taken. */
  readonly reason: string;
  /** Programs that it had another backend run so far, as it has no kernels for them. */
  readonly elsewhere?: readonly Elsewhere[];
  /** Version, threads and instruction set, in words. */
  describe(): string;
  /**
   * Makes a program ready to run. Programs may be loaded, run and closed in any order and at the same time.
   *
   * @throws {TypeError} If a state is not f32.
   * @throws {Error} If the backend is closed.
   */
  load(program: Program, options?: LoadOptions): Promise<Executable>;
  /**
   * Makes a program ready to run on rows in tiles. On `cpu` they run in workers, one for each core, that all
   * programs of the backend share; they are started by the first run that is long enough to gain by them.
   *
   * @throws {TypeError} If an output has no rows, or has them on another axis than the first.
   * @throws {Error} If the backend is closed.
   */
  loadTiled(program: Program, options: TileOptions): Promise<Tiled>;
  /**
   * Frees all that was loaded and is still open, and ends the backend's workers. Runs under way in tiles are
   * rejected, and nothing can be loaded any more; closing again does nothing.
   */
  close(): Promise<void>;
}
