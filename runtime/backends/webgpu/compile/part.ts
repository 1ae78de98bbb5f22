/** One function of a kernel: it computes a group, however many invocations that takes. */
import type { Expression } from "../../../../graph/mod.ts";
import type { Place } from "../place.ts";
import type { Bindings, Emitter, Leaves } from "../wgsl/emitter.ts";
import { type Index, linearIndex } from "../wgsl/index.ts";
import type { Group } from "./units.ts";

/** How kernels are laid out for a device. */
export interface Layout {
  /** Invocations in a workgroup, a power of two from 16 on; fewer where a GPU takes no more. */
  readonly lanes: number;
  /** Whether matrix products go through workgroup memory, which pays on a GPU and not on a processor. */
  readonly tiled: boolean;
  /**
   * Whether kernels that do not need each other are one dispatch. A processor that plays a GPU runs every branch of a
   * kernel in every workgroup, so there it does not pay.
   */
  readonly merged: boolean;
  /**
   * How often a tile of rows may double: one that suits a core keeps a GPU of a hundred idle, and each kind is compiled,
   * which takes a processor that plays a GPU a second.
   */
  readonly doublings: number;
  /** Workgroups that keep the device busy: long sums of fewer are split. */
  readonly busy: number;
  /**
   * How programs over rows are one kernel, each workgroup with a few rows; null where that does not pay.
   */
  readonly whole: WholeLayout | null;
}

/** How a workgroup takes rows through a whole program. */
export interface WholeLayout {
  /** Invocations in a workgroup. */
  readonly lanes: number;
  /** Rows of a workgroup at most, a power of two. */
  readonly rows: number;
}

/** What a group stores where. */
export interface Writes {
  readonly group: Group;
  readonly stores: readonly { readonly node: Expression; readonly place: Place }[];
}

/** What a part is written with. */
export interface PartOptions extends Writes {
  readonly bindings: Bindings;
  readonly leaves: Leaves;
  readonly layout: Layout;
}

/** A function of a kernel; its parameters are `group`, the workgroup's number, and `lane`. */
export interface Part {
  readonly lines: readonly string[];
  readonly workgroups: number;
  /** Operations, roughly. */
  readonly work: number;
}

/** Stores what a group makes at a place in row-major order of its shape, where the value of what begins it is known. */
export function storeAll(
  emitter: Emitter,
  { group, stores }: Writes,
  linear: string,
  heavy: string | null,
): void {
  const index: Index = linearIndex(group.shape, linear);
  if (group.heavy !== null && heavy !== null) emitter.preset(group.heavy, index, heavy);
  // All is read before anything is written, since some of it may be written over.
  const values = stores.map(({ node }) =>
    emitter.at(node, emitter.broadcast(index, node.shape as readonly number[]))
  );
  stores.forEach(({ place }, i) => {
    emitter.line(emitter.bindings.store(place, linear, values[i]));
  });
}
