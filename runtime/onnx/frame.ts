import { type Dim, type Expression, type Shape, topological } from "../../graph/mod.ts";
import { FUSIONS, unstretched } from "./fusion.ts";
import { type Bodies, type Context, isConcrete, type Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { LOWERINGS } from "./table.ts";

/** A value as it stands in the ONNX graphs: its names and the depth of the scope that holds it. */
export interface Lowered {
  readonly names: readonly string[];
  readonly depth: number;
}

/** The symbolic sizes of a model: where each can be read. */
export class Sizes {
  readonly #sources = new Map<string, { scope: Scope; value: string; axis: number }>();
  readonly #made = new Map<Scope, Map<string, string>>();

  /** Says that a size is that of an axis of a value; the first that is said counts. */
  bind(dim: string, source: { scope: Scope; value: string; axis: number }): void {
    if (!this.#sources.has(dim)) this.#sources.set(dim, source);
  }

  /** The sizes as a vector, made once in the outermost scope that can. */
  vector(shape: Shape, scope: Scope): string {
    if (isConcrete(shape)) return scope.ints(shape);
    const depth = Math.max(
      ...shape.map((dim) => typeof dim === "string" ? this.#source(dim).scope.depth : 0),
    );
    return this.#once(scope.at(depth), `[${shape}]`, (home) => {
      if (shape.length === 1) {
        const { value, axis } = this.#source(shape[0] as string);
        return home.node("Shape", [value], { start: axis, end: axis + 1 });
      }
      return home.node("Concat", shape.map((dim) => this.vector([dim], home)), { axis: 0 });
    });
  }

  /** One size as a scalar. */
  scalar(dim: Dim, scope: Scope): string {
    if (typeof dim === "number") return scope.int(dim);
    const home = scope.at(this.#source(dim).scope.depth);
    return this.#once(home, dim, () => home.node("Squeeze", [this.vector([dim], home)]));
  }

  #source(dim: string): { scope: Scope; value: string; axis: number } {
    const found = this.#sources.get(dim);
    if (found !== undefined) return found;
    throw new RangeError(
      `Cannot lower a value of size ${dim} as no input carries that size: known are ${
        [...this.#sources.keys()].join(", ") || "none"
      }`,
    );
  }

  #once(home: Scope, key: string, make: (home: Scope) => string): string {
    let made = this.#made.get(home);
    if (made === undefined) this.#made.set(home, made = new Map());
    let name = made.get(key);
    if (name === undefined) made.set(key, name = make(home));
    return name;
  }
}

/** What is settled for a whole model. */
export interface Settings {
  readonly sizes: Sizes;
  /** Whether the file leaves, so that it must hold standard operators alone. */
  readonly deploy: boolean;
}

/**
 * Lowers expressions over one set of leaves: a program, or the body of a loop. An expression goes to the
 * outermost scope that sees all it is made of, so that what does not change in a loop is computed once.
 */
export class Frame implements Bodies {
  readonly #scope: Scope;
  readonly #settings: Settings;
  readonly #values: Map<Expression, Lowered>;
  readonly #depths = new Map<Expression, number>();
  readonly #users = new Map<Expression, number>();
  readonly #results = new Map<Expression, Set<number>>();

  /** @param leaves The values of inputs or variables. */
  constructor(scope: Scope, settings: Settings, leaves: ReadonlyMap<Expression, Lowered>) {
    this.#scope = scope;
    this.#settings = settings;
    this.#values = new Map(leaves);
  }

  /** Names of the values of `ys`; a frame lowers once. */
  run(ys: readonly Expression[]): string[] {
    this.#count(ys);
    for (const y of ys) this.#visit(y);
    return ys.map((y) => this.#values.get(y)!.names[0]);
  }

  lower(
    scope: Scope,
    ys: readonly Expression[],
    { variables, captured }: {
      readonly variables: ReadonlyMap<Expression, string>;
      readonly captured: ReadonlyMap<Expression, Expression>;
    },
  ): string[] {
    const leaves = new Map<Expression, Lowered>();
    for (const [variable, name] of variables) {
      leaves.set(variable, { names: [name], depth: scope.depth });
    }
    for (const [variable, outer] of captured) leaves.set(variable, this.#values.get(outer)!);
    return new Frame(scope, this.#settings, leaves).run(ys);
  }

  bindSize(dim: string, scope: Scope, value: string): void {
    this.#settings.sizes.bind(dim, { scope, value, axis: 0 });
  }

  #count(ys: readonly Expression[]): void {
    const use = (x: Expression): unknown => this.#users.set(x, (this.#users.get(x) ?? 0) + 1);
    ys.forEach(use);
    for (const node of topological(ys)) {
      const inputs: readonly Expression[] = node.inputs;
      inputs.forEach(use);
      const depths = inputs.map((x) => this.#depths.get(x)!);
      this.#depths.set(node, this.#values.get(node)?.depth ?? Math.max(0, ...depths));
      if (node.op !== "item") continue;
      const loop = node.inputs[0];
      if (!this.#results.has(loop)) this.#results.set(loop, new Set());
      this.#results.get(loop)!.add(node.attributes.index);
    }
  }

  /** Lowers `root` after all that it needs; a stack of its own, since graphs are deeper than the call stack. */
  #visit(root: Expression): void {
    const stack = [root];
    const plans = new Map<Expression, Plan>();
    while (stack.length > 0) {
      const y = stack[stack.length - 1];
      if (this.#values.has(y)) {
        stack.pop();
        continue;
      }
      let plan = plans.get(y);
      if (plan === undefined) plans.set(y, plan = this.#plan(y));
      const missing = plan.inputs.filter((x) => !this.#values.has(x));
      if (missing.length > 0) {
        for (let i = missing.length - 1; i >= 0; i--) stack.push(missing[i]);
        continue;
      }
      const inputs = plan.inputs.map((x) => this.#values.get(x)!);
      const depth = this.#depths.get(y)!;
      const result = plan.emit(inputs.map((x) => x.names[0]), this.#context(depth));
      this.#values.set(y, { names: typeof result === "string" ? [result] : result, depth });
      stack.pop();
    }
  }

  #plan(y: Expression): Plan {
    const only = (x: Expression): boolean =>
      this.#users.get(x) === 1 && this.#depths.get(x) === this.#depths.get(y);
    for (const fusion of FUSIONS) {
      if (this.#settings.deploy && !fusion.standard) continue;
      const fused = fusion.match(y, only);
      if (fused !== null) return fused;
    }
    const lowering = LOWERINGS[y.op] as unknown as Lowering<never>;
    return {
      inputs: unstretched(y),
      emit: (inputs, context) => lowering(y as never, inputs as never, context),
    };
  }

  #context(depth: number): Context {
    const scope = this.#scope.at(depth);
    const { sizes } = this.#settings;
    return {
      scope,
      sizes: (shape) => sizes.vector(shape, scope),
      size: (dim) => sizes.scalar(dim, scope),
      results: (loop) => this.#values.get(loop)!.names,
      isUsed: (loop, result) => this.#results.get(loop)?.has(result) ?? false,
      bodies: this,
    };
  }
}

/** How an expression is about to be lowered: by the table or by a fusion. */
interface Plan {
  readonly inputs: readonly Expression[];
  emit(inputs: readonly string[], context: Context): string | readonly string[];
}
