import { type Expression, gelu, relu, selu, silu, softplus, tanh } from "../../graph/mod.ts";
import type { Activation } from "../../dsl/spec.ts";

/** The nonlinearities a network can use, elementwise. */
export const ACTIVATIONS: { readonly [K in Activation]: (x: Expression) => Expression } = {
  silu,
  relu,
  tanh,
  gelu,
  softplus,
  selu,
};
