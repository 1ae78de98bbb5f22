import { type Expression, type Program, rootsOfProgram, type Tensor } from "../../../graph/mod.ts";
import type { Executable, LoadOptions, RunTensor, RunTensors } from "../backend.ts";
import { checkStates, fitting, inputName, stateNamed, unwritten, withSizes } from "../inputs.ts";
import { Held } from "./held.ts";
import { Interpreter, Memory } from "./interpreter.ts";
import type { Library } from "./library.ts";

/**
 * Makes a program ready to run: fixed inputs are brought to the device, once.
 *
 * @throws {TypeError} If a state is not f32.
 * @throws {RangeError} If a fixed tensor does not fit.
 */
export function openExecutable(
  library: Library,
  program: Program,
  { fixed = {}, sizes }: LoadOptions,
): Executable {
  checkStates(program);
  const bound = sizes === undefined ? program : withSizes(program, sizes);
  return new TfjsExecutable(library, bound, fixed);
}

/** A program that is interpreted op by op, and its state, which stays on the device. */
class TfjsExecutable implements Executable {
  readonly #library: Library;
  readonly #program: Program;
  readonly #memory: Memory;
  readonly #fixed = new Map<Expression, Held>();
  readonly #state = new Map<Expression, Held>();
  #running: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(library: Library, program: Program, fixed: NonNullable<LoadOptions["fixed"]>) {
    this.#library = library;
    this.#program = program;
    this.#memory = new Memory(library);
    for (const input of program.inputs) {
      const name = inputName(input);
      if (!Object.hasOwn(fixed, name)) continue;
      const { data, shape } = fixed[name];
      fitting(program, input, { data: new Float32Array(0), shape });
      this.#fixed.set(input, Held.of(library, input.dtype, { data, shape }));
    }
  }

  run(inputs: RunTensors): Promise<Record<string, RunTensor>> {
    return this.#inTurn(() => this.#run(inputs));
  }

  readState(): Promise<Map<string, Tensor>> {
    return this.#inTurn(async () => {
      const state = new Map<string, Tensor>();
      for (const [input, held] of this.#state) {
        state.set(inputName(input), await held.fetchReal());
      }
      return state;
    });
  }

  writeState(state: ReadonlyMap<string, Tensor>): Promise<void> {
    // deno-lint-ignore require-await
    return this.#inTurn(async () => {
      for (const [name, tensor] of state) {
        const input = stateNamed(this.#program, name);
        const held = Held.of(this.#library, "f32", fitting(this.#program, input, tensor));
        this.#replace(input, held);
      }
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#running.catch(() => {});
    this.#memory.close();
    for (const held of [...this.#fixed.values(), ...this.#state.values()]) held.release();
    this.#state.clear();
  }

  async #run(inputs: RunTensors): Promise<Record<string, RunTensor>> {
    const program = this.#program;
    const { state } = program;
    const open = program.inputs.filter((input) => !this.#fixed.has(input));
    const given = open.map((input) => fitting(program, input, inputs[inputName(input)]));
    for (const { input } of state) if (!this.#state.has(input)) unwritten(program, input);
    const handed = open.map((input, k) => Held.of(this.#library, input.dtype, given[k]));
    const leaves = new Map([
      ...this.#fixed,
      ...this.#state,
      ...open.map((input, k) => [input, handed[k]] as const),
    ]);
    const results = await new Interpreter(this.#library, this.#memory, leaves)
      .run(rootsOfProgram(program));
    handed.forEach((held) => held.release());
    const names = Object.keys(program.outputs);
    state.forEach(({ input }, k) => this.#replace(input, results[names.length + k]));
    const outputs: Record<string, RunTensor> = {};
    for (const [k, name] of names.entries()) {
      outputs[name] = await results[k].fetch();
      results[k].release();
    }
    this.#library.check();
    return outputs;
  }

  #replace(state: Expression, held: Held): void {
    this.#state.get(state)?.release();
    this.#state.set(state, held);
  }

  /** Does one thing after the other. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#running.then(() => {
      if (this.#closed) throw new Error(`Cannot run ${this.#program.name} as it was closed`);
      return act().catch((error) => this.#library.explain(error));
    });
    this.#running = turn.catch(() => {});
    return turn;
  }
}
