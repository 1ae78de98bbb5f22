/** Where a block keeps what its kernels hand to each other: places are taken again once nobody reads them any more. */
import type { Expression } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import { type Arena, arenaOf, type Place, roomFor, WORDS, type WordType } from "../place.ts";
import { sizesOf } from "../wgsl/sizes.ts";

/** A tensor and the steps between which it must last. */
export interface Lifetime {
  readonly node: Expression;
  /** The step that makes it. */
  readonly from: number;
  /** The last step that reads it. */
  readonly to: number;
  /** What the step that makes it reads, so that it can be written elsewhere. */
  readonly beside: readonly Expression[];
}

/** Arenas of a block: several, so that a kernel rarely reads the one that it writes. */
const ARENAS = 3;

/** Takes places for tensors in the order in which they are made. */
export class Memory {
  readonly #name: string;
  readonly #most: number;
  readonly #arenas: Record<WordType, Arena[]> = { f32: [], i32: [] };
  readonly #taken = new Map<Arena, { place: Place; to: number }[]>();
  readonly #places = new Map<Expression, Place>();

  /**
   * @param name What the arenas' names begin with.
   * @param most Words in an arena at most.
   */
  constructor(name: string, most: number) {
    this.#name = name;
    this.#most = most;
  }

  /** Where a tensor lies. */
  get(node: Expression): Place | undefined {
    return this.#places.get(node);
  }

  /** Takes places; the lifetimes come in the order of `from`. */
  plan(lifetimes: readonly Lifetime[]): void {
    for (const lifetime of lifetimes) this.#places.set(lifetime.node, this.#take(lifetime));
  }

  #take({ node, from, to, beside }: Lifetime): Place {
    const type = WORDS[node.dtype];
    const length = count(sizesOf(node));
    const room = roomFor(length);
    const read = new Set(beside.map((x) => this.#places.get(x)?.arena));
    const own = this.#arenas[type];
    while (own.length < ARENAS) this.#open(type);
    const fits = own
      .map((arena) => ({ arena, offset: this.#gap(arena, room, from) }))
      .filter(({ offset }) => offset + room <= this.#most);
    const free = fits.filter(({ arena }) => !read.has(arena));
    const growth = ({ arena, offset }: { arena: Arena; offset: number }): number =>
      Math.max(0, offset + room - arena.size);
    const choices = free.length > 0 ? free : fits;
    const [best] = choices.length > 0
      ? choices.sort((a, b) => growth(a) - growth(b))
      : [{ arena: this.#open(type), offset: 0 }];
    const place: Place = { ...best, length, dtype: node.dtype, level: null };
    best.arena.size = Math.max(best.arena.size, best.offset + room);
    this.#taken.get(best.arena)!.push({ place, to });
    return place;
  }

  #open(type: WordType): Arena {
    const own = this.#arenas[type];
    const letter = own.length < 26 ? String.fromCharCode(97 + own.length) : `z${own.length}`;
    const arena = arenaOf(`${this.#name}${type === "i32" ? "i" : ""}${letter}`, type);
    own.push(arena);
    this.#taken.set(arena, []);
    return arena;
  }

  /** The first gap of that size among what is still read at a step. */
  #gap(arena: Arena, room: number, step: number): number {
    const live = this.#taken.get(arena)!.filter(({ to }) => to >= step);
    this.#taken.set(arena, live);
    live.sort((a, b) => a.place.offset - b.place.offset);
    let offset = 0;
    for (const { place } of live) {
      if (offset + room <= place.offset) return offset;
      offset = Math.max(offset, place.offset + roomFor(place.length));
    }
    return offset;
  }
}
