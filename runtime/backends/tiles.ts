import type { Expression, Program } from "../../graph/mod.ts";
import type { RunTensor, RunTensors, Tiled } from "./backend.ts";

/** What runs tiles: a session here or in a worker. */
export interface Lane {
  /** Tiles it takes at a time, from which it does one after the other. */
  readonly ahead: number;
  run(inputs: RunTensors): Promise<Record<string, RunTensor>>;
  close(): Promise<void>;
}

/** Where tiles are run. */
export interface Lanes {
  /**
   * The lane that is there from the start. It leaves the tiles to the others once all of them are open: it blocks
   * this thread, which then neither hands out tiles nor shows progress nor hears signals.
   */
  readonly first: Lane;
  /** How many other lanes there may be. */
  readonly more: number;
  /** Opens one of them, from index 0 on, each once, when a run is long enough to gain by it. */
  open(index: number): Promise<Lane>;
}

/** Tiles of a run from which more lanes are opened; starting a worker takes some 0.1 s, in which the first lane works. */
const MANY = 4;

/** One run: which tile is next, and how many are left. */
interface Job {
  readonly inputs: RunTensors;
  readonly outputs: Record<string, RunTensor>;
  readonly total: number;
  next: number;
  left: number;
  readonly finished: PromiseWithResolvers<void>;
}

/**
 * A program over rows, run a tile at a time by several lanes. Inputs whose first axis is not the rows are
 * handed to every tile as they are.
 */
export class TiledProgram implements Tiled {
  readonly #program: Program;
  readonly #tile: number;
  readonly #cut: ReadonlySet<string>;
  readonly #options: Lanes;
  /** Lanes that are open, the first one last: the others have their tiles before it blocks this thread. */
  readonly #lanes: Lane[];
  readonly #jobs = new Set<Job>();
  #asked = 0;
  #closed = false;

  constructor(
    program: Program,
    { rows, tile }: { readonly rows: string; readonly tile: number },
    lanes: Lanes,
  ) {
    this.#program = program;
    this.#tile = tile;
    this.#cut = new Set(program.inputs.filter((x) => x.shape[0] === rows).map(nameOf));
    this.#options = lanes;
    this.#lanes = [lanes.first];
  }

  async run(inputs: RunTensors): Promise<Record<string, RunTensor>> {
    if (this.#closed) throw this.#closedError();
    const total = countRows(this.#program, inputs, this.#cut);
    if (total === 0) return emptyOutputs(this.#program);
    const left = Math.ceil(total / this.#tile);
    const finished = Promise.withResolvers<void>();
    const job: Job = { inputs, outputs: {}, total, next: 0, left, finished };
    this.#jobs.add(job);
    for (const lane of this.#lanes) this.#attend(lane, job);
    if (left >= MANY) this.#grow(left);
    try {
      await finished.promise;
    } finally {
      this.#jobs.delete(job);
    }
    return job.outputs;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#jobs) fail(job, this.#closedError());
    await Promise.all(this.#lanes.splice(0).map((lane) => lane.close()));
  }

  #closedError(): Error {
    return new Error(`Cannot run ${this.#program.name} as it was closed`);
  }

  /** Opens as many lanes as a run of so many tiles can use; they join the runs under way. */
  #grow(tiles: number): void {
    const wanted = Math.min(this.#options.more, tiles - 1);
    while (this.#asked < wanted) this.#open(this.#asked++);
  }

  async #open(index: number): Promise<void> {
    const lane = await this.#options.open(index).catch(() => null);
    if (lane === null) return; // the lanes that are there do all
    if (this.#closed) return await lane.close();
    this.#lanes.unshift(lane);
    for (const job of this.#jobs) this.#attend(lane, job);
  }

  /** Whether the first lane may leave all tiles to the others. */
  #allOpen(): boolean {
    const { more } = this.#options;
    return more > 0 && this.#lanes.length === more + 1;
  }

  /** Gives a lane as many tiles of a run at a time as it takes, until none is left. */
  #attend(lane: Lane, job: Job): void {
    for (let i = 0; i < lane.ahead; i++) this.#follow(lane, job, i > 0);
  }

  async #follow(lane: Lane, job: Job, ahead: boolean): Promise<void> {
    try {
      while (job.next < job.total) {
        // The last tiles are for lanes that have nothing to do.
        if (ahead && job.total - job.next <= this.#lanes.length * this.#tile) return;
        if (lane === this.#options.first && this.#allOpen()) return;
        const from = job.next;
        job.next += this.#tile;
        const span = { from, to: Math.min(job.total, from + this.#tile), tile: this.#tile };
        const part = await lane.run(tileOf(job.inputs, this.#cut, span));
        place(job.outputs, part, { ...span, total: job.total });
        if (--job.left === 0) job.finished.resolve();
      }
    } catch (error) {
      fail(job, error);
    }
  }
}

/** @throws {TypeError} If an output has no rows, or has them on another axis than the first. */
export function checkTiled(program: Program, rows: string): void {
  for (const [name, { shape }] of Object.entries(program.outputs)) {
    if (shape[0] === rows && shape.lastIndexOf(rows) === 0) continue;
    throw new TypeError(
      `Cannot run ${program.name} in tiles as outputs have rows on their first axis alone: ${name} is [${shape}]`,
    );
  }
}

/** Ends a run: no more of its tiles are taken. */
function fail(job: Job, error: unknown): void {
  job.next = job.total;
  job.finished.reject(error);
}

function emptyOutputs(program: Program): Record<string, RunTensor> {
  const outputs = Object.entries(program.outputs).map(([name, { dtype, shape }]) => {
    const sizes = shape.map((dim) => typeof dim === "number" ? dim : 0);
    return [name, { data: new ARRAYS[dtype](0), shape: sizes }] as const;
  });
  return Object.fromEntries(outputs);
}

const ARRAYS = { f32: Float32Array, i32: Int32Array, bool: Uint8Array } as const;

function nameOf(input: Expression): string {
  return (input.attributes as { readonly name: string }).name;
}

function countRows(program: Program, inputs: RunTensors, cut: ReadonlySet<string>): number {
  const counts = [...cut].map((name) => inputs[name]?.shape[0]);
  if (counts.length > 0 && counts.every((n) => n !== undefined && n === counts[0])) {
    return counts[0]!;
  }
  throw new RangeError(
    `Cannot run ${program.name} in tiles as all of ${
      [...cut].join(", ")
    } must have as many rows: found ${counts.map((n) => n ?? "none").join(", ")}`,
  );
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly tile: number;
}

/** The rows of a tile; the last tile is filled up with copies of its last row, which stay in the data's range. */
function tileOf(
  inputs: RunTensors,
  cut: ReadonlySet<string>,
  { from, to, tile }: Span,
): RunTensors {
  const part: Record<string, RunTensor> = {};
  for (const [name, tensor] of Object.entries(inputs)) {
    if (!cut.has(name)) {
      part[name] = tensor;
      continue;
    }
    const { data, shape } = tensor;
    const width = shape.slice(1).reduce((a, b) => a * b, 1);
    // A copy, not a view: what is posted to a worker is copied with all of its buffer.
    const rows = emptyLike(data, tile * width);
    const seen = (to - from) * width;
    rows.set(data.subarray(from * width, to * width));
    for (let i = to - from; i < tile; i++) rows.copyWithin(i * width, seen - width, seen);
    part[name] = { data: rows, shape: [tile, ...shape.slice(1)] };
  }
  return part;
}

function place(
  outputs: Record<string, RunTensor>,
  part: Readonly<Record<string, RunTensor>>,
  { from, to, tile, total }: Span & { readonly total: number },
): void {
  for (const [name, { data, shape }] of Object.entries(part)) {
    const width = data.length / tile;
    outputs[name] ??= { data: emptyLike(data, total * width), shape: [total, ...shape.slice(1)] };
    outputs[name].data.set(data.subarray(0, (to - from) * width), from * width);
  }
}

function emptyLike(data: RunTensor["data"], length: number): RunTensor["data"] {
  if (data instanceof Float32Array) return new Float32Array(length);
  return data instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}
