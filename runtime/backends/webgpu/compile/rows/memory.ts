import type { DType } from "../../../../../graph/mod.ts";
import { type Place, WORDS, type WordType } from "../../place.ts";
import type { TileBindings, Words } from "./bindings.ts";

/** What must lie in workgroup memory from one step of a block to another. */
export interface Wanted {
  readonly length: number;
  readonly dtype: DType;
  readonly from: number;
  readonly to: number;
  /** Places that may be overwritten although they are read in the first step. */
  readonly over?: readonly Place[];
  /** Whether an element may then lie only where the one of the same number lay. */
  readonly exactly?: boolean;
}

interface Span extends Wanted {
  readonly place: { -readonly [K in keyof Place]: Place[K] };
}

/** Words between places, so that they can be read by fours. */
const ALIGNMENT = 4;

/** Workgroup memory of a block: places are taken again once nobody reads them any more. */
export class TileMemory {
  readonly #bindings: TileBindings;
  readonly #start: Words;
  readonly #spans: Span[] = [];

  /** @param start Words that the blocks around need meanwhile. */
  constructor(bindings: TileBindings, start: Words) {
    this.#bindings = bindings;
    this.#start = start;
  }

  /** A place, whose offset is known once all is settled. */
  take(wanted: Wanted): Place {
    const { length, dtype } = wanted;
    const arena = this.#bindings.tile[WORDS[dtype]];
    const place = { arena, offset: 0, length, dtype, level: null };
    this.#spans.push({ ...wanted, place });
    return place;
  }

  /**
   * Decides where everything lies: at the start what outlasts one of these steps, in which the memory after it serves a
   * loop, then the largest first, each in the first gap.
   */
  settle(loops: readonly number[] = []): void {
    const outlasts = ({ from, to }: Span): boolean => loops.some((at) => from <= at && at <= to);
    const order = [...this.#spans].sort((a, b) =>
      Number(outlasts(b)) - Number(outlasts(a)) || b.length - a.length
    );
    order.forEach((span, i) => {
      const others = order.slice(0, i).filter((other) =>
        other.place.arena === span.place.arena && meet(span, other)
      );
      const { place } = span;
      const offsets = others.flatMap((other) => [other.place.offset, endOf(other.place)]);
      place.offset = [this.#start[place.arena.type], ...offsets]
        .sort((a, b) => a - b)
        .find((offset) => others.every((other) => fits(span, offset, other)))!;
      place.arena.size = Math.max(place.arena.size, endOf(place));
    });
  }

  /** Where what is there in a step ends. */
  endAt(step: number): Words {
    const end = (type: WordType): number =>
      this.#spans.reduce((most, { place, from, to }) => {
        const there = place.arena.type === type && from <= step && step <= to;
        return there ? Math.max(most, endOf(place)) : most;
      }, this.#start[type]);
    return { f32: end("f32"), i32: end("i32") };
  }
}

/** Whether two are there in one step. */
function meet(a: Span, b: Span): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/** Whether something can lie at an offset beside another. */
function fits(span: Span, offset: number, other: Span): boolean {
  const { place } = span;
  const apart = offset >= endOf(other.place) ||
    endOf({ ...place, offset }) <= other.place.offset;
  if (apart) return true;
  const [first, next] = span.from < other.from ? [span, other] : [other, span];
  if (next.from !== first.to || !(next.over ?? []).includes(first.place)) return false;
  return !next.exactly || (offset === other.place.offset && place.length === other.place.length);
}

function endOf({ offset, length }: Pick<Place, "offset" | "length">): number {
  return Math.ceil((offset + Math.max(1, length)) / ALIGNMENT) * ALIGNMENT;
}
