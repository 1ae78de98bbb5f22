import type { Program } from "../../../graph/mod.ts";
import type { Backend, Executable, LoadOptions, Tiled, TileOptions } from "../backend.ts";
import { checkTiled } from "../tiles.ts";
import { type Kind, LAYOUTS } from "./compile/layouts.ts";
import type { Layout } from "./compile/part.ts";
import { type Gpu, openGpu } from "./device.ts";
import { GpuExecutable, type Shared } from "./executable.ts";
import { GpuTiled } from "./tiled.ts";
import { WORD } from "./run/buffers.ts";
import { Pipelines } from "./run/pipelines.ts";

/** Version of the compiler: another one may give other bits. */
const REVISION = 1;

/** Operations in a submission at most: a good part of a second on a slow device of that kind. */
const MOST_WORK: { readonly [K in Kind]: number } = { software: 2e9, hardware: 2e11 };

/** How the backend is opened. */
export interface WebGpuOptions {
  /** Whether a processor that plays a GPU is refused. */
  readonly real?: boolean;
  /** How kernels are laid out; by default as suits the GPU. */
  readonly layout?: Layout;
}

/** Opens the backend, or says why it cannot be had. */
export async function openWebGpu(
  reason: string,
  { real = false, layout }: WebGpuOptions = {},
): Promise<WebGpuBackend | string> {
  const opened = await openGpu({ real });
  if ("missing" in opened) return opened.missing;
  const { gpu } = opened;
  return new WebGpuBackend(gpu, { reason, layout: layout ?? LAYOUTS[kindOf(gpu)] });
}

function kindOf({ software }: Gpu): Kind {
  return software ? "software" : "hardware";
}

/** Programs compiled to kernels of WGSL. */
export class WebGpuBackend implements Backend {
  readonly name = "webgpu";
  readonly wholeSolves = true;
  readonly identity: string;
  readonly engine: string = `pushforward ${REVISION}`;
  readonly instructionSet: string;
  readonly reason: string;
  /** What it runs on. */
  readonly gpu: Gpu;
  readonly #shared: Shared;
  readonly #loaded = new Set<Executable | Tiled>();
  #closed = false;

  constructor(gpu: Gpu, { reason, layout }: { readonly reason: string; readonly layout: Layout }) {
    this.gpu = gpu;
    this.reason = reason;
    this.instructionSet = gpu.name;
    this.identity = `webgpu ${REVISION} ${gpu.name}`;
    this.#shared = {
      gpu,
      pipelines: new Pipelines(gpu.device),
      settings: {
        layout,
        mostWords: Math.floor(gpu.limits.bindingBytes / WORD),
        mostBindings: gpu.limits.storageBuffers,
      },
      pace: { mostWork: MOST_WORK[kindOf(gpu)] },
    };
  }

  describe(): string {
    return `webgpu: ${this.gpu.name}${this.gpu.software ? ", in software" : ""}`;
  }

  // deno-lint-ignore require-await -- errors reach the caller as rejections
  async load(program: Program, options: LoadOptions = {}): Promise<Executable> {
    const executable = this.#open(program, options);
    const loaded: Executable = {
      run: (inputs) => executable.run(inputs),
      readState: () => executable.readState(),
      writeState: (state) => executable.writeState(state),
      close: () => {
        this.#loaded.delete(loaded);
        return executable.close();
      },
    };
    this.#loaded.add(loaded);
    return loaded;
  }

  // deno-lint-ignore require-await
  async loadTiled(program: Program, options: TileOptions): Promise<Tiled> {
    const { rows, tile } = options;
    checkTiled(program, rows);
    const executable = this.#open(program, options);
    const { doublings } = this.#shared.settings.layout;
    const tiles = new GpuTiled(program, executable, { rows, tile, doublings });
    const tiled: Tiled = {
      run: (inputs) => tiles.run(inputs),
      close: () => {
        this.#loaded.delete(tiled);
        return tiles.close();
      },
    };
    this.#loaded.add(tiled);
    return tiled;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#loaded].map((loaded) => loaded.close()));
    this.gpu.device.destroy();
  }

  #open(program: Program, options: LoadOptions): GpuExecutable {
    if (this.#closed) {
      throw new Error(`Cannot load ${program.name} as the backend was closed`);
    }
    return new GpuExecutable(this.#shared, program, options);
  }
}
