import type { DispatchStep } from "../plan.ts";
import { firstLine } from "../device.ts";
import { compileError } from "../errors.ts";

/** A kernel that is ready. */
export interface Kernel {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** The kernels of a device: the same text is compiled once. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #kernels = new Map<string, Promise<Kernel>>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Kernels compiled so far. */
  get size(): number {
    return this.#kernels.size;
  }

  /** @throws {GpuError} If the driver does not compile it. */
  get(step: DispatchStep, program: string): Promise<Kernel> {
    let kernel = this.#kernels.get(step.code);
    if (kernel === undefined) {
      kernel = this.#compile(step, program);
      this.#kernels.set(step.code, kernel);
      kernel.catch(() => this.#kernels.delete(step.code));
    }
    return kernel;
  }

  async #compile(step: DispatchStep, program: string): Promise<Kernel> {
    const device = this.#device;
    device.pushErrorScope("validation");
    const module = device.createShaderModule({ code: step.code });
    const layout = device.createBindGroupLayout({ entries: entriesOf(step) });
    const making = device.createComputePipelineAsync({
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: "main" },
    });
    // At once, so that kernels that are made side by side keep their errors apart.
    const refusing = device.popErrorScope();
    let pipeline: GPUComputePipeline | null = null;
    let problem: string | null = null;
    try {
      pipeline = await making;
    } catch (error) {
      problem = firstLine(error);
    }
    const refused = await refusing;
    if (refused !== null) problem = firstLine(refused.message);
    if (problem === null && pipeline !== null) return { pipeline, layout };
    const { messages } = await module.getCompilationInfo();
    const [first] = messages.filter(({ type }) => type === "error");
    throw compileError(
      program,
      step.title,
      first === undefined ? problem! : `line ${first.lineNum}: ${firstLine(first.message)}`,
    );
  }
}

function entriesOf({ frame, bindings }: DispatchStep): GPUBindGroupLayoutEntry[] {
  const entries: GPUBindGroupLayoutEntry[] = frame
    ? [{
      binding: 0,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: "uniform", hasDynamicOffset: true, minBindingSize: 32 },
    }]
    : [];
  bindings.forEach(({ access }, i) => {
    entries.push({
      binding: i + Number(frame),
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: access === "read" ? "read-only-storage" : "storage" },
    });
  });
  return entries;
}
