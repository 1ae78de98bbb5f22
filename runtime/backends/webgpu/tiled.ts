/** Programs over rows on a GPU: few large tiles, since a GPU is idle in small ones. */
import type { Expression, Program } from "../../../graph/mod.ts";
import type { RunTensor, RunTensors, Tiled } from "../backend.ts";
import { TiledProgram } from "../tiles.ts";
import type { CoveredExecutable } from "./covered.ts";
import { closedError, UncoveredError } from "./errors.ts";
import type { GpuExecutable } from "./executable.ts";
import { nameOf } from "./compile/program.ts";

/** What is run in tiles. */
export interface GpuTiledOptions {
  /** The size that counts rows. */
  readonly rows: string;
  /** Rows of the smallest tile. */
  readonly tile: number;
  /** How often tiles may double: so many kinds of them are compiled at most, each when it is first needed. */
  readonly doublings: number;
}

/** Rows are cut into tiles of the least size and its doubles, the largest first, so that few rows are padding. */
export class GpuTiled implements Tiled {
  readonly #tiles: readonly { readonly rows: number; readonly program: TiledProgram }[];
  readonly #cut: ReadonlySet<string>;
  readonly #kernels: GpuExecutable;
  readonly #executable: CoveredExecutable;
  readonly #program: Program;
  readonly #runs = new Set<PromiseWithResolvers<Record<string, RunTensor>>>();
  #closed = false;

  /** Tiles larger than the least run by kernels alone: those may be too large for these, and the least not. */
  constructor(
    program: Program,
    { kernels, executable }: {
      readonly kernels: GpuExecutable;
      readonly executable: CoveredExecutable;
    },
    options: GpuTiledOptions,
  ) {
    const { rows, tile, doublings } = options;
    this.#program = program;
    this.#kernels = kernels;
    this.#executable = executable;
    this.#cut = new Set(program.inputs.filter((x: Expression) => x.shape[0] === rows).map(nameOf));
    this.#tiles = Array.from({ length: doublings + 1 }, (_, i) => {
      const own = tile * 2 ** (doublings - i);
      const runs = i === doublings ? executable : kernels;
      const first = {
        ahead: 1,
        run: (inputs: RunTensors) => runs.run(inputs),
        close: () => Promise.resolve(),
      };
      const lanes = { first, more: 0, open: () => Promise.reject(new Error("There is one GPU")) };
      return { rows: own, program: new TiledProgram(program, { rows, tile: own }, lanes) };
    });
  }

  async run(inputs: RunTensors): Promise<Record<string, RunTensor>> {
    if (this.#closed) throw closedError(this.#program);
    const run = Promise.withResolvers<Record<string, RunTensor>>();
    this.#runs.add(run);
    this.#run(inputs).then(run.resolve, run.reject);
    try {
      return await run.promise;
    } finally {
      this.#runs.delete(run);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#runs) reject(closedError(this.#program));
    this.#kernels.stop();
    await Promise.all(this.#tiles.map(({ program }) => program.close()));
    await this.#executable.close();
  }

  async #run(inputs: RunTensors): Promise<Record<string, RunTensor>> {
    const counts = new Set([...this.#cut].map((name) => inputs[name]?.shape[0]));
    const [total] = counts;
    const last = this.#tiles.length - 1;
    if (counts.size !== 1 || total === undefined) {
      return await this.#tiles[last].program.run(inputs); // it says why not
    }
    if (this.#kernels.takesAllRows(inputs)) return await this.#executable.run(inputs);
    const parts: Record<string, RunTensor>[] = [];
    let from = 0;
    for (const [i, { rows, program }] of this.#tiles.entries()) {
      const left = total - from;
      const to = i === last ? total : from + Math.floor(left / rows) * rows;
      if (to === from && !(i === last && parts.length === 0)) continue;
      try {
        parts.push(await program.run(to - from === total ? inputs : this.#rows(inputs, from, to)));
      } catch (error) {
        if (error instanceof UncoveredError && i < last) continue; // smaller tiles may be covered
        throw error;
      }
      from = to;
    }
    return parts.length === 1 ? parts[0] : joined(parts);
  }

  #rows(inputs: RunTensors, from: number, to: number): RunTensors {
    return Object.fromEntries(
      Object.entries(inputs).map(([name, tensor]) => {
        if (!this.#cut.has(name)) return [name, tensor];
        const { data, shape } = tensor;
        const width = shape.slice(1).reduce((a, b) => a * b, 1);
        const part = {
          data: data.subarray(from * width, to * width),
          shape: [to - from, ...shape.slice(1)],
        };
        return [name, part];
      }),
    );
  }
}

/** Rows one after the other. */
function joined(parts: readonly Record<string, RunTensor>[]): Record<string, RunTensor> {
  return Object.fromEntries(
    Object.entries(parts[0]).map(([name, { data, shape }]) => {
      const all = parts.map((part) => part[name]);
      const rows = all.reduce((n, part) => n + part.shape[0], 0);
      const length = all.reduce((n, part) => n + part.data.length, 0);
      const whole = new (data.constructor as new (length: number) => RunTensor["data"])(length);
      let at = 0;
      for (const part of all) {
        whole.set(part.data, at);
        at += part.data.length;
      }
      return [name, { data: whole, shape: [rows, ...shape.slice(1)] }];
    }),
  );
}
