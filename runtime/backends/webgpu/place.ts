import type { DType } from "../../../graph/mod.ts";

/** What the words of a buffer are: reals, or integers and truth values (0 and 1). */
export type WordType = "f32" | "i32";

/** What words hold elements of a dtype. */
export const WORDS: { readonly [K in DType]: WordType } = { f32: "f32", i32: "i32", bool: "i32" };

/** Two buffers that take turns: one is read while the other is written. */
export interface Pair {
  /** Which of the two is read now. */
  turn: 0 | 1;
}

/** Memory that is one buffer to kernels, in which many tensors lie. */
export interface Arena {
  /** As kernels call it; unique within a plan. */
  readonly name: string;
  readonly type: WordType;
  /** Words that are taken so far. */
  size: number;
  /** Of an arena that is one of two that take turns: the pair, and whether it is the one read or written. */
  readonly turns: { readonly pair: Pair; readonly side: "read" | "written" } | null;
}

/** Where a tensor lies. */
export interface Place {
  readonly arena: Arena;
  /** Words before it. */
  readonly offset: number;
  /** Elements. */
  readonly length: number;
  readonly dtype: DType;
  /** Of a row that an iteration writes: the loop's level, whose index counts rows of `length`. */
  readonly level: number | null;
}

/** Places begin at multiples of this many words, so that any of them may be bound, copied and read by fours. */
const ALIGNMENT = 64;

/** Words that a tensor takes up, with what keeps the next one aligned. */
export function roomFor(length: number): number {
  return Math.ceil(Math.max(1, length) / ALIGNMENT) * ALIGNMENT;
}

/** An arena that is empty. */
export function arenaOf(name: string, type: WordType, turns: Arena["turns"] = null): Arena {
  return { name, type, size: 0, turns };
}

/** The next free place in an arena that only grows. */
export function take(arena: Arena, length: number, dtype: DType): Place {
  const offset = arena.size;
  arena.size += roomFor(length);
  return { arena, offset, length, dtype, level: null };
}

/** The same place, as the words that lie there. */
export function asWords(place: Place): Place {
  return { ...place, dtype: WORDS[place.dtype] };
}
