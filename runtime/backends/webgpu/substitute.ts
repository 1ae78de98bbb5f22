/** What runs the programs that kernels do not cover: another backend on the same GPU, opened when it is first needed. */
import type { Program } from "../../../graph/mod.ts";
import type { Backend, Elsewhere, Executable, LoadOptions } from "../backend.ts";
import { nowhereError, type UncoveredError } from "./errors.ts";

/** How a substitute is opened. */
export interface SubstituteOptions {
  /** Opens it, or says why it cannot be had. */
  readonly open: () => Promise<Backend | string>;
  /** Takes word of each program that runs there. */
  readonly onWarning?: (text: string) => void;
  /** Takes word of each run there. */
  readonly onElsewhere?: (program: Elsewhere) => void;
}

/** A backend that stands in, and what ran there. */
export class Substitute {
  readonly #options: SubstituteOptions;
  readonly #ran = new Map<string, Elsewhere>();
  #opened: Promise<Backend | string> | null = null;

  constructor(options: SubstituteOptions) {
    this.#options = options;
  }

  /** The programs that ran there so far, by name. */
  get ran(): readonly Elsewhere[] {
    return [...this.#ran.values()];
  }

  /**
   * Loads a program there, and says so the first time.
   *
   * @throws {GpuError} If it cannot be had.
   */
  async load(
    program: Program,
    options: LoadOptions,
    { why }: UncoveredError,
  ): Promise<Executable> {
    const backend = await (this.#opened ??= this.#options.open());
    if (typeof backend === "string") throw nowhereError(program.name, why, backend);
    const executable = await backend.load(program, options);
    const { name, engine } = backend;
    const known = this.#ran.get(program.name);
    const ran = known ?? { program: program.name, backend: name, engine, why };
    if (known === undefined) {
      this.#ran.set(program.name, ran);
      this.#options.onWarning?.(
        `the program ${program.name} runs on the backend ${name}, as webgpu has no kernels for ${why}`,
      );
    }
    return {
      run: (inputs) => {
        this.#options.onElsewhere?.(ran);
        return executable.run(inputs);
      },
      readState: () => executable.readState(),
      writeState: (state) => executable.writeState(state),
      close: () => executable.close(),
    };
  }

  /** Ends it, if it was ever opened. */
  async close(): Promise<void> {
    const backend = await this.#opened;
    if (backend !== null && typeof backend !== "string") await backend.close();
  }
}
