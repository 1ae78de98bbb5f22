import { concat, type Expression, reshape } from "../../graph/mod.ts";
import { InputError } from "../error.ts";
import type { Joined } from "../spec/velocity.ts";
import type { TfjsModel, TfjsSymbol } from "./model.ts";
import type { ReadModel } from "./read_model.ts";

/** Which input of a model is what. */
export interface TfjsInputs {
  /** Name of the input that takes the time. Default: told by name and shape. */
  readonly time?: string | null;
  /** Name of the input that takes the state. Default: the other one. */
  readonly state?: string | null;
  /** Order of state and time in one input [batch, dim + 1]. Default: two inputs. */
  readonly joined?: Joined | null;
}

/** A velocity of a model, before it is traced. */
export interface TfjsField {
  /** Number of coordinates. */
  readonly dim: number;
  /** Shapes: t is [n, 1]; x and the result are [n, dim]. */
  field(t: Expression, x: Expression): Expression;
}

/**
 * The velocity that a model computes.
 *
 * @throws {InputError} If its inputs and output cannot be those of a velocity.
 */
export function fieldOf(model: TfjsModel, read: ReadModel, options: TfjsInputs): TfjsField {
  const { inputs, outputs } = model;
  if (outputs.length !== 1) {
    throw refused(`a velocity is one output: found ${names(outputs)}`);
  }
  const dim = widthOf(outputs[0]);
  if (dim === null || outputs[0].shape.length !== 2) {
    throw refused(`the output must be [batch, dim]: found ${shown(outputs[0])}`);
  }
  const { joined = null } = options;
  if (joined !== null || inputs.length === 1) return oneInput(model, read, dim, joined);
  const { time, state } = twoInputs(model, dim, options);
  const at = { time: inputs.indexOf(time), state: inputs.indexOf(state) };
  return {
    dim,
    field(t, x) {
      const given: Expression[] = [];
      given[at.time] = time.shape.length === 1 ? reshape(t, [t.shape[0]]) : t;
      given[at.state] = x;
      return read.apply(given)[0];
    },
  };
}

function oneInput(
  { inputs }: TfjsModel,
  read: ReadModel,
  dim: number,
  joined: Joined | null,
): TfjsField {
  if (joined === null) {
    throw refused(
      `one input must hold both state and time; say in which order with joined: "stateFirst" or "timeFirst"`,
    );
  }
  if (inputs.length !== 1 || inputs[0].shape.length !== 2 || widthOf(inputs[0]) !== dim + 1) {
    throw refused(
      `with joined there is one input [batch, ${
        dim + 1
      }], as the output is [batch, ${dim}]: found ${names(inputs)}`,
    );
  }
  return {
    dim,
    field: (t, x) => read.apply([concat(joined === "stateFirst" ? [x, t] : [t, x], 1)])[0],
  };
}

function twoInputs(
  { inputs }: TfjsModel,
  dim: number,
  options: TfjsInputs,
): { readonly time: TfjsSymbol; readonly state: TfjsSymbol } {
  if (inputs.length !== 2) {
    throw refused(`a velocity takes a time and a state: found ${names(inputs)}`);
  }
  const named = (name: string): TfjsSymbol => {
    const found = inputs.find((symbol) => symbol.name === name);
    if (found !== undefined) return found;
    throw refused(`there is no input "${name}": found ${names(inputs)}`);
  };
  const other = (symbol: TfjsSymbol): TfjsSymbol => inputs[1 - inputs.indexOf(symbol)];
  const time = options.time
    ? named(options.time)
    : options.state
    ? other(named(options.state))
    : guessed(inputs);
  const state = options.state ? named(options.state) : other(time);
  const narrow = time.shape.length === 1 || time.shape.length === 2 && widthOf(time) === 1;
  if (!narrow || state === time || state.shape.length !== 2 || widthOf(state) !== dim) {
    throw refused(
      `the time must be [batch, 1] or [batch] and the state [batch, ${dim}], as the output: found ${
        shown(time)
      } and ${shown(state)}`,
    );
  }
  return { time, state };
}

/** The input that is called a time, or that alone is one number wide. */
function guessed(inputs: readonly TfjsSymbol[]): TfjsSymbol {
  const called = inputs.filter(({ name }) => /^(t|time)\d*(_input)?$/i.test(name));
  const narrow = inputs.filter((symbol) => symbol.shape.length === 1 || widthOf(symbol) === 1);
  for (const found of [called, narrow]) if (found.length === 1) return found[0];
  throw refused(
    `which input is the time cannot be told from ${names(inputs)}; name it with time: "..."`,
  );
}

function widthOf({ shape }: TfjsSymbol): number | null {
  return shape[shape.length - 1] ?? null;
}

function shown({ name, shape }: TfjsSymbol): string {
  return `${name} [${shape.map((dim) => dim ?? "batch").join(", ")}]`;
}

function names(symbols: readonly TfjsSymbol[]): string {
  return symbols.map(shown).join(", ") || "none";
}

function refused(why: string): InputError {
  return new InputError(`velocity.tfjs: ${why}`, { field: "model" });
}
