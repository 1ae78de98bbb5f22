import { InputError } from "../../dsl/error.ts";
import { broadcast, fromJSON, type GraphJSON, inputsOf, reshape, toJSON } from "../../graph/mod.ts";
import { applyTraced } from "../traced.ts";
import { flopsOf } from "./flops.ts";
import { withTimePerRow } from "./time_per_row.ts";
import type { Parameter, Velocity } from "./velocity.ts";

/** A network that was read from a file, without its weights. */
export interface Network {
  /** Number of coordinates. */
  readonly dim: number;
  /**
   * What it computes, of the inputs "x" ["n", dim], "t" (["n", 1], or [] if it takes one time for all rows) and one input
   * for each tensor of weights.
   */
  readonly field: GraphJSON;
  /** SHA-256 of what it computes and of its weights. */
  readonly digest: string;
}

/** The velocity of a network; its parameters are the weights that came with it. */
export function ofNetwork({ field }: Network): Velocity {
  const [y] = fromJSON(field);
  const inputs = inputsOf([y]).map(({ attributes }) => attributes as Parameter);
  const parameters = inputs.filter(({ name }) => name !== "t" && name !== "x")
    .map(({ name, shape }): Parameter => ({ name, shape, init: { kind: "given" } }));
  const sharesTime = inputs.some(({ name, shape }) => name === "t" && shape.length === 0);
  const perRow = sharesTime ? toJSON([withTimePerRow(y)]) : field;
  return {
    name: "onnx",
    parameters,
    apply(weights, t, x) {
      const rows = x.shape[0];
      const given = Object.fromEntries(parameters.map(({ name }, i) => [name, weights[i]]));
      if (sharesTime && t.shape[0] === 1) {
        return applyTraced(field, { rows, inputs: { ...given, t: reshape(t, []), x } });
      }
      return applyTraced(perRow, { rows, inputs: { ...given, t: broadcast(t, [rows, 1]), x } });
    },
    flops: (batch) => flopsOf(field, batch),
  };
}

/** Refuses a pipeline whose network has not been read. */
export function missingNetwork(): never {
  throw new InputError(
    "velocity: the network is known only once its file is read; use run()",
    { field: "velocity" },
  );
}
