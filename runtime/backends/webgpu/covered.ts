/** A program that runs by kernels at all sizes that these cover, and elsewhere at others. */
import type { Tensor } from "../../../graph/mod.ts";
import { GpuError } from "../gpu_error.ts";
import type { Executable, RunTensor, RunTensors } from "../backend.ts";
import { firstLine } from "./device.ts";
import { lostError, nowhereError, UncoveredError } from "./errors.ts";
import type { GpuExecutable } from "./executable.ts";

/** What a program runs on. */
export interface CoveredOptions {
  /** The program's name. */
  readonly name: string;
  readonly kernels: GpuExecutable;
  /** Loads it elsewhere, once. */
  readonly elsewhere: (error: UncoveredError) => Promise<Executable>;
}

/** Kernels, and what stands in for them. The state lies with whoever ran last, and follows the program. */
export class CoveredExecutable implements Executable {
  readonly #options: CoveredOptions;
  #elsewhere: Executable | null = null;
  /** Where the state lies. */
  #home: Executable;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: CoveredOptions) {
    this.#options = options;
    this.#home = options.kernels;
  }

  run(inputs: RunTensors): Promise<Record<string, RunTensor>> {
    return this.#inTurn(async () => {
      const { kernels } = this.#options;
      try {
        await kernels.prepare(inputs);
        await this.#moveTo(kernels);
        return await kernels.begin(inputs);
      } catch (error) {
        if (!(error instanceof UncoveredError)) throw error;
        const outputs = await this.#runElsewhere(inputs, error);
        return () => Promise.resolve(outputs);
      }
    });
  }

  readState(): Promise<Map<string, Tensor>> {
    return this.#inTurn(() => {
      const state = this.#home.readState();
      return Promise.resolve(() => state);
    });
  }

  writeState(state: ReadonlyMap<string, Tensor>): Promise<void> {
    return this.#inTurn(async () => {
      const { uncovered } = this.#options.kernels;
      if (uncovered !== null) this.#home = await this.#open(uncovered);
      await this.#home.writeState(state);
      return () => Promise.resolve();
    });
  }

  async close(): Promise<void> {
    await this.#last.catch(() => {});
    await this.#options.kernels.close();
    await this.#elsewhere?.close();
  }

  async #runElsewhere(
    inputs: RunTensors,
    error: UncoveredError,
  ): Promise<Record<string, RunTensor>> {
    const elsewhere = await this.#open(error);
    await this.#moveTo(elsewhere);
    try {
      return await elsewhere.run(inputs);
    } catch (other) {
      if (!(other instanceof GpuError)) throw other;
      const { name } = this.#options;
      throw other.lost
        ? lostError(name, firstLine(other.cause ?? other))
        : nowhereError(name, error.why, other);
    }
  }

  async #open(error: UncoveredError): Promise<Executable> {
    return this.#elsewhere ??= await this.#options.elsewhere(error);
  }

  async #moveTo(home: Executable): Promise<void> {
    if (this.#home === home) return;
    await home.writeState(await this.#home.readState());
    this.#home = home;
  }

  /** Begins one call after the other, and waits for what comes of it beside later ones. */
  async #inTurn<T>(act: () => Promise<() => Promise<T>>): Promise<T> {
    const begun = this.#last.catch(() => {}).then(act);
    this.#last = begun;
    const result = await begun;
    return await result();
  }
}
