import {
  evaluate,
  type Expression,
  fromJSON,
  type GraphJSON,
  inputsOf,
  sameShape,
  type Shape,
  showShape,
  toJSON,
  trace,
  type TraceArgument,
  type Value,
} from "../graph/mod.ts";
import { InputError } from "./error.ts";
import { elementMixer, rowMixer } from "./row_by_row.ts";

/** What a traced function may depend on, and what it returns. */
export interface Signature {
  readonly inputs: readonly TraceArgument[];
  readonly result: Shape;
  /** What else is wrong with a result of that shape, in words. */
  readonly fault: (y: Expression) => string | undefined;
}

/** Weight of an interpolant: a number for a time, which is handed a time for each sample later. */
export const weightSignature: Signature = {
  inputs: [{ name: "t", shape: [] }],
  result: [],
  fault: (y) => {
    const mixer = elementMixer(y);
    if (mixer !== null) return `must be elementwise in t: found "${mixer}"`;
  },
};

/** Velocity in `dim` coordinates: a row for the time and place of each row, whatever the others are. */
export function fieldSignature(dim: number): Signature {
  return {
    inputs: [{ name: "t", shape: ["n", 1] }, { name: "x", shape: ["n", dim] }],
    result: ["n", dim],
    fault: (y) => {
      const mixer = rowMixer(y);
      if (mixer !== null) {
        return `must give each sample's velocity from that sample alone: "${mixer}" mixes rows`;
      }
    },
  };
}

/** What is wrong with the graph of a traced function, in words; undefined for nothing. */
function fault(y: Expression, { inputs, result, fault }: Signature): string | undefined {
  if (y.dtype !== "f32" || !sameShape(y.shape, result)) {
    const numbers = result.length === 0 ? "a number" : `${showShape(result)} numbers`;
    return `must return ${numbers}: found ${y.dtype} ${showShape(y.shape)}`;
  }
  for (const { attributes, shape } of inputsOf([y])) {
    const { name } = attributes as { name: string };
    const known = inputs.find((input) => input.name === name);
    if (known !== undefined && sameShape(known.shape, shape)) continue;
    const accepted = inputs.map((input) => `${input.name} ${showShape(input.shape)}`).join(" and ");
    return `must depend on ${accepted} alone: found ${name} ${showShape(shape)}`;
  }
  return fault(y);
}

/**
 * Runs a user's function once on symbols, and returns what it computes as plain data.
 *
 * @throws {InputError} If the function fails, returns something of another shape, or mixes what must be apart.
 */
export function traced(
  what: string,
  fn: (...args: Expression[]) => Value,
  signature: Signature,
): GraphJSON {
  let result: Expression;
  try {
    result = trace(fn, signature.inputs);
  } catch (cause) {
    throw new InputError(`${what} cannot be traced: ${(cause as Error).message}`, { cause });
  }
  const problem = fault(result, signature);
  if (problem !== undefined) throw new InputError(`${what} ${problem}`);
  return toJSON([result]);
}

/** The same graph in the one form that equal graphs share; what is no graph is left as it is. */
export function canonicalGraph(json: GraphJSON): GraphJSON {
  try {
    return toJSON(fromJSON(json));
  } catch {
    return json;
  }
}

/** What is wrong with plain data that should be the graph of a traced function. */
export function graphFault(json: GraphJSON, signature: Signature): string | undefined {
  let results: Expression[];
  try {
    results = fromJSON(json);
  } catch (cause) {
    return `must be a traced function: ${(cause as Error).message}`;
  }
  return results.length === 1
    ? fault(results[0], signature)
    : `must have one result: found ${results.length}`;
}

/** The value of a traced weight at time t. */
export function weightAt(json: GraphJSON, t: number): number {
  const [{ data }] = evaluate(fromJSON(json), { t: { data: [t], shape: [] } });
  return data[0];
}
