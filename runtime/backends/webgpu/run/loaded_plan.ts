import type { TensorLike } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import type { RunTensor, RunTensors } from "../../backend.ts";
import type { Gpu } from "../device.ts";
import { tooLarge } from "../errors.ts";
import type { DispatchStep, Plan, Step } from "../plan.ts";
import { Buffers, WORD } from "./buffers.ts";
import { Encoder, frameBuffer, type Groups, type Pace } from "./encoder.ts";
import type { Kernel, Pipelines } from "./pipelines.ts";
import { type Coming, copyAside } from "./read.ts";
import { Runner } from "./runner.ts";

/** What a run cost. */
export interface RunCounts {
  readonly dispatches: number;
  readonly submissions: number;
}

/** A plan with its buffers and kernels. */
export class LoadedPlan {
  readonly #gpu: Gpu;
  readonly #plan: Plan;
  readonly #buffers: Buffers;
  readonly #kernels: ReadonlyMap<DispatchStep, Kernel>;
  readonly #frames: GPUBuffer;
  readonly #groups: Groups = new Map();
  readonly #pace: Pace;

  private constructor(
    gpu: Gpu,
    plan: Plan,
    options: {
      readonly buffers: Buffers;
      readonly kernels: ReadonlyMap<DispatchStep, Kernel>;
      readonly pace: Pace;
    },
  ) {
    this.#gpu = gpu;
    this.#plan = plan;
    this.#buffers = options.buffers;
    this.#kernels = options.kernels;
    this.#pace = options.pace;
    this.#frames = frameBuffer(gpu.device);
  }

  /** Compiles the kernels of a plan and makes its buffers, but for those that hold its states. */
  static async load(gpu: Gpu, plan: Plan, options: {
    readonly program: string;
    readonly pipelines: Pipelines;
    readonly states: Buffers;
    readonly pace: Pace;
  }): Promise<LoadedPlan> {
    const uncovered = tooLarge(plan.arenas, gpu);
    if (uncovered !== null) throw uncovered;
    const steps = dispatchesOf(plan.steps);
    const made = await Promise.all(
      steps.map(async (step) =>
        [step, await options.pipelines.get(step, options.program)] as const
      ),
    );
    const buffers = new Buffers(gpu.device, options.states);
    buffers.add(plan.arenas);
    buffers.fill(plan.filled);
    return new LoadedPlan(gpu, plan, { buffers, kernels: new Map(made), pace: options.pace });
  }

  /** Bytes that its buffers take. */
  get bytes(): number {
    return this.#buffers.bytes;
  }

  /**
   * Hands the device the work of a run, after which states are the next ones.
   *
   * @returns Its outputs.
   */
  async start(inputs: RunTensors, { counts, signal }: {
    /** Takes what it cost. */
    readonly counts: (counts: RunCounts) => void;
    /** Ends it early, where it is a kernel over rows. */
    readonly signal: AbortSignal;
  }): Promise<Coming<Record<string, RunTensor>>> {
    const { device } = this.#gpu;
    for (const [name, place] of this.#plan.inputs) {
      const { data } = inputs[name];
      if (data.length === 0) continue;
      const words = data instanceof Uint8Array ? Int32Array.from(data) : data;
      device.queue.writeBuffer(
        this.#buffers.of(place.arena),
        place.offset * WORD,
        words as BufferSource,
      );
    }
    const encoder = new Encoder({
      device,
      buffers: this.#buffers,
      kernels: this.#kernels,
      pace: this.#pace,
      frames: this.#frames,
      groups: this.#groups,
    });
    const host: Record<string, TensorLike> = inputs;
    const runner = new Runner({
      ...{ device, buffers: this.#buffers, encoder, host, pace: this.#pace, signal },
      mostBytes: this.#gpu.limits.bindingBytes,
    });
    await runner.run(this.#plan.steps);
    encoder.submit();
    const outputs = this.#plan.outputs.map(({ shape, ...rest }) => ({
      ...rest,
      shape: shape.map((dim) => typeof dim === "number" ? dim : runner.lengths.get(dim)!),
    }));
    const coming = copyAside(
      device,
      outputs.map(({ place: { arena, offset, dtype }, shape }) => ({
        buffer: this.#buffers.of(arena),
        offset,
        length: count(shape),
        dtype,
      })),
    );
    // An output may be a state as it was.
    encoder.copyAll(this.#plan.copies);
    encoder.submit();
    counts(encoder.counts);
    const read = async (): Promise<Record<string, RunTensor>> => {
      const found = await coming.read();
      return Object.fromEntries(
        outputs.map(({ name, shape }, i) => [name, { data: found[i], shape }]),
      );
    };
    return { read, drop: coming.drop };
  }

  /** Frees its buffers. */
  destroy(): void {
    this.#buffers.destroy();
    this.#frames.destroy();
  }
}

/** Every dispatch of a plan, loops included. */
export function dispatchesOf(steps: readonly Step[]): DispatchStep[] {
  return steps.flatMap((step) => {
    switch (step.kind) {
      case "dispatch":
        return [step];
      case "rows":
        return [step.kernel];
      case "loop":
        return [...dispatchesOf(step.gate?.steps ?? []), ...dispatchesOf(step.body)];
      default:
        return step satisfies never;
    }
  });
}
