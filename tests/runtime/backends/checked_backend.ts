import { evaluate, type Program, rootsOfProgram, type Tensor } from "../../../graph/mod.ts";
import type {
  Backend,
  Executable,
  LoadOptions,
  RunTensor,
  RunTensors,
  Tiled,
} from "../../../runtime/backends/mod.ts";
import type { Tensor64 } from "../../../graph/mod.ts";

/** A result of a program beside that of the float64 reference. */
export interface Checked {
  readonly program: string;
  /** The output's name, or that of the state. */
  readonly result: string;
  readonly found: RunTensor;
  readonly expected: Tensor64;
}

/** Rows in a tile: padded rows cost as much as others. */
const TILE = 4;

/** A backend that hands every result of every run to `check`, beside what the reference makes of the same inputs. */
export function checkedBackend(backend: Backend, check: (result: Checked) => void): Backend {
  const watch = (program: Program, loaded: Tiled, { fixed = {} }: LoadOptions) => {
    const roots = rootsOfProgram(program);
    const names = [
      ...Object.keys(program.outputs),
      ...program.state.map(({ input }) => nameOf(input)),
    ];
    const read = (): Promise<Map<string, Tensor>> =>
      program.state.length === 0 ? Promise.resolve(new Map()) : (loaded as Executable).readState();
    return async (inputs: RunTensors): Promise<Record<string, RunTensor>> => {
      const before = Object.fromEntries(await read());
      const outputs = await loaded.run(inputs);
      const found: RunTensors = { ...outputs, ...Object.fromEntries(await read()) };
      evaluate(roots, { ...fixed, ...inputs, ...before }).forEach((expected, i) =>
        check({ program: program.name, result: names[i], found: found[names[i]], expected })
      );
      return outputs;
    };
  };
  return new Proxy(backend, {
    get(target, key) {
      if (key === "load") {
        return async (program: Program, options: LoadOptions = {}): Promise<Executable> => {
          const loaded = await target.load(program, options);
          const run = watch(program, loaded, options);
          let last: Promise<unknown> = Promise.resolve();
          const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
            const done = last.then(act);
            last = done.catch(() => {});
            return done;
          };
          return {
            run: (inputs) => inTurn(() => run(inputs)),
            readState: () => inTurn(() => loaded.readState()),
            writeState: (state) => inTurn(() => loaded.writeState(state)),
            close: () => inTurn(() => loaded.close()),
          };
        };
      }
      if (key === "loadTiled") {
        return async (...[program, options]: Parameters<Backend["loadTiled"]>): Promise<Tiled> => {
          const loaded = await target.loadTiled(program, { ...options, tile: TILE });
          return { run: watch(program, loaded, options), close: () => loaded.close() };
        };
      }
      const value = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function nameOf({ attributes }: Program["inputs"][number]): string {
  return (attributes as { readonly name: string }).name;
}
