import { evaluate, type Expression, type Program, type Tensor } from "../../../graph/mod.ts";
import type {
  Backend,
  Executable,
  LoadOptions,
  RunTensor,
  RunTensors,
  Tiled,
} from "../../../runtime/backends/mod.ts";

const ARRAYS = { f32: Float32Array, i32: Int32Array, bool: Uint8Array } as const;

/** The float64 interpreter as a backend: slow and exact, for tests that hold others against it. */
export function openReference(): Backend {
  return {
    name: "cpu",
    engine: "reference",
    instructionSet: null,
    identity: "reference",
    reason: "a test asked for it",
    describe: () => "reference: float64 interpreter",
    load: (program, options) => Promise.resolve(executableOf(program, options)),
    loadTiled: (program, options): Promise<Tiled> =>
      Promise.resolve(executableOf(program, { fixed: options.fixed })),
    close: () => Promise.resolve(),
  };
}

function executableOf(program: Program, { fixed = {} }: LoadOptions = {}): Executable {
  const state = new Map<string, Tensor>();
  return {
    run(inputs: RunTensors) {
      const names = Object.keys(program.outputs);
      const ys = [...Object.values(program.outputs), ...program.state.map(({ next }) => next)];
      const values = evaluate(ys, { ...fixed, ...inputs, ...Object.fromEntries(state) });
      const round = (y: Expression, i: number): RunTensor => ({
        data: ARRAYS[y.dtype].from(values[i].data),
        shape: values[i].shape,
      });
      program.state.forEach(({ input, next }, k) =>
        state.set(
          (input.attributes as { readonly name: string }).name,
          round(next, names.length + k) as Tensor,
        )
      );
      return Promise.resolve(Object.fromEntries(names.map((name, i) => [name, round(ys[i], i)])));
    },
    readState: () => Promise.resolve(new Map(state)),
    writeState(values) {
      for (const [name, tensor] of values) state.set(name, tensor);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
