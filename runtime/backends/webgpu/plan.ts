/** What a program is compiled to: kernels in their order, loops around them, and where everything lies. */
import type { Expression, Node, Shape } from "../../../graph/mod.ts";
import type { Arena, Pair, Place } from "./place.ts";

/** A buffer as a kernel sees it. */
export interface Binding {
  readonly arena: Arena;
  readonly access: "read" | "write";
  /** Whether it is read by fours. */
  readonly fours?: boolean;
}

/** One dispatch. */
export interface DispatchStep {
  readonly kind: "dispatch";
  /** The functions in it, in words. */
  readonly title: string;
  readonly code: string;
  /** In the order of their numbers, after the loop indices if it asks for those. */
  readonly bindings: readonly Binding[];
  /** Whether binding 0 is the indices of the loops around. */
  readonly frame: boolean;
  readonly workgroups: number;
  /** Workgroups side by side where they are too many for that; the rest lie below. */
  readonly across?: number;
  /** Bytes of workgroup memory. */
  readonly shared?: number;
  /** Operations, roughly. */
  readonly work: number;
}

/** Tensors that iterations collect, of a length that is known only after the loop. */
export interface Rows {
  readonly arena: Arena;
  /** Words in a row. */
  readonly row: number;
}

/** A loop. */
export interface LoopStep {
  readonly kind: "loop";
  readonly level: number;
  readonly node: Node<"loop">;
  /** The number of iterations, or the most there may be, as an expression of what the host knows. */
  readonly count: Expression | null;
  /** Initial states. */
  readonly copies: readonly { readonly from: Place; readonly to: Place }[];
  readonly pair: Pair;
  readonly body: readonly Step[];
  /** Where the device decides whether to go on; null if the count is the number of iterations. */
  readonly gate: Gate | null;
  /** Where the number of iterations is wanted. */
  readonly iterations: Place | null;
  readonly rows: readonly Rows[];
}

/** Decides on the device whether an iteration still runs. */
export interface Gate {
  readonly arena: Arena;
  /** Whether to go on, and the iterations done. */
  readonly words: readonly [go: Place, done: Place];
  readonly steps: readonly Step[];
}

/** A kernel each of whose workgroups takes a few rows through a whole program. */
export interface RowsStep {
  readonly kind: "rows";
  readonly kernel: DispatchStep;
  /** Rows of a workgroup. */
  readonly tile: number;
  /** Rows in all. */
  readonly total: number;
  /** Rows that tensors of all rows have room for. */
  readonly room: number;
  /** What is done some iterations in a dispatch. */
  readonly loop: RowsLoop | null;
}

/** The loop of a kernel over rows. */
export interface RowsLoop {
  /** The number of iterations, or the most there may be, as an expression of what the host knows. */
  readonly count: Expression | null;
  /** Operations of an iteration, roughly. */
  readonly work: number;
  /** Where each workgroup says whether its rows are still on their way; null if the count is the number of iterations. */
  readonly alive: Place | null;
}

/** What is done one after the other. */
export type Step = DispatchStep | LoopStep | RowsStep;

/** Numbers that lie at a place from the start. */
export interface Filled {
  readonly place: Place;
  readonly data: ArrayLike<number>;
}

/** A compiled program for one set of sizes. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly arenas: readonly Arena[];
  readonly filled: readonly Filled[];
  readonly inputs: ReadonlyMap<string, Place>;
  readonly outputs: readonly {
    readonly name: string;
    readonly place: Place;
    /** A name for a size is the number of rows that a loop collected. */
    readonly shape: Shape;
  }[];
  /** States that were set aside, and where they go at the end. */
  readonly copies: readonly { readonly from: Place; readonly to: Place }[];
}
