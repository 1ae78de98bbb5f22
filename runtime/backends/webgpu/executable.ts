import {
  bindSizes,
  constant,
  evaluate,
  type Expression,
  input,
  type Node,
  type Program,
  rootsOfProgram,
  simplify,
  substitute,
  type Tensor,
  type TensorLike,
  topological,
} from "../../../graph/mod.ts";
import { build } from "../../../graph/expression.ts";
import { count } from "../../../graph/shape.ts";
import type { Executable, LoadOptions, RunTensor, RunTensors } from "../backend.ts";
import type { Settings } from "./compile/block.ts";
import { compileProgram, HOST_ELEMENTS, nameOf, type StatePlaces } from "./compile/program.ts";
import type { Gpu } from "./device.ts";
import { guarded } from "./errors.ts";
import { arenaOf, type Pair, type Place, take } from "./place.ts";
import { Buffers, WORD } from "./run/buffers.ts";
import type { Pace } from "./run/encoder.ts";
import { LoadedPlan, type RunCounts } from "./run/loaded_plan.ts";
import type { Pipelines } from "./run/pipelines.ts";
import { readBack } from "./run/read.ts";

/** What all programs of a backend share. */
export interface Shared {
  readonly gpu: Gpu;
  readonly pipelines: Pipelines;
  readonly settings: Settings;
  readonly pace: Pace;
}

/** What is run once all sizes are known: a plan, a count to evaluate, or a loop whose length must be waited for. */
type Stage =
  | { readonly kind: "plan"; readonly plan: LoadedPlan }
  | {
    readonly kind: "count";
    readonly count: Expression;
    readonly next: Map<number, Promise<Stage>>;
    readonly program: Program;
  }
  | {
    readonly kind: "wait";
    readonly plan: LoadedPlan;
    /** Names under which the loop's results are handed on, and the number of iterations. */
    readonly results: readonly string[];
    readonly length: string;
    readonly next: Map<number, Promise<Stage>>;
    readonly rest: (length: number) => Program;
  };

/** Plans kept for as many sets of sizes. */
const KEPT_PLANS = 8;

/** A program on a GPU, compiled for each set of sizes it meets. */
export class GpuExecutable implements Executable {
  readonly #shared: Shared;
  readonly #program: Program;
  readonly #options: LoadOptions;
  readonly #inputs: ReadonlyMap<string, Expression>;
  readonly #states: StatePlaces;
  readonly #pair: Pair = { turn: 0 };
  readonly #buffers: Buffers;
  readonly #plans = new Map<string, Promise<Stage>>();
  readonly #loaded = new Set<LoadedPlan>();
  readonly #written = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  /** What the last run cost. */
  counts: RunCounts = { dispatches: 0, submissions: 0 };

  /** @throws {TypeError} If a state is not f32. */
  constructor(shared: Shared, program: Program, options: LoadOptions) {
    this.#shared = shared;
    this.#options = options;
    this.#program = options.sizes === undefined ? program : withSizes(program, options.sizes);
    const fixed = options.fixed ?? {};
    for (const x of program.inputs) checkFixed(x, fixed[nameOf(x)]);
    this.#inputs = new Map(
      this.#program.inputs
        .map((x) => [nameOf(x), x] as const)
        .filter(([name]) => !Object.hasOwn(fixed, name)),
    );
    this.#states = statePlaces(this.#program, this.#pair);
    this.#buffers = new Buffers(shared.gpu.device);
    this.#buffers.add(
      [...this.#states.read.values(), ...this.#states.written.values()].map(({ arena }) => arena),
    );
  }

  run(inputs: RunTensors): Promise<Record<string, RunTensor>> {
    return this.#inTurn(async () => {
      const sizes = this.#check(inputs);
      for (const { input } of this.#program.state) {
        if (this.#written.has(nameOf(input))) continue;
        throw new RangeError(
          `Cannot run ${this.#program.name} before its state is written: ${
            nameOf(input)
          } is missing`,
        );
      }
      let stage = await this.#stageOf(sizes);
      const given: Record<string, RunTensor> = { ...inputs };
      for (;;) {
        switch (stage.kind) {
          case "plan": {
            const outputs = await this.#runPlan(stage.plan, given);
            if (this.#program.state.length > 0) {
              this.#pair.turn = this.#pair.turn === 0 ? 1 : 0;
            }
            return outputs;
          }
          case "count": {
            const [length] = evaluate([stage.count], given as Record<string, TensorLike>);
            stage = await this.#next(stage, Math.max(0, length.data[0]));
            break;
          }
          case "wait": {
            const results = await this.#runPlan(stage.plan, given);
            const length = results[stage.length].data[0];
            for (const name of stage.results) {
              given[name] = results[name];
            }
            stage = await this.#next(stage, length);
            break;
          }
          default:
            stage satisfies never;
        }
      }
    });
  }

  readState(): Promise<Map<string, Tensor>> {
    return this.#inTurn(async () => {
      const { gpu } = this.#shared;
      const places = [...this.#states.read].filter(([name]) => this.#written.has(name));
      const read = await this.#guarded(() =>
        readBack(
          gpu.device,
          places.map(([, { arena, offset, length }]) => ({
            buffer: this.#buffers.of(arena),
            offset,
            length,
            dtype: "f32",
          })),
        )
      );
      const shapes = new Map(this.#program.state.map(({ input }) => [nameOf(input), input.shape]));
      return new Map(
        places.map(([name], i) => [name, {
          data: read[i] as Float32Array,
          shape: [...shapes.get(name)!] as number[],
        }]),
      );
    });
  }

  writeState(state: ReadonlyMap<string, Tensor>): Promise<void> {
    return this.#inTurn(() => {
      const known = new Map(this.#program.state.map(({ input }) => [nameOf(input), input]));
      for (const [name, tensor] of state) {
        const expected = known.get(name);
        if (expected === undefined) {
          throw new RangeError(
            `Cannot write the state ${name} of ${this.#program.name}: it has ${
              [...known.keys()].join(", ")
            }`,
          );
        }
        checkShape(this.#program, name, expected, tensor);
        const { arena, offset, length } = this.#states.read.get(name)!;
        if (length > 0) {
          this.#shared.gpu.device.queue.writeBuffer(
            this.#buffers.of(arena),
            offset * WORD,
            tensor.data as BufferSource,
          );
        }
        this.#written.add(name);
      }
      return Promise.resolve();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#last.catch(() => {});
    for (const plan of this.#loaded) plan.destroy();
    this.#buffers.destroy();
  }

  /** One call after the other. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.catch(() => {}).then(() => {
      if (this.#closed) {
        throw new Error(`Cannot run ${this.#program.name} as it was closed`);
      }
      return act();
    });
    this.#last = done;
    return done;
  }

  #guarded<T>(act: () => Promise<T>): Promise<T> {
    const bytes = (): number =>
      [...this.#loaded].reduce((sum, plan) => sum + plan.bytes, this.#buffers.bytes);
    return guarded(this.#shared.gpu, { program: this.#program.name, bytes }, act);
  }

  #runPlan(plan: LoadedPlan, inputs: RunTensors): Promise<Record<string, RunTensor>> {
    return this.#guarded(() => plan.run(inputs, (counts) => this.counts = counts));
  }

  /** Checks what is handed in, and reads the sizes off it. */
  #check(inputs: RunTensors): Record<string, number> {
    const sizes: Record<string, number> = {};
    for (const [name, expected] of this.#inputs) {
      const tensor = inputs[name];
      if (tensor === undefined) {
        throw new RangeError(
          `Cannot run ${this.#program.name} without the input ${name} of shape [${expected.shape}]`,
        );
      }
      checkShape(this.#program, name, expected, tensor);
      expected.shape.forEach((dim, axis) => {
        if (typeof dim === "number") return;
        const size = sizes[dim] ??= tensor.shape[axis];
        if (size !== tensor.shape[axis]) {
          throw new RangeError(
            `Cannot run ${this.#program.name} as the size ${dim} is ${size} in one input and ${
              tensor.shape[axis]
            } in ${name}`,
          );
        }
      });
    }
    return sizes;
  }

  #stageOf(sizes: Readonly<Record<string, number>>): Promise<Stage> {
    const key = Object.entries(sizes).sort().join();
    let stage = this.#plans.get(key);
    if (stage === undefined) {
      if (this.#plans.size >= KEPT_PLANS) this.#plans.delete(this.#plans.keys().next().value!);
      stage = this.#compile(withSizes(this.#program, sizes));
      this.#plans.set(key, stage);
      stage.catch(() => this.#plans.delete(key));
    }
    return stage;
  }

  #next(stage: Exclude<Stage, { kind: "plan" }>, length: number): Promise<Stage> {
    let next = stage.next.get(length);
    if (next === undefined) {
      next = this.#compile(
        stage.kind === "count" ? withCount(stage.program, stage.count, length) : stage.rest(length),
      );
      stage.next.set(length, next);
    }
    return next;
  }

  /** Compiles a program whose inputs' sizes are numbers, up to the first size that is known only at run time. */
  async #compile(bound: Program): Promise<Stage> {
    const program = simplified(bound);
    const open = firstOpenLoop(program);
    if (open === null) return { kind: "plan", plan: await this.#load(program) };
    const count = open.attributes.counted ? open.inputs[0] : null;
    if (count !== null && open.attributes.body.condition === null && this.#isHostKnown(count)) {
      return { kind: "count", count, next: new Map(), program };
    }
    return await this.#waitFor(program, open);
  }

  /** The part of a program up to loops whose length only running them tells, and the rest. */
  async #waitFor(program: Program, open: Node<"loop">): Promise<Stage> {
    const name = open.attributes.length as string;
    const roots = rootsOfProgram(program);
    const items = topological(roots).filter((node): node is Expression & Node<"item"> =>
      node.op === "item" && (node.inputs[0] as Node<"loop">).attributes.length === name
    );
    const labels = items.map((item, i) => `@${name}:${i}:${item.attributes.index}`);
    const { next, collect } = open.attributes.body;
    const index = next.length + collect.length;
    const length = build("item", [open as unknown as Expression], { index });
    const before: Program = {
      ...program,
      state: program.state.map(({ input }) => ({ input, next: input })),
      outputs: {
        ...Object.fromEntries(items.map((item, i) => [labels[i], item])),
        [`@${name}`]: length,
      },
    };
    return {
      kind: "wait",
      plan: await this.#load(before),
      results: labels,
      length: `@${name}`,
      next: new Map(),
      rest: (length) => {
        const inputs = items.map(({ shape, dtype }, i) => input(labels[i], shape, dtype));
        const map = new Map<Expression, Expression>(items.map((item, i) => [item, inputs[i]]));
        const rest = withRoots(program, substitute(roots, map), (x) => x);
        return withSizes({ ...rest, inputs: [...rest.inputs, ...inputs] }, { [name]: length });
      },
    };
  }

  async #load(program: Program): Promise<LoadedPlan> {
    const { gpu, pipelines, settings, pace } = this.#shared;
    const plan = compileProgram(program, {
      settings,
      fixed: this.#options.fixed ?? {},
      states: this.#states,
    });
    const loaded = await this.#guarded(() =>
      LoadedPlan.load(gpu, plan, {
        program: program.name,
        pipelines,
        states: this.#buffers,
        pace,
      })
    );
    this.#loaded.add(loaded);
    return loaded;
  }

  /** Whether an expression is made of sizes, constants and small inputs alone. */
  #isHostKnown(y: Expression): boolean {
    return topological([y]).every((node) => {
      const { op } = node;
      if (op === "loop" || op === "item" || op === "random" || op === "variable") return false;
      return op !== "input" ||
        this.#inputs.has(nameOf(node)) && count(node.shape as number[]) <= HOST_ELEMENTS;
    });
  }
}

/** Where states lie in the two buffers that take turns. */
export function statePlaces(program: Program, pair: Pair): StatePlaces {
  const places = (side: "read" | "written"): Map<string, Place> => {
    const arena = arenaOf(side === "read" ? "state" : "nextstate", "f32", { pair, side });
    return new Map(program.state.map(({ input }) => {
      if (input.dtype !== "f32") {
        throw new TypeError(
          `Cannot load ${program.name} as states are f32: ${nameOf(input)} is ${input.dtype}`,
        );
      }
      return [nameOf(input), take(arena, count(input.shape as number[]), "f32")];
    }));
  };
  return { read: places("read"), written: places("written") };
}

/** The first loop, in the order in which they run, whose length is still a name. */
function firstOpenLoop(program: Program): Node<"loop"> | null {
  for (const node of topological(rootsOfProgram(program))) {
    if (node.op === "loop" && typeof node.attributes.length === "string") return node;
  }
  return null;
}

/** A program in which symbolic sizes are numbers. */
export function withSizes(program: Program, sizes: Readonly<Record<string, number>>): Program {
  const bind = (x: Expression): Expression => bindSizes([x], sizes)[0];
  const roots = bindSizes(rootsOfProgram(program), sizes);
  return withRoots({ ...program, inputs: program.inputs.map(bind) }, roots, bind);
}

/** A program in which a count is a number. */
function withCount(program: Program, count: Expression, value: number): Program {
  const map = new Map([[count, constant(value, [], "i32")]]);
  return withRoots(program, substitute(rootsOfProgram(program), map), (x) => x);
}

/** A program with each of its expressions simplified. */
export function simplified(program: Program): Program {
  return withRoots(program, simplify(rootsOfProgram(program)), (x) => x);
}

function withRoots(
  program: Program,
  roots: readonly Expression[],
  bind: (x: Expression) => Expression,
): Program {
  const names = Object.keys(program.outputs);
  return {
    ...program,
    state: program.state.map(({ input }, i) => ({
      input: bind(input),
      next: roots[names.length + i],
    })),
    outputs: Object.fromEntries(names.map((name, i) => [name, roots[i]])),
  };
}

function checkFixed(
  expected: Expression,
  tensor: { readonly shape: readonly number[] } | undefined,
): void {
  if (tensor === undefined || fits(expected, tensor)) return;
  throw new RangeError(
    `Cannot fix ${
      nameOf(expected)
    } of shape [${expected.shape}]: the tensor given has shape [${tensor.shape}]`,
  );
}

function checkShape(
  program: Program,
  name: string,
  expected: Expression,
  tensor: { readonly data: ArrayLike<number>; readonly shape: readonly number[] },
): void {
  if (!fits(expected, tensor)) {
    throw new RangeError(
      `Cannot run ${program.name} as ${name} has shape [${expected.shape}]: found [${tensor.shape}]`,
    );
  }
  if (tensor.data.length !== count(tensor.shape)) {
    throw new RangeError(
      `Cannot run ${program.name} as ${name} of shape [${tensor.shape}] has ${
        count(tensor.shape)
      } elements: found ${tensor.data.length}`,
    );
  }
}

function fits(expected: Expression, { shape }: { readonly shape: readonly number[] }): boolean {
  return shape.length === expected.shape.length &&
    expected.shape.every((dim, i) => typeof dim === "string" || dim === shape[i]);
}
