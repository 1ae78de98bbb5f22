/** Programs: what a backend loads and runs. */
import type { Expression } from "./types.ts";

/** A pure tensor function (inputs, state) -> (outputs, next state). */
export interface Program {
  /** What messages call it. */
  readonly name: string;
  /** What is handed in at every call; the inputs of the state are not among them. */
  readonly inputs: readonly Expression[];
  /** What stays between calls: read as `input`, then replaced by `next`. */
  readonly state: readonly { readonly input: Expression; readonly next: Expression }[];
  /** What is handed out at every call. */
  readonly outputs: Readonly<Record<string, Expression>>;
}

/** Every expression that a program computes: its outputs, then the next state. */
export function rootsOfProgram({ outputs, state }: Program): Expression[] {
  return [...Object.values(outputs), ...state.map(({ next }) => next)];
}
