import type { Program } from "../../../graph/mod.ts";
import type { Backend, Executable, LoadOptions, Tiled, TileOptions } from "../backend.ts";
import { checkTiled, TiledProgram } from "../tiles.ts";
import { openExecutable } from "./executable.ts";
import { type Library, tfjsLibrary } from "./library.ts";

/**
 * Opens the backend on TensorFlow.js's WebGPU kernels.
 *
 * @param reason Why it is opened.
 * @returns The backend, or why it cannot be had.
 */
export async function openTfjs(reason: string): Promise<Backend | string> {
  const library = await tfjsLibrary();
  return "missing" in library ? library.missing : new TfjsBackend(library, reason);
}

/** Programs interpreted op by op on one WebGPU device, shared with whoever else uses TensorFlow.js here. */
class TfjsBackend implements Backend {
  readonly name = "tfjs";
  readonly engine: string;
  readonly instructionSet: string;
  readonly identity: string;
  readonly reason: string;
  readonly #library: Library;
  readonly #loaded = new Set<Executable | Tiled>();
  #closed = false;

  constructor(library: Library, reason: string) {
    this.#library = library;
    this.engine = `tfjs ${library.tf.version_core}`;
    this.instructionSet = `webgpu ${library.adapter}`;
    this.identity = `${this.engine} ${this.instructionSet}`;
    this.reason = reason;
  }

  describe(): string {
    const { tf, adapter, software } = this.#library;
    const kind = software ? ", a software adapter" : "";
    return `tfjs: TensorFlow.js ${tf.version_core}, WebGPU on ${adapter}${kind}`;
  }

  load(program: Program, options: LoadOptions = {}): Promise<Executable> {
    return this.#remember(() => openExecutable(this.#library, program, options));
  }

  loadTiled(program: Program, options: TileOptions): Promise<Tiled> {
    const { rows, tile, sizes } = options;
    return this.#remember((): Tiled => {
      checkTiled(program, rows);
      const bound = { ...options, sizes: { ...sizes, [rows]: tile } };
      const executable = openExecutable(this.#library, program, bound);
      return new TiledProgram(program, { rows, tile }, {
        first: {
          ahead: 1,
          run: (inputs) => executable.run(inputs),
          close: () => executable.close(),
        },
        more: 0,
        open: () => Promise.reject(new Error("There is one device")),
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#loaded].map((loaded) => loaded.close()));
    this.#loaded.clear();
  }

  /** Keeps what is loaded, to free it with the backend. */
  // deno-lint-ignore require-await -- errors reach the caller as rejections
  async #remember<T extends Executable | Tiled>(load: () => T): Promise<T> {
    if (this.#closed) throw new Error("Cannot load a program as the backend was closed");
    const loaded = load();
    this.#loaded.add(loaded);
    return loaded;
  }
}
