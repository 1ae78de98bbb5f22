import type {
  InferenceSession,
  Tensor as OrtTensor,
  TensorConstructor,
} from "npm:onnxruntime-common@1.30.0";
import type { Expression, Program, Tensor } from "../../graph/mod.ts";
import { lower, nextName } from "../onnx/mod.ts";
import type { Executable, LoadOptions, RunTensor, RunTensors } from "./backend.ts";
import { checkStates, fitting, inputName, stateNamed, unwritten, withSizes } from "./inputs.ts";

/** What is used of a session of ONNX Runtime. */
export type Session = Pick<InferenceSession, "release"> & {
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<InferenceSession.ReturnType>;
};

/** The part of ONNX Runtime that both its builds share. */
export interface Runtime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: SessionOptions): Promise<Session>;
  };
  readonly Tensor: TensorConstructor;
}

/** Options of a session of ONNX Runtime. */
export type SessionOptions = InferenceSession.SessionOptions;

/** A program as bytes, beside what of it is still to be handed in. */
export interface Model {
  /** The program with its sizes bound. */
  readonly program: Program;
  readonly bytes: Uint8Array;
  /** Names of inputs that are constants of the model. */
  readonly fixed: ReadonlySet<string>;
}

/** Lowers a program. */
export function modelOf(program: Program, { fixed = {}, sizes }: LoadOptions): Model {
  const bound = sizes === undefined ? program : withSizes(program, sizes);
  const bytes = lower(bound, { fixed });
  return { program: bound, bytes, fixed: new Set(Object.keys(fixed)) };
}

/**
 * Loads a model as a session of ONNX Runtime.
 *
 * @throws {TypeError} If a state is not f32.
 */
export async function openSession(
  runtime: Runtime,
  { program, bytes, fixed }: Model,
  options: SessionOptions,
): Promise<Executable> {
  checkStates(program);
  const session = await runtime.InferenceSession.create(bytes, options);
  return new SessionExecutable(runtime, session, program, fixed);
}

/** Names of an input's dtype in ONNX Runtime. */
const TYPES = { f32: "float32", i32: "int32", bool: "bool" } as const;

/**
 * A session and the state of its program. The state is what the last run gave, handed back as it came: there
 * is one copy of it between runs, and nothing that was read from it is ever written to.
 */
class SessionExecutable implements Executable {
  readonly #runtime: Runtime;
  readonly #program: Program;
  readonly #inputs: ReadonlyMap<string, Expression>;
  #session: Session | null;
  #state = new Map<string, OrtTensor>();

  constructor(
    runtime: Runtime,
    session: Session,
    program: Program,
    fixed: ReadonlySet<string>,
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#program = program;
    const named = program.inputs.map((x) => [inputName(x), x] as const);
    this.#inputs = new Map(named.filter(([name]) => !fixed.has(name)));
  }

  async run(inputs: RunTensors): Promise<Record<string, RunTensor>> {
    const session = this.#open();
    const feeds: Record<string, OrtTensor> = {};
    for (const [name, expected] of this.#inputs) feeds[name] = this.#feed(inputs[name], expected);
    for (const { input } of this.#program.state) {
      const name = inputName(input);
      const value = this.#state.get(name);
      if (value === undefined) unwritten(this.#program, input);
      feeds[name] = value;
    }
    const results = await session.run(feeds);
    for (const { input } of this.#program.state) {
      this.#state.set(inputName(input), results[nextName(input)] as OrtTensor);
    }
    const outputs: Record<string, RunTensor> = {};
    for (const name of Object.keys(this.#program.outputs)) {
      const { data, dims } = results[name] as OrtTensor;
      outputs[name] = { data: data as RunTensor["data"], shape: [...dims] };
    }
    return outputs;
  }

  // deno-lint-ignore require-await -- errors reach the caller as rejections, as in run()
  async readState(): Promise<Map<string, Tensor>> {
    const state = new Map<string, Tensor>();
    for (const [name, { data, dims }] of this.#state) {
      state.set(name, { data: data as Float32Array, shape: [...dims] });
    }
    return state;
  }

  // deno-lint-ignore require-await
  async writeState(state: ReadonlyMap<string, Tensor>): Promise<void> {
    for (const [name, tensor] of state) {
      this.#state.set(name, this.#feed(tensor, stateNamed(this.#program, name)));
    }
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    this.#state.clear();
    await session?.release();
  }

  #open(): Session {
    if (this.#session !== null) return this.#session;
    throw new Error(`Cannot run ${this.#program.name} as it was closed`);
  }

  #feed(given: RunTensor | undefined, expected: Expression): OrtTensor {
    const { data, shape } = fitting(this.#program, expected, given);
    return new this.#runtime.Tensor(TYPES[expected.dtype], data as never, shape);
  }
}
