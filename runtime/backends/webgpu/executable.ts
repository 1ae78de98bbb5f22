import {
  evaluate,
  type Expression,
  type Program,
  type Tensor,
  type TensorLike,
} from "../../../graph/mod.ts";
import type { Executable, LoadOptions, RunTensor, RunTensors } from "../backend.ts";
import { checkFixed, checkShape } from "./checks.ts";
import type { Settings } from "./compile/block.ts";
import { withSizes } from "./compile/bound.ts";
import { compileProgram, nameOf } from "./compile/program.ts";
import { type RowsPlanner, rowsPlannerOf } from "./compile/rows/planner.ts";
import { type Stage, stageOf } from "./compile/stages.ts";
import { statePlaces } from "./compile/states.ts";
import { firstLine, type Gpu } from "./device.ts";
import { closedError, guarded, lostError, tooLarge, UncoveredError } from "./errors.ts";
import type { Place } from "./place.ts";
import type { Plan } from "./plan.ts";
import { Buffers, WORD } from "./run/buffers.ts";
import type { Pace } from "./run/encoder.ts";
import { LoadedPlan, type RunCounts } from "./run/loaded_plan.ts";
import type { Pipelines } from "./run/pipelines.ts";
import { type Coming, copyAside } from "./run/read.ts";

/** What all programs of a backend share. */
export interface Shared {
  readonly gpu: Gpu;
  readonly pipelines: Pipelines;
  readonly settings: Settings;
  readonly pace: Pace;
}

/** A stage with its plan, null where the host alone does it, and what came after it by the size that it told. */
interface LoadedStage {
  readonly stage: Stage;
  readonly plan: LoadedPlan | null;
  readonly next: Map<number, Promise<LoadedStage>>;
}

/** Outputs on their way to the host; who calls it waits for them. */
type Answer = () => Promise<Record<string, RunTensor>>;

/** Plans kept for as many sets of sizes, and for as many sizes that one stage told the next. */
const KEPT_PLANS = 8;

/** A program on a GPU, compiled for each set of sizes it meets. */
export class GpuExecutable implements Executable {
  readonly #shared: Shared;
  readonly #program: Program;
  readonly #options: LoadOptions;
  readonly #inputs: ReadonlyMap<string, Expression>;
  readonly #rows: RowsPlanner | null;
  readonly #states: ReadonlyMap<string, Place>;
  readonly #buffers: Buffers;
  readonly #plans = new Map<string, Promise<LoadedStage>>();
  readonly #loaded = new Set<LoadedPlan>();
  readonly #written = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();
  readonly #coming = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();
  #closed = false;
  /** Why there are no kernels for it whatever its sizes: then it takes no state either. */
  readonly uncovered: UncoveredError | null;
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
    this.#rows = rowsPlannerOf(this.#program, { settings: shared.settings, fixed });
    this.#states = statePlaces(this.#program);
    this.#buffers = new Buffers(shared.gpu.device);
    const arenas = new Set([...this.#states.values()].map(({ arena }) => arena));
    this.uncovered = tooLarge(arenas, shared.gpu);
    if (this.uncovered === null) this.#buffers.add(arenas);
  }

  /** Whether all rows of such inputs go through one kernel, however many there are. */
  takesAllRows(inputs: RunTensors): boolean {
    return this.#rows !== null && this.#rows.planFor(this.#check(inputs)) !== null;
  }

  /**
   * Makes the kernels that a run of such inputs begins with.
   *
   * @throws {UncoveredError} If there are none for them.
   */
  prepare(inputs: RunTensors): Promise<void> {
    return this.#inTurn(async () => {
      if (this.uncovered !== null) throw this.uncovered;
      await this.#first(this.#check(inputs));
      return () => Promise.resolve();
    });
  }

  async run(inputs: RunTensors): Promise<Record<string, RunTensor>> {
    return await (await this.begin(inputs))();
  }

  /**
   * Hands the device the work of a run; who calls the result waits for the outputs, and other calls may begin before.
   *
   * @throws {UncoveredError} If there are no kernels for it.
   */
  begin(inputs: RunTensors): Promise<Answer> {
    return this.#handOver(async () => {
      const sizes = this.#check(inputs);
      for (const { input } of this.#program.state) {
        if (this.#written.has(nameOf(input))) continue;
        throw new RangeError(
          `Cannot run ${this.#program.name} before its state is written: ${
            nameOf(input)
          } is missing`,
        );
      }
      const given: Record<string, RunTensor> = { ...inputs };
      let at = await this.#first(sizes);
      for (;;) {
        const { stage, plan } = at;
        switch (stage.kind) {
          case "whole":
            return await this.#start(plan!, given);
          case "count": {
            const [length] = evaluate([stage.count], given as Record<string, TensorLike>);
            at = await this.#next(at, stage.rest, Math.max(0, length.data[0]));
            break;
          }
          case "wait": {
            const results = await this.#arrival(await this.#start(plan!, given));
            for (const name of stage.results) given[name] = results[name];
            at = await this.#next(at, stage.rest, results[stage.length].data[0]);
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
      const places = [...this.#states].filter(([name]) => this.#written.has(name));
      const wanted = places.map(([, { arena, offset, length }]) => ({
        buffer: this.#buffers.of(arena),
        offset,
        length,
        dtype: "f32" as const,
      }));
      const coming = await this.#guarded(
        () => Promise.resolve(copyAside(gpu.device, wanted)),
        dropped,
      );
      const shapes = new Map(this.#program.state.map(({ input }) => [nameOf(input), input.shape]));
      return async () => {
        const read = await coming.read();
        return new Map(
          places.map(([name], i) => [name, {
            data: read[i] as Float32Array,
            shape: [...shapes.get(name)!] as number[],
          }]),
        );
      };
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
        const { arena, offset, length } = this.#states.get(name)!;
        if (length > 0) {
          this.#shared.gpu.device.queue.writeBuffer(
            this.#buffers.of(arena),
            offset * WORD,
            tensor.data as BufferSource,
          );
        }
        this.#written.add(name);
      }
      return Promise.resolve(() => Promise.resolve());
    });
  }

  /** Ends runs over rows that are under way: they are rejected, as are all that follow. */
  stop(): void {
    this.#stop.abort(closedError(this.#program));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#last.catch(() => {});
    await Promise.allSettled(this.#coming);
    for (const plan of this.#loaded) plan.destroy();
    this.#buffers.destroy();
  }

  /** Hands the device one call's work after the other's, and waits for what comes back beside later calls. */
  async #inTurn<T>(act: () => Promise<() => Promise<T>>): Promise<T> {
    return await (await this.#handOver(act))();
  }

  /** Hands the device one call's work after the other's. */
  async #handOver<T>(act: () => Promise<() => Promise<T>>): Promise<() => Promise<T>> {
    const handed = this.#last.catch(() => {}).then(() => {
      if (this.#closed) throw closedError(this.#program);
      return act();
    });
    this.#last = handed;
    const answer = await handed;
    return () => this.#arrival(answer);
  }

  /** What comes back from the device. */
  async #arrival<T>(answer: () => Promise<T>): Promise<T> {
    const coming = answer();
    this.#coming.add(coming);
    try {
      return await coming;
    } catch (error) {
      throw lostError(this.#program.name, this.#shared.gpu.lost() ?? firstLine(error));
    } finally {
      this.#coming.delete(coming);
    }
  }

  /** Does something that the GPU may refuse after it was done; then it is undone. */
  #guarded<T>(act: () => Promise<T>, undo: (result: T) => void): Promise<T> {
    const bytes = (): number =>
      [...this.#loaded].reduce((sum, plan) => sum + plan.bytes, this.#buffers.bytes);
    return guarded(this.#shared.gpu, { program: this.#program.name, bytes }, act, undo);
  }

  async #start(plan: LoadedPlan, inputs: RunTensors): Promise<Answer> {
    const { signal } = this.#stop;
    const counts = (counts: RunCounts): void => void (this.counts = counts);
    return (await this.#guarded(() => plan.start(inputs, { counts, signal }), dropped)).read;
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

  #first(sizes: Readonly<Record<string, number>>): Promise<LoadedStage> {
    const key = Object.entries(sizes).sort().join();
    return this.#made(this.#plans, key, () => this.#begin(sizes));
  }

  /** What was made for a key, or is made now, in the place of the oldest where there are many. */
  #made<K>(
    made: Map<K, Promise<LoadedStage>>,
    key: K,
    make: () => Promise<LoadedStage>,
  ): Promise<LoadedStage> {
    let stage = made.get(key);
    if (stage === undefined) {
      const [oldest] = made;
      if (made.size >= KEPT_PLANS) {
        made.delete(oldest[0]);
        this.#free(oldest[1]);
      }
      made.set(key, stage = make());
      forgetFailed(made, key, stage);
    }
    return stage;
  }

  /** One kernel over rows if that can be, else kernels for what the program is made of. */
  async #begin(sizes: Readonly<Record<string, number>>): Promise<LoadedStage> {
    const bound = withSizes(this.#program, sizes);
    const whole = this.#rows?.planFor(sizes) ?? null;
    if (whole === null) return this.#compile(bound);
    const plan = await this.#open(whole);
    return { stage: { kind: "whole", program: bound }, plan, next: new Map() };
  }

  #next(
    { next }: LoadedStage,
    rest: (length: number) => Program,
    length: number,
  ): Promise<LoadedStage> {
    return this.#made(next, length, () => this.#compile(rest(length)));
  }

  /** Frees the plans of a stage and of all that came after it. */
  async #free(first: Promise<LoadedStage>): Promise<void> {
    const open = [first];
    for (const stage of open) {
      const { plan, next } = await stage.catch(() => ({ plan: null, next: new Map() }));
      open.push(...next.values());
      if (plan !== null) {
        this.#loaded.delete(plan);
        plan.destroy();
      }
    }
  }

  async #compile(bound: Program): Promise<LoadedStage> {
    const fixed = this.#options.fixed ?? {};
    const held = new Set(this.#program.state.map(({ input }) => nameOf(input)));
    const isHanded = (name: string): boolean => !Object.hasOwn(fixed, name) && !held.has(name);
    const stage = stageOf(bound, (input) => isHanded(nameOf(input)));
    const plan = stage.kind === "count" ? null : await this.#load(stage.program);
    return { stage, plan, next: new Map() };
  }

  #load(program: Program): Promise<LoadedPlan> {
    const { settings } = this.#shared;
    const fixed = this.#options.fixed ?? {};
    return this.#open(compileProgram(program, { settings, fixed, states: this.#states }));
  }

  async #open(plan: Plan): Promise<LoadedPlan> {
    const { gpu, pipelines, pace } = this.#shared;
    const { name: program } = this.#program;
    const loaded = await this.#guarded(
      () => LoadedPlan.load(gpu, plan, { program, pipelines, states: this.#buffers, pace }),
      (loaded) => loaded.destroy(),
    );
    this.#loaded.add(loaded);
    return loaded;
  }
}

function dropped(coming: Coming<unknown>): void {
  coming.drop();
}

/** Forgets what could not be made, to try again; but not what never can be. */
function forgetFailed<K>(made: Map<K, Promise<LoadedStage>>, key: K, one: Promise<LoadedStage>) {
  one.catch((error) => {
    if (!(error instanceof UncoveredError)) made.delete(key);
  });
}
