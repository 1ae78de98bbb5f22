import {
  type Expression,
  fromJSON,
  type GraphJSON,
  inputsOf,
  substitute,
} from "../../graph/mod.ts";
import { InputError } from "../../dsl/error.ts";
import type { Interpolant } from "./interpolant.ts";

/**
 * An interpolant from two traced functions of one scalar input `t`.
 *
 * @throws {InputError} If a graph has another input than `t`, or not one result.
 */
export function custom(graphs: { a: GraphJSON; b: GraphJSON }): Interpolant {
  return {
    name: "custom",
    source: "this pipeline",
    a: weight("a", graphs.a),
    b: weight("b", graphs.b),
  };
}

function weight(name: "a" | "b", json: GraphJSON): (t: Expression) => Expression {
  const results = fromJSON(json);
  if (results.length !== 1) {
    throw new InputError(
      `The weight ${name}(t) of a custom interpolant must be one expression, found ${results.length}`,
    );
  }
  const inputs = inputsOf(results);
  const stranger = inputs.find((e) => e.attributes.name !== "t");
  if (stranger !== undefined) {
    throw new InputError(
      `The weight ${name}(t) of a custom interpolant must depend on t alone, found an input named "${stranger.attributes.name}"`,
    );
  }
  return (t) => substitute(results, new Map(inputs.map((from) => [from, t])))[0];
}
