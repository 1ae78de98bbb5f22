import { type Arena, arenaOf, type Place, WORDS, type WordType } from "../../place.ts";
import { Bindings } from "../../wgsl/emitter.ts";
import { product, sum } from "../../wgsl/index.ts";

/** Words of each type. */
export type Words = { readonly [K in WordType]: number };

/**
 * What a kernel over rows binds, and the workgroup memory in which it keeps what belongs to its tile.
 *
 * A tensor of all rows lies in an arena of its own kind: as many words for each row before it as `offset` says, `room`
 * times over, so that the text of the kernel is the same for any number of rows.
 */
export class TileBindings extends Bindings {
  /** Workgroup memory. */
  readonly tile: { readonly [K in WordType]: Arena } = {
    f32: arenaOf("tile", "f32"),
    i32: arenaOf("tilei", "i32"),
  };
  /** Tensors of all rows. */
  readonly all: { readonly [K in WordType]: Arena };

  /** @param rows Rows in a tile. */
  constructor(readonly rows: number) {
    const all = { f32: arenaOf("rows", "f32"), i32: arenaOf("rowsi", "i32") };
    super(new Set([all.f32, all.i32]));
    this.all = all;
  }

  /** Bytes of workgroup memory, with the word by which all follow one. */
  get sharedBytes(): number {
    return 4 * (this.tile.f32.size + this.tile.i32.size + 1);
  }

  override level(level: number): string {
    return `index${level}`;
  }

  override load(place: Place, linear: string): string {
    if (!this.#isLocal(place)) return super.load(place, linear);
    const word = this.#word(place, linear);
    return place.dtype === "bool" ? `(${word} != 0i)` : word;
  }

  override loadFour(place: Place, fours: string): string {
    if (!this.#isLocal(place)) return super.loadFour(place, fours);
    return `tile[${sum(`${place.offset / 4}u`, fours)}]`;
  }

  override store(place: Place, linear: string, value: string): string {
    const word = place.dtype === "bool" ? `select(0i, 1i, ${value})` : value;
    if (this.#isLocal(place)) return `${this.#word(place, linear)} = ${word};`;
    if (place.arena !== this.all[WORDS[place.dtype]]) return super.store(place, linear, value);
    const width = place.length / this.rows;
    this.written.add(place.arena);
    const at = sum(product("first", width), linear);
    return `if (${at} < ${product("total", width)}) { ${this.#ofAll(place, at)} = ${word}; }`;
  }

  /** An element of a tensor of all rows; rows beyond the last are as the last. */
  loadOfAll(place: Place, linear: string): string {
    const width = place.length / this.rows;
    this.written.add(place.arena);
    const row = `min(first + ${linear} / ${width}u, total - 1u)`;
    return this.#ofAll(place, `${product(row, width)} + ${linear} % ${width}u`);
  }

  #isLocal({ arena, dtype }: Place): boolean {
    return arena === this.tile[WORDS[dtype]];
  }

  #word({ arena, offset }: Place, linear: string): string {
    const at = sum(`${offset}u`, linear);
    return arena.type === "f32" ? `tile[${at} >> 2u][${at} & 3u]` : `tilei[${at}]`;
  }

  #ofAll({ arena, offset }: Place, at: string): string {
    return `${arena.name}[${sum(product("room", offset), at)}]`;
  }
}
