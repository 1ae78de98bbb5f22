/** Runs the steps of a plan: loops are encoded iteration after iteration, and the host waits only where it must. */
import { evaluate, type TensorLike } from "../../../../graph/mod.ts";
import type { LoopStep, Step } from "../plan.ts";
import { indexName } from "../compile/block.ts";
import { UncoveredError } from "../errors.ts";
import { type Buffers, WORD } from "./buffers.ts";
import type { Encoder, Pace } from "./encoder.ts";
import { readBack } from "./read.ts";
import { runRows } from "./rows.ts";

/** Iterations between two looks at whether a loop has ended: a few at first, then more. */
const FIRST_LOOK = 2;
const LAST_LOOK = 32;

/** What a run needs. */
export interface RunnerOptions {
  readonly device: GPUDevice;
  readonly buffers: Buffers;
  readonly encoder: Encoder;
  readonly pace: Pace;
  /** Ends a run over rows between two dispatches, with its reason. */
  readonly signal: AbortSignal;
  /** Bytes of a buffer that a kernel binds at most. */
  readonly mostBytes: number;
  /** Inputs that the host knows, by name. */
  readonly host: Readonly<Record<string, TensorLike>>;
}

/** Runs plans. */
export class Runner {
  /** The numbers of rows that loops collected, by the names of those sizes. */
  readonly lengths: Map<string, number> = new Map<string, number>();
  readonly #options: RunnerOptions;
  readonly #host: Record<string, TensorLike>;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#host = { ...options.host };
  }

  /** Encodes steps; loops whose end the device decides are waited for. */
  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      switch (step.kind) {
        case "dispatch":
          this.#options.encoder.dispatch(step);
          break;
        case "loop":
          await this.#loop(step);
          break;
        case "rows":
          await runRows(step, this.#options);
          break;
        default:
          step satisfies never;
      }
    }
  }

  async #loop(step: LoopStep): Promise<void> {
    const { encoder } = this.#options;
    const most = step.count === null ? Infinity : this.#count(step);
    encoder.copyAll(step.copies);
    const done = step.gate === null
      ? await this.#counted(step, Math.max(0, most))
      : await this.#gated(step, most);
    const { length } = step.node.attributes;
    if (typeof length === "string") this.lengths.set(length, done);
    if (step.iterations !== null) this.#write(step.iterations, done);
  }

  #count({ count }: LoopStep): number {
    return evaluate([count!], this.#host)[0].data[0];
  }

  async #counted(step: LoopStep, count: number): Promise<number> {
    this.#growRows(step, 0, count);
    for (let i = 0; i < count; i++) await this.#iterate(step, i);
    return count;
  }

  async #gated(step: LoopStep, most: number): Promise<number> {
    const { pair, rows } = step;
    const gate = step.gate!;
    if (most <= 0) return 0;
    const start = pair.turn;
    let look = FIRST_LOOK;
    let room = 0;
    const bound = this.#mostRows(step);
    for (let i = 0;;) {
      const until = Math.min(most, i + look, i < bound ? bound : Infinity);
      if (rows.length > 0 && until > room) {
        room = Math.max(until, Math.min(2 * room, bound));
        this.#growRows(step, i, room);
      }
      for (; i < until; i++) {
        this.#setIndex(step.level, i);
        await this.run(gate.steps);
        await this.run(step.body);
        pair.turn = pair.turn === 0 ? 1 : 0;
      }
      const [go, done] = await this.#readGate(step);
      if (go !== 1 || i >= most) {
        pair.turn = (start + done) % 2 === 0 ? 0 : 1;
        return done;
      }
      look = Math.min(LAST_LOOK, 2 * look);
    }
  }

  async #iterate(step: LoopStep, index: number): Promise<void> {
    this.#setIndex(step.level, index);
    await this.run(step.body);
    step.pair.turn = step.pair.turn === 0 ? 1 : 0;
  }

  #setIndex(level: number, index: number): void {
    this.#options.encoder.setIndex(level, index);
    this.#host[indexName(level)] = { data: [index], shape: [] };
  }

  async #readGate({ gate }: LoopStep): Promise<readonly [go: number, done: number]> {
    const { device, buffers, encoder } = this.#options;
    encoder.submit();
    const buffer = buffers.of(gate!.arena);
    const places = gate!.words;
    const read = await readBack(
      device,
      places.map(({ offset }) => ({ buffer, offset, length: 1, dtype: "i32" })),
    );
    return [read[0][0], read[1][0]];
  }

  /** The rows that kernels can bind. */
  #mostRows({ rows }: Pick<LoopStep, "rows">): number {
    if (rows.length === 0) return Infinity;
    return Math.floor(this.#options.mostBytes / WORD / Math.max(1, ...rows.map(({ row }) => row)));
  }

  #growRows({ rows }: LoopStep, done: number, room: number): void {
    const { buffers, encoder } = this.#options;
    const most = this.#mostRows({ rows });
    if (room > most) {
      throw new UncoveredError(
        `${most} rows of a loop, and maybe more: a kernel of this GPU binds no more`,
      );
    }
    for (const { arena, row } of rows) {
      const grown = buffers.grow(arena, room * row);
      if (grown === null) continue;
      const { before, after } = grown;
      encoder.copy(before, 0, after, 0, done * row);
      encoder.submit();
      before.destroy();
    }
  }

  #write({ arena, offset }: NonNullable<LoopStep["iterations"]>, value: number): void {
    const { device, buffers, encoder } = this.#options;
    encoder.submit();
    device.queue.writeBuffer(buffers.of(arena), offset * WORD, Int32Array.of(value));
  }
}
