import type { Program } from "../../../graph/mod.ts";
import type {
  Backend,
  Elsewhere,
  Executable,
  LoadOptions,
  Resident,
  Tiled,
  TileOptions,
} from "../backend.ts";
import { openTfjs } from "../tfjs/backend.ts";
import { TFJS_VERSION } from "../tfjs/version.ts";
import { checkTiled } from "../tiles.ts";
import { type Kind, LAYOUTS } from "./compile/layouts.ts";
import type { Layout } from "./compile/part.ts";
import { CoveredExecutable } from "./covered.ts";
import { type Gpu, type GpuOptions, openGpu } from "./device.ts";
import type { UncoveredError } from "./errors.ts";
import { GpuExecutable, type Shared } from "./executable.ts";
import { GpuTiled } from "./tiled.ts";
import { WORD } from "./run/buffers.ts";
import { Pipelines } from "./run/pipelines.ts";
import { Substitute } from "./substitute.ts";

/** Version of the compiler: another one may give other bits. */
const REVISION = 4;

/** Operations in a submission at most: a good part of a second on a slow device of that kind. */
const MOST_WORK: { readonly [K in Kind]: number } = { software: 2e9, hardware: 2e11 };

/**
 * Training steps and operations in a call, about a tenth of a second or a second in software; and random numbers in a
 * batch from which they are drawn in a kernel. A normal number takes some thousand whole operations there: many side by
 * side cost a GPU no longer than one, and a few are handed in sooner. In software the kernel alone takes seconds to compile.
 */
const TRAINING: { readonly [K in Kind]: Omit<Resident, "bytes"> } = {
  software: { steps: 32, operations: 1e10, draws: Infinity },
  hardware: { steps: 256, operations: 1e12, draws: 4096 },
};

/** How the backend is opened. */
export interface WebGpuOptions extends GpuOptions {
  /** How kernels are laid out; by default as suits the GPU. */
  readonly layout?: Layout;
  /** Opens what runs the programs that kernels do not cover, or says why it cannot be had; tfjs by default. */
  readonly substitute?: () => Promise<Backend | string>;
  /** Takes word of each program that runs there. */
  readonly onWarning?: (text: string) => void;
  /** Takes word of each run there. */
  readonly onElsewhere?: (program: Elsewhere) => void;
}

/** Opens the backend, or says why it cannot be had. */
export async function openWebGpu(
  reason: string,
  options: WebGpuOptions = {},
): Promise<WebGpuBackend | string> {
  const { layout, onElsewhere, onWarning, substitute } = options;
  const opened = await openGpu(options);
  if ("missing" in opened) return opened.missing;
  const { gpu } = opened;
  const open = substitute ?? (() => openTfjs("webgpu has no kernels for a program"));
  return new WebGpuBackend(gpu, {
    reason,
    layout: layout ?? LAYOUTS[kindOf(gpu)],
    substitute: new Substitute({ open, onElsewhere, onWarning }),
  });
}

function kindOf({ software }: Gpu): Kind {
  return software ? "software" : "hardware";
}

/** A layout with no more invocations in a workgroup than a GPU takes. */
function withinLimits(layout: Layout, { limits }: Gpu): Layout {
  const most = powerBelow(limits.invocations);
  const { whole } = layout;
  return {
    ...layout,
    lanes: Math.min(layout.lanes, most),
    whole: whole === null ? null : { ...whole, lanes: Math.min(whole.lanes, most) },
  };
}

/** The greatest power of two that is not greater. */
function powerBelow(n: number): number {
  return 2 ** Math.floor(Math.log2(n));
}

/** Programs compiled to kernels of WGSL. */
export class WebGpuBackend implements Backend {
  readonly name = "webgpu";
  readonly wholeSolves = true;
  readonly resident: Resident;
  readonly identity: string;
  /** Which of the two runs a program depends on the program, what it is handed and the GPU's limits, so both are named. */
  readonly engine: string = `pushforward ${REVISION}, else tfjs ${TFJS_VERSION}`;
  readonly instructionSet: string;
  readonly reason: string;
  /** What it runs on. */
  readonly gpu: Gpu;
  readonly #shared: Shared;
  readonly #substitute: Substitute;
  readonly #loaded = new Set<Executable | Tiled>();
  #closed = false;

  constructor(gpu: Gpu, { reason, layout, substitute }: {
    readonly reason: string;
    readonly layout: Layout;
    readonly substitute: Substitute;
  }) {
    this.gpu = gpu;
    this.#substitute = substitute;
    this.reason = reason;
    // What a program is handed and what is fixed of it lie in one buffer: half of it is for two tables.
    this.resident = { bytes: gpu.limits.bindingBytes / 4, ...TRAINING[kindOf(gpu)] };
    this.instructionSet = gpu.name;
    const { bindingBytes, storageBuffers, workgroupBytes, invocations, workgroups } = gpu.limits;
    // Kernels are made for these, and beyond them a program runs on the other engine.
    const limits = [bindingBytes, storageBuffers, workgroupBytes, invocations, workgroups];
    this.identity = `webgpu ${this.engine} ${gpu.name}, limits ${limits.join(" ")}`;
    this.#shared = {
      gpu,
      pipelines: new Pipelines(gpu.device),
      settings: {
        layout: withinLimits(layout, gpu),
        mostWords: Math.floor(gpu.limits.bindingBytes / WORD),
        mostBindings: gpu.limits.storageBuffers,
        mostShared: gpu.limits.workgroupBytes,
        mostWorkgroups: gpu.limits.workgroups,
      },
      pace: { mostWork: MOST_WORK[kindOf(gpu)] },
    };
  }

  get elsewhere(): readonly Elsewhere[] {
    return this.#substitute.ran;
  }

  describe(): string {
    return `webgpu: ${this.gpu.name}${this.gpu.software ? ", in software" : ""}`;
  }

  // deno-lint-ignore require-await -- errors reach the caller as rejections
  async load(program: Program, options: LoadOptions = {}): Promise<Executable> {
    const executable = this.#covered(this.#open(program, options), program, options);
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
    const kernels = this.#open(program, options);
    const executable = this.#covered(kernels, program, options);
    const { doublings } = this.#shared.settings.layout;
    const tiles = new GpuTiled(program, { kernels, executable }, { rows, tile, doublings });
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
    await this.#substitute.close();
    this.gpu.device.destroy();
  }

  /** Kernels with what stands in where they do not cover the program. */
  #covered(kernels: GpuExecutable, program: Program, options: LoadOptions): CoveredExecutable {
    const elsewhere = (error: UncoveredError) => this.#substitute.load(program, options, error);
    return new CoveredExecutable({ name: program.name, kernels, elsewhere });
  }

  #open(program: Program, options: LoadOptions): GpuExecutable {
    if (this.#closed) {
      throw new Error(`Cannot load ${program.name} as the backend was closed`);
    }
    return new GpuExecutable(this.#shared, program, options);
  }
}
