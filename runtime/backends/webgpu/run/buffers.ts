import type { Arena } from "../place.ts";
import type { Filled } from "../plan.ts";

/** Bytes of a word. */
export const WORD = 4;

/** The buffers behind arenas: one for each, or two that take turns. */
export class Buffers {
  readonly #device: GPUDevice;
  readonly #outer: Buffers | null;
  readonly #buffers = new Map<Arena, GPUBuffer>();
  readonly #pairs = new Map<object, Map<string, readonly [GPUBuffer, GPUBuffer]>>();
  #bytes = 0;

  /** @param outer Buffers that others own: an arena that is theirs is not made again. */
  constructor(device: GPUDevice, outer: Buffers | null = null) {
    this.#device = device;
    this.#outer = outer;
  }

  /** Bytes taken. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Makes the buffers of arenas; those that take turns are as large as the larger. */
  add(arenas: Iterable<Arena>): void {
    for (const arena of arenas) {
      if (this.#outer?.has(arena)) continue;
      if (arena.turns === null) {
        if (!this.#buffers.has(arena)) this.#buffers.set(arena, this.#make(arena.size));
        continue;
      }
      const { pair } = arena.turns;
      let own = this.#pairs.get(pair);
      if (own === undefined) this.#pairs.set(pair, own = new Map());
      if (!own.has(arena.type)) {
        own.set(arena.type, [this.#make(arena.size), this.#make(arena.size)]);
      }
    }
  }

  /** Whether an arena's buffer is here. */
  has(arena: Arena): boolean {
    const { turns, type } = arena;
    return turns === null
      ? this.#buffers.has(arena)
      : this.#pairs.get(turns.pair)?.has(type) ?? false;
  }

  /** The buffer that an arena is now. */
  of(arena: Arena): GPUBuffer {
    if (this.#outer?.has(arena)) return this.#outer.of(arena);
    const { turns, type } = arena;
    if (turns === null) return this.#buffers.get(arena)!;
    const pair = this.#pairs.get(turns.pair)!.get(type)!;
    return pair[turns.side === "read" ? turns.pair.turn : 1 - turns.pair.turn];
  }

  /** Puts a larger buffer in the place of an arena's and says which it was; null where that is large enough. */
  grow(
    arena: Arena,
    words: number,
  ): { readonly before: GPUBuffer; readonly after: GPUBuffer } | null {
    const before = this.#buffers.get(arena)!;
    if (before.size >= words * WORD) return null;
    this.#bytes -= before.size;
    const after = this.#make(words);
    this.#buffers.set(arena, after);
    return { before, after };
  }

  /** Writes what lies there from the start. */
  fill(filled: readonly Filled[]): void {
    for (const { place, data } of filled) {
      const words = place.arena.type === "f32" ? Float32Array.from(data) : Int32Array.from(data);
      if (words.length === 0) continue;
      this.#device.queue.writeBuffer(this.#buffers.get(place.arena)!, place.offset * WORD, words);
    }
  }

  /** Frees all of them. */
  destroy(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    for (const own of this.#pairs.values()) {
      for (const pair of own.values()) for (const buffer of pair) buffer.destroy();
    }
    this.#buffers.clear();
    this.#pairs.clear();
  }

  #make(words: number): GPUBuffer {
    const size = Math.max(64, words) * WORD;
    this.#bytes += size;
    const buffer = this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    return buffer;
  }
}
