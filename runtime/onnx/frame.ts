import { type Dim, type Expression, type Node, type Shape, topological } from "../../graph/mod.ts";
import { FUSIONS, unstretched } from "./fusion.ts";
import { type Bodies, type Context, isConcrete, type Lowering } from "./lowering.ts";
import { ELEMENT_TYPES } from "./proto.ts";
import type { Scope } from "./scope.ts";
import { LOWERINGS } from "./table.ts";

/** A value as it stands in the ONNX graphs: its names and the depth of the scope that holds it. */
export interface Lowered {
  readonly names: readonly string[];
  readonly depth: number;
}

/** Where a symbolic size can be read: `make` adds what gives it as a vector of one element to `scope`. */
export interface SizeSource {
  readonly scope: Scope;
  make(): string;
}

/** The symbolic sizes of a model. What is made of them is made once, and only if it is asked for. */
export class Sizes {
  readonly #sources = new Map<string, SizeSource>();
  readonly #made = new Map<Scope, Map<string, string>>();

  /** Says where a size can be read; the first that is said counts. */
  bind(dim: string, source: SizeSource): void {
    if (!this.#sources.has(dim)) this.#sources.set(dim, source);
  }

  /** The depth of the scope where a size can be read; null if it is not known. */
  depth(dim: string): number | null {
    return this.#sources.get(dim)?.scope.depth ?? null;
  }

  /** The sizes as a vector, in the outermost scope that can have it. */
  vector(shape: Shape, scope: Scope): string {
    if (isConcrete(shape)) return scope.ints(shape);
    const depths = shape.map((dim) => typeof dim === "string" ? this.#source(dim).scope.depth : 0);
    const home = scope.at(Math.max(...depths));
    return this.#once(home, `[${shape}]`, () => {
      if (shape.length === 1) return this.#source(shape[0] as string).make();
      return home.node("Concat", shape.map((dim) => this.vector([dim], home)), { axis: 0 });
    });
  }

  /** One size as a scalar. */
  scalar(dim: Dim, scope: Scope): string {
    if (typeof dim === "number") return scope.int(dim);
    const home = this.#source(dim).scope;
    return this.#once(home, dim, () => home.node("Squeeze", [this.vector([dim], home)]));
  }

  #source(dim: string): SizeSource {
    const found = this.#sources.get(dim);
    if (found !== undefined) return found;
    throw new RangeError(
      `Cannot lower a value of size ${dim} as nothing here carries that size: known are ${
        [...this.#sources.keys()].join(", ") || "none"
      }`,
    );
  }

  #once(home: Scope, key: string, make: () => string): string {
    let made = this.#made.get(home);
    if (made === undefined) this.#made.set(home, made = new Map());
    let name = made.get(key);
    if (name === undefined) made.set(key, name = make());
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

  #count(ys: readonly Expression[]): void {
    const use = (x: Expression): unknown => this.#users.set(x, (this.#users.get(x) ?? 0) + 1);
    const order = topological(ys);
    ys.forEach(use);
    for (const node of order) {
      node.inputs.forEach(use);
      if (node.op === "loop") this.#results.set(node, new Set());
      if (node.op === "item") this.#results.get(node.inputs[0])!.add(node.attributes.index);
    }
    this.#settle(order);
    for (const node of order) if (node.op === "loop") this.#bindLength(node);
  }

  /**
   * Finds the depth of each node: that of the deepest that it is made of, sizes included. A size that a loop of this
   * frame tells may be mentioned before the loop, so depths are looked at again until none grows.
   */
  #settle(order: readonly Expression[]): void {
    const { sizes } = this.#settings;
    const told = new Map<string, number>();
    for (let grew = true; grew;) {
      grew = false;
      for (const node of order) {
        const inputs: readonly Expression[] = node.inputs;
        const depth = this.#values.get(node)?.depth ?? Math.max(
          0,
          ...inputs.map((x) => this.#depths.get(x)!),
          ...sizesIn(node).map((dim) => told.get(dim) ?? sizes.depth(dim) ?? 0),
        );
        this.#depths.set(node, depth);
        if (node.op !== "loop" || typeof node.attributes.length !== "string") continue;
        if (told.get(node.attributes.length) === depth) continue;
        told.set(node.attributes.length, depth);
        grew = true;
      }
    }
  }

  /** The number of iterations of a loop is a size: that of what it collects, or counted if nobody uses that. */
  #bindLength(loop: Expression & Node<"loop">): void {
    const { body, length } = loop.attributes;
    if (typeof length !== "string") return;
    const used = this.#results.get(loop)!;
    const states = body.next.length;
    const total = states + body.collect.length;
    const collected = [...used].find((index) => index >= states && index < total);
    if (collected === undefined) used.add(total);
    const scope = this.#scope.at(this.#depths.get(loop)!);
    this.#settings.sizes.bind(length, {
      scope,
      make: () => {
        this.#visit(loop);
        const { names } = this.#values.get(loop)!;
        if (collected !== undefined) {
          return scope.node("Shape", [names[collected]], { start: 0, end: 1 });
        }
        const count = scope.node("Cast", [names[total]], { to: ELEMENT_TYPES.int64 });
        return scope.node("Reshape", [count, scope.ints([1])]);
      },
    });
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

/** The symbolic sizes that a node must know. */
function sizesIn(node: Expression): string[] {
  const dims = node.op === "size" ? [node.attributes.dim] : node.shape;
  return dims.filter((dim) => typeof dim === "string");
}

/** How an expression is about to be lowered: by the table or by a fusion. */
interface Plan {
  readonly inputs: readonly Expression[];
  emit(inputs: readonly string[], context: Context): string | readonly string[];
}
