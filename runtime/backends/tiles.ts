import type { Expression, Program } from "../../graph/mod.ts";
import type { RunTensor, RunTensors, Tiled, TileOptions } from "./backend.ts";

/** What runs one tile. */
export interface Lane {
  run(inputs: RunTensors): Promise<Record<string, RunTensor>>;
  close(): Promise<void>;
}

/**
 * A program over rows, run a tile at a time by several lanes. Inputs whose first axis is not the rows are
 * handed to every tile as they are.
 *
 * @throws {TypeError} If an output has no rows, or has them on another axis than the first.
 */
export function tiled(
  program: Program,
  { rows, tile }: Pick<TileOptions, "rows" | "tile">,
  lanes: readonly Lane[],
): Tiled {
  for (const [name, { shape }] of Object.entries(program.outputs)) {
    if (shape[0] === rows && shape.lastIndexOf(rows) === 0) continue;
    throw new TypeError(
      `Cannot run ${program.name} in tiles as outputs have rows on their first axis alone: ${name} is [${shape}]`,
    );
  }
  const cut = new Set(program.inputs.filter((x) => x.shape[0] === rows).map(nameOf));
  return {
    async run(inputs) {
      const total = countRows(program, inputs, cut);
      const outputs: Record<string, RunTensor> = {};
      if (total === 0) {
        for (const [name, { dtype, shape }] of Object.entries(program.outputs)) {
          const sizes = shape.map((dim) => typeof dim === "number" ? dim : 0);
          outputs[name] = { data: new ARRAYS[dtype](0), shape: sizes };
        }
      }
      let next = 0;
      const work = async (lane: Lane): Promise<void> => {
        while (next < total) {
          const from = next;
          next += tile;
          const to = Math.min(total, from + tile);
          const part = await lane.run(tileOf(inputs, cut, { from, to, tile }));
          place(outputs, part, { from, to, tile, total });
        }
      };
      await Promise.all(lanes.map(work));
      return outputs;
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
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
    const seen = data.subarray(from * width, to * width);
    let rows = seen;
    if (to - from < tile) {
      rows = emptyLike(data, tile * width);
      rows.set(seen);
      for (let i = to - from; i < tile; i++) {
        rows.copyWithin(i * width, seen.length - width, seen.length);
      }
    }
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
