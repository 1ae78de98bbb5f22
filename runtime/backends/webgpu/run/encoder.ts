/** Commands on their way to the device: dispatches, copies, the indices of loops, and cuts into submissions. */
import type { Place } from "../place.ts";
import type { DispatchStep } from "../plan.ts";
import { type Buffers, WORD } from "./buffers.ts";
import type { Kernel } from "./pipelines.ts";

/** Bytes between the indices that two dispatches see; a multiple of every device's alignment. */
const SLOT = 256;
/** Sets of indices in a submission at most. */
const SLOTS = 1024;
/** Dispatches in a submission at most: the device begins with them while the next are encoded. */
const MOST_DISPATCHES = 512;

/** Submissions that the device is behind at most, where a run may have to stop. */
const MOST_BEHIND = 2;

/** What ends a submission early. */
export interface Pace {
  /** Operations in a submission at most, so that no submission lasts as long as a desktop's watchdog waits. */
  readonly mostWork: number;
}

/** Encodes commands for one executable. */
export class Encoder {
  readonly #device: GPUDevice;
  readonly #buffers: Buffers;
  readonly #kernels: ReadonlyMap<DispatchStep, Kernel>;
  readonly #pace: Pace;
  readonly #frames: GPUBuffer;
  readonly #staged = new Int32Array(SLOTS * SLOT / WORD);
  readonly #groups: Groups;
  readonly #at = new Int32Array(8);
  #slot = -1;
  #slots = 0;
  #commands: GPUCommandEncoder | null = null;
  #pass: GPUComputePassEncoder | null = null;
  #dispatches = 0;
  #work = 0;
  #awaited = 0;
  /** Dispatches encoded so far, and submissions made. */
  readonly counts: { dispatches: number; submissions: number } = { dispatches: 0, submissions: 0 };

  constructor(options: {
    readonly device: GPUDevice;
    readonly buffers: Buffers;
    readonly kernels: ReadonlyMap<DispatchStep, Kernel>;
    readonly pace: Pace;
    /** A buffer made by {@linkcode frameBuffer}. */
    readonly frames: GPUBuffer;
    /** Groups of buffers that were bound before. */
    readonly groups: Groups;
  }) {
    this.#device = options.device;
    this.#buffers = options.buffers;
    this.#kernels = options.kernels;
    this.#pace = options.pace;
    this.#frames = options.frames;
    this.#groups = options.groups;
  }

  /** Sets the index of the loop at a level. */
  setIndex(level: number, index: number): void {
    this.#at[level] = index;
    this.#slot = -1;
  }

  /**
   * Encodes a dispatch.
   *
   * @param part The workgroups of it that are wanted this time, and the operations that they take, roughly.
   */
  dispatch(step: DispatchStep, part: Pick<DispatchStep, "workgroups" | "work"> = step): void {
    const { workgroups, work } = part;
    const { pipeline, layout } = this.#kernels.get(step)!;
    if (this.#dispatches >= MOST_DISPATCHES || this.#work + work > this.#pace.mostWork) {
      this.submit();
    }
    const offset = step.frame ? this.#frame() : -1;
    this.#pass ??= this.#encoder().beginComputePass();
    this.#pass.setPipeline(pipeline);
    const group = this.#group(step, layout);
    if (offset >= 0) this.#pass.setBindGroup(0, group, [offset]);
    else this.#pass.setBindGroup(0, group);
    const across = Math.min(workgroups, step.across ?? workgroups);
    this.#pass.dispatchWorkgroups(across, Math.ceil(workgroups / across));
    this.#dispatches++;
    this.#work += work;
    this.counts.dispatches++;
  }

  /** Copies tensors of the same length; neighbours in both arenas are one copy. */
  copyAll(copies: readonly { readonly from: Place; readonly to: Place }[]): void {
    let open:
      | { from: GPUBuffer; to: GPUBuffer; start: number; target: number; size: number }
      | null = null;
    const flush = (): void => {
      if (open !== null) {
        this.copy(open.from, open.start, open.to, open.target, open.size);
      }
      open = null;
    };
    for (const { from, to } of copies) {
      if (from.length === 0) continue;
      const [source, target] = [this.#buffers.of(from.arena), this.#buffers.of(to.arena)];
      if (
        open !== null && open.from === source && open.to === target &&
        from.offset - open.start === to.offset - open.target && from.offset >= open.start
      ) {
        open.size = from.offset - open.start + from.length;
        continue;
      }
      flush();
      open = {
        from: source,
        to: target,
        start: from.offset,
        target: to.offset,
        size: from.length,
      };
    }
    flush();
  }

  /** Copies words from one buffer to another. */
  copy(from: GPUBuffer, start: number, to: GPUBuffer, target: number, words: number): void {
    if (words === 0) return;
    this.#endPass();
    this.#encoder().copyBufferToBuffer(from, start * WORD, to, target * WORD, words * WORD);
  }

  /** Hands what was encoded to the device. */
  submit(): void {
    this.#endPass();
    if (this.#slots > 0) {
      this.#device.queue.writeBuffer(this.#frames, 0, this.#staged, 0, this.#slots * SLOT / WORD);
    }
    if (this.#commands !== null) {
      this.#device.queue.submit([this.#commands.finish()]);
      this.counts.submissions++;
    }
    this.#commands = null;
    this.#slots = 0;
    this.#slot = -1;
    this.#dispatches = 0;
    this.#work = 0;
  }

  /** Waits for the device where it is some submissions behind, so that who wants to stop is heard before all is handed in. */
  async keepUp(): Promise<void> {
    const { submissions } = this.counts;
    if (submissions - this.#awaited < MOST_BEHIND) return;
    this.#awaited = submissions;
    await this.#device.queue.onSubmittedWorkDone();
  }

  #encoder(): GPUCommandEncoder {
    return this.#commands ??= this.#device.createCommandEncoder();
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = null;
  }

  /** Where the present indices lie. */
  #frame(): number {
    if (this.#slot < 0) {
      if (this.#slots === SLOTS) this.submit();
      this.#slot = this.#slots++;
      this.#staged.set(this.#at, this.#slot * SLOT / WORD);
    }
    return this.#slot * SLOT;
  }

  #group(step: DispatchStep, layout: GPUBindGroupLayout): GPUBindGroup {
    const { bindings, frame } = step;
    let made = this.#groups.get(step);
    if (made === undefined) this.#groups.set(step, made = []);
    for (const { buffers, group } of made) {
      if (buffers.every((buffer, i) => buffer === this.#buffers.of(bindings[i].arena))) {
        return group;
      }
    }
    const buffers = bindings.map(({ arena }) => this.#buffers.of(arena));
    const entries: GPUBindGroupEntry[] = frame
      ? [{ binding: 0, resource: { buffer: this.#frames, size: 32 } }]
      : [];
    buffers.forEach((buffer, i) =>
      entries.push({ binding: i + Number(frame), resource: { buffer } })
    );
    const group = this.#device.createBindGroup({ layout, entries });
    made.unshift({ buffers, group });
    if (made.length > MOST_GROUPS) made.pop();
    return group;
  }
}

/** Buffers that a dispatch was bound to, latest first: few, since states take turns in two. */
export type Groups = Map<
  DispatchStep,
  { readonly buffers: readonly GPUBuffer[]; readonly group: GPUBindGroup }[]
>;

/** Groups of buffers that are remembered for a dispatch. */
const MOST_GROUPS = 8;

/** A buffer for the indices of loops. */
export function frameBuffer(device: GPUDevice): GPUBuffer {
  return device.createBuffer({
    size: SLOTS * SLOT,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
}
