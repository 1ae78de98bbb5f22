import { InputError } from "../../dsl/error.ts";
import { nearest } from "../../graph/nearest.ts";
import type { Program } from "../../graph/mod.ts";
import { missingForWorkers } from "../worker_module.ts";
import {
  type Backend,
  BACKEND_NAMES,
  type BackendName,
  type Elsewhere,
  type Executable,
  type LoadOptions,
  type Tiled,
  type TileOptions,
} from "./backend.ts";
import { mayComplain } from "./adapter.ts";
import { nativeOptions, nativeRuntime } from "./cpu.ts";
import { isGpuSeen } from "./gpu_sign.ts";
import { instructionSet } from "./instruction_set.ts";
import { LanePool } from "./lane_pool.ts";
import { LANE_WORKER } from "./lane_worker.ts";
import { type Model, modelOf, openSession } from "./session.ts";
import { checkTiled, TiledProgram } from "./tiles.ts";
import { openTfjs } from "./tfjs/backend.ts";
import { openWebGpu } from "./webgpu/backend.ts";
import { wasmOptions, wasmRuntime } from "./wasm.ts";

/** What a user asks for: a backend, or the best that can be had. */
export type BackendChoice = BackendName | "auto";

/** How a backend is opened. */
export interface OpenOptions {
  /** Cores to use; all by default. */
  readonly threads?: number;
  /** Takes warnings, such as of a program that another backend has to run. */
  readonly onWarning?: (text: string) => void;
  /** Takes word of each run of a program by another backend. */
  readonly onElsewhere?: (program: Elsewhere) => void;
}

/**
 * Opens a backend.
 *
 * `auto` takes `webgpu` on a GPU that is one, else `cpu`, or `wasm` where native code is not permitted or not there, and
 * says why in `reason`.
 *
 * @throws {InputError} If there is no such backend, or the one asked for cannot be had.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const backend = await openBackend("auto", { threads: 1 });
 * assert.match(backend.reason, /cpu|native/);
 * await backend.close();
 * ```
 */
export async function openBackend(
  choice: BackendChoice = "auto",
  options: OpenOptions = {},
): Promise<Backend> {
  const threads = options.threads ?? navigator.hardwareConcurrency;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new InputError(
      `Cannot open a backend as threads is a whole number from 1: found ${threads}`,
      {
        field: "threads",
      },
    );
  }
  switch (choice) {
    case "cpu": {
      const opened = await openCpu(threads, "cpu was asked for");
      if (typeof opened !== "string") return opened;
      throw new InputError(
        `Cannot open the backend cpu: ${opened}. The backend wasm needs no native code`,
        {
          field: "backend",
        },
      );
    }
    case "wasm":
      return await openWasm(threads, "wasm was asked for");
    case "webgpu": {
      const opened = await openWebGpu("webgpu was asked for", options);
      if (typeof opened !== "string") return opened;
      throw new InputError(
        `Cannot open the backend webgpu: ${opened}. The backend cpu needs no GPU`,
        { field: "backend" },
      );
    }
    case "tfjs": {
      const opened = await openTfjs("tfjs was asked for");
      if (typeof opened !== "string") return opened;
      throw new InputError(
        `Cannot open the backend tfjs: ${opened}. The backend cpu needs no graphics card`,
        { field: "backend" },
      );
    }
    case "auto": {
      // A driver that would complain of what it lacks is not asked where nothing speaks for a GPU.
      const gpu = mayComplain() && !await isGpuSeen()
        ? "there is no sign of a GPU (--allow-env=XDG_RUNTIME_DIR looks further)"
        : await openWebGpu("webgpu since there is a GPU", { ...options, real: true });
      if (typeof gpu !== "string") return gpu;
      const opened = await openCpu(threads, `cpu is the fastest backend here: ${gpu}`);
      return typeof opened === "string" ? await openWasm(threads, `wasm since ${opened}`) : opened;
    }
    default: {
      choice satisfies never;
      const meant = nearest(choice, [...BACKEND_NAMES, "auto"]);
      throw new InputError(
        `Cannot open the backend ${choice}: there are auto, ${BACKEND_NAMES.join(", ")}` +
          (meant === undefined ? "" : `; did you mean ${meant}?`),
        { field: "backend" },
      );
    }
  }
}

async function openCpu(threads: number, reason: string): Promise<Backend | string> {
  const native = await nativeRuntime();
  if ("missing" in native) return native.missing;
  const set = instructionSet();
  const missing = await missingForWorkers(LANE_WORKER);
  return new OnnxBackend({
    name: "cpu",
    engine: `onnxruntime ${native.version}`,
    instructionSet: set,
    reason: missing === null ? reason : `${reason}, but workers need ${missing}`,
    description: `cpu: ONNX Runtime ${native.version}, native, ${count(threads)}, ${set}`,
    session: (model, wanted = threads) =>
      openSession(native.runtime, model, nativeOptions(Math.min(wanted, threads))),
    lanes: missing === null ? threads : 1,
  });
}

async function openWasm(wanted: number, reason: string): Promise<Backend> {
  const { runtime, version, threads } = await wasmRuntime(wanted);
  return new OnnxBackend({
    name: "wasm",
    engine: `onnxruntime ${version}`,
    instructionSet: null,
    reason,
    description: `wasm: ONNX Runtime ${version}, WebAssembly, ${count(threads)}, 128-bit SIMD`,
    session: (model) => openSession(runtime, model, wasmOptions()),
    lanes: 1, // a worker of its own would compile and hold all of the WebAssembly module again
  });
}

function count(threads: number): string {
  return threads === 1 ? "1 thread" : `${threads} threads`;
}

/** A backend on one of ONNX Runtime's builds. */
class OnnxBackend implements Backend {
  readonly name: BackendName;
  readonly engine: string;
  readonly instructionSet: string | null;
  readonly identity: string;
  readonly reason: string;
  readonly #description: string;
  readonly #session: (model: Model, threads?: number) => Promise<Executable>;
  readonly #lanes: number;
  readonly #pool = new LanePool();
  readonly #loaded = new Set<Executable | Tiled>();
  #closed = false;

  constructor(options: {
    readonly name: BackendName;
    readonly engine: string;
    readonly instructionSet: string | null;
    readonly reason: string;
    readonly description: string;
    /** Opens a session; with the backend's threads if none are given. */
    readonly session: (model: Model, threads?: number) => Promise<Executable>;
    /** How many tiles may run at a time. */
    readonly lanes: number;
  }) {
    this.name = options.name;
    this.engine = options.engine;
    this.instructionSet = options.instructionSet;
    this.identity = [this.name, this.engine, this.instructionSet ?? []].flat().join(" ");
    this.reason = options.reason;
    this.#description = options.description;
    this.#session = options.session;
    this.#lanes = options.lanes;
  }

  describe(): string {
    return this.#description;
  }

  async load(program: Program, options: LoadOptions = {}): Promise<Executable> {
    const session = await this.#open(modelOf(program, options), options.threads);
    const executable: Executable = {
      run: (inputs) => session.run(inputs),
      readState: () => session.readState(),
      writeState: (state) => session.writeState(state),
      close: () => {
        this.#loaded.delete(executable);
        return session.close();
      },
    };
    this.#loaded.add(executable);
    return executable;
  }

  async loadTiled(program: Program, options: TileOptions): Promise<Tiled> {
    const { rows, tile, sizes, threads = this.#lanes } = options;
    checkTiled(program, rows);
    const cores = Math.min(threads, this.#lanes);
    const model = modelOf(program, { ...options, sizes: { ...sizes, [rows]: tile } });
    const session = await this.#open(model, this.#lanes === 1 ? undefined : 1);
    const tiled = new TiledProgram(program, { rows, tile }, {
      first: {
        ahead: 1,
        run: (inputs) => session.run(inputs),
        close: () => {
          this.#loaded.delete(tiled);
          return session.close();
        },
      },
      more: cores === 1 ? 0 : cores,
      open: this.#pool.program(model.bytes),
    });
    this.#loaded.add(tiled);
    return tiled;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#loaded].map((loaded) => loaded.close()));
    this.#pool.close();
  }

  /** Opens a session, unless the backend is closed before it is there. */
  async #open(model: Model, threads?: number): Promise<Executable> {
    const session = this.#closed ? null : await this.#session(model, threads);
    if (session !== null && !this.#closed) return session;
    await session?.close();
    throw new Error(`Cannot load ${model.program.name} as the backend was closed`);
  }
}
