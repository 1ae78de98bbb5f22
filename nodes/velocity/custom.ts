import {
  broadcast,
  type Expression,
  fromJSON,
  type GraphJSON,
  inputsOf,
  substitute,
} from "../../graph/mod.ts";
import { InputError } from "../../dsl/error.ts";
import type { Velocity } from "./velocity.ts";

/**
 * A closed-form field from a traced function with inputs `t` ["n", 1] and `x` ["n", dim].
 *
 * @throws {InputError} If the graph has other inputs, not one result, or a result of another shape than x.
 */
export function custom({ field, dim }: { field: GraphJSON; dim: number }): Velocity {
  const results = fromJSON(field);
  if (results.length !== 1) {
    throw new InputError(
      `A custom velocity must be one expression of t and x, found ${results.length}`,
    );
  }
  const inputs = inputsOf(results);
  const stranger = inputs.find((e) => e.attributes.name !== "t" && e.attributes.name !== "x");
  if (stranger !== undefined) {
    throw new InputError(
      `A custom velocity must depend on t and x alone, found an input named "${stranger.attributes.name}"`,
    );
  }
  return {
    name: "custom",
    parameters: [],
    apply(_parameters, t, x) {
      const rows = x.shape[0];
      const arguments_: Record<string, Expression> = {
        t: t.shape[0] === rows ? t : broadcast(t, [rows, 1]),
        x,
      };
      const [v] = substitute(
        results,
        new Map(inputs.map((e) => [e, arguments_[e.attributes.name]])),
      );
      return v.shape[0] === rows ? v : broadcast(v, [rows, dim]);
    },
    flops: () => 0,
  };
}
