import { lengthOf } from "../build/loop.ts";
import { recordOf } from "../expression.ts";
import { count, sameShape, ShapeError, showShape } from "../shape.ts";
import type { Environment, Op } from "../op.ts";
import type { Attributes, Expression, LoopBody, Node, Tensor64 } from "../types.ts";
import { fill, PLAIN } from "./rule.ts";
import { loopJvp, loopVjp } from "../loop_derivative.ts";

/** Iterations of a closed body, counted or while a condition holds. */
export const loop: Op<"loop"> = {
  name: "loop",
  arity: NaN,
  attributes: { counted: "boolean", body: "body", length: "length" },
  ...PLAIN,
  shape: (inputs, attributes) => {
    checkInputs(inputs, attributes);
    checkState(attributes.body);
    return { shape: [], dtype: "f32" };
  },
  jvp: () => {
    throw new Error("A loop has several derivatives: use multiple.jvp");
  },
  vjp: () => {
    throw new Error("A loop has several derivatives: use multiple.vjp");
  },
  reference: () => {
    throw new Error("A loop has several values: use multiple.reference");
  },
  key: ({ counted, body, length }) => {
    const ids = (xs: readonly Expression[]) => xs.map((x) => x.id).join();
    const { index, state, captured, next, collect, condition } = body;
    const parts = [[index], state, captured, next, collect, condition ? [condition] : []];
    return `${counted} ${length} ${parts.map(ids).join("/")}`;
  },
  introduce: (inputs, attributes) => {
    const length = lengthOf(inputs, attributes);
    return { attributes: { ...attributes, length }, before: attributes.length, after: length };
  },
  multiple: {
    results: (_, { body, length }) => [
      ...body.next,
      ...body.collect.map(({ shape, dtype }) => ({ shape: [length!, ...shape], dtype })),
      { shape: [], dtype: "i32" },
    ],
    jvp: loopJvp,
    vjp: loopVjp,
    reference: run,
  },
};

/** One result of a loop. */
export const item: Op<"item"> = {
  name: "item",
  arity: 1,
  attributes: { index: "integer" },
  ...PLAIN,
  linear: true,
  shape: ([loop], { index }) => {
    const results = recordOf(loop).multiple?.results(loop.inputs, loop.attributes) ?? [];
    if (results[index] === undefined) {
      throw new RangeError(
        `Cannot take item ${index} of ${loop.op}, which has ${results.length} results`,
      );
    }
    return results[index];
  },
  jvp: ([d]) => d,
  vjp: (g) => [g],
  reference: ([x]) => x,
  result: ({ index }) => index,
};

function typeOf({ dtype, shape }: Expression): string {
  return `${dtype}${showShape(shape)}`;
}

function checkInputs(inputs: readonly Expression[], { counted, body }: Attributes<"loop">): void {
  const expected = [...body.state, ...body.captured];
  const found = counted ? inputs.slice(1) : inputs;
  if (found.length !== expected.length) {
    throw new RangeError(
      `Cannot build a loop over ${found.length} values: its body takes ${expected.length}`,
    );
  }
  found.forEach((x, k) => {
    if (x.dtype !== expected[k].dtype || !sameShape(x.shape, expected[k].shape)) {
      throw new ShapeError(
        `Cannot build a loop whose body takes ${typeOf(expected[k])} over ${typeOf(x)}`,
        expected[k].shape,
        x.shape,
      );
    }
  });
  if (counted && typeOf(inputs[0]) !== "i32[]") {
    throw new TypeError(
      `Cannot count iterations with ${typeOf(inputs[0])}: count is an i32 scalar`,
    );
  }
  if (body.condition !== null && typeOf(body.condition) !== "bool[]") {
    throw new TypeError(
      `Cannot build a loop with a condition of ${typeOf(body.condition)}: it must be a bool scalar`,
    );
  }
}

/** A body must hand on as many states as it takes, each of the shape and dtype it had. */
function checkState({ state, next }: LoopBody): void {
  if (state.length !== next.length) {
    throw new RangeError(
      `Cannot build a loop whose body returns ${next.length} states: it takes ${state.length}`,
    );
  }
  next.forEach((x, k) => {
    if (!sameShape(x.shape, state[k].shape)) {
      throw new ShapeError(
        `Cannot build a loop whose body changes the shape of state ${k} from ${
          showShape(state[k].shape)
        } to ${showShape(x.shape)}`,
        state[k].shape,
        x.shape,
      );
    }
    if (x.dtype !== state[k].dtype) {
      throw new TypeError(
        `Cannot build a loop whose body changes the dtype of state ${k} from ${
          state[k].dtype
        } to ${x.dtype}`,
      );
    }
  });
}

function run(
  inputs: readonly Tensor64[],
  node: Node<"loop">,
  environment: Environment,
): Tensor64[] {
  const { counted, body, length } = node.attributes;
  const most = counted ? inputs[0].data[0] : Infinity;
  const values = counted ? inputs.slice(1) : inputs;
  let state = values.slice(0, body.state.length);
  const variables = new Map<Expression, Tensor64>();
  body.captured.forEach((x, k) => variables.set(x, values[body.state.length + k]));
  const rows: Tensor64[][] = body.collect.map(() => []);
  let iterations = 0;
  for (; iterations < most; iterations++) {
    body.state.forEach((x, k) => variables.set(x, state[k]));
    const at = iterations;
    variables.set(body.index, fill([], () => at));
    if (body.condition && environment.run([body.condition], variables)[0].data[0] === 0) break;
    const results = environment.run([...body.next, ...body.collect], variables);
    state = results.slice(0, body.next.length);
    results.slice(body.next.length).forEach((row, k) => rows[k].push(row));
  }
  if (typeof length === "string") environment.sizes.set(length, iterations);
  const collected = rows.map((list, k) => {
    const shape = [iterations, ...(list[0]?.shape ?? environment.shape(body.collect[k].shape))];
    const data = new Float64Array(count(shape));
    list.forEach((row, i) => data.set(row.data, i * row.data.length));
    return { data, shape };
  });
  return [...state, ...collected, fill([], () => iterations)];
}
