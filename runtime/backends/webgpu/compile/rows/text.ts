import type { Expression, Node } from "../../../../../graph/mod.ts";
import { Emitter, type Leaf } from "../../wgsl/emitter.ts";
import { lowering } from "../../wgsl/lowerings.ts";
import type { Place } from "../../place.ts";
import type { TileBindings } from "./bindings.ts";

/** The functions of one kernel over rows, as they are written. */
export class TileText {
  /** What they say. */
  readonly functions: string[] = [];
  /** Numbers of loops inside each other at most. */
  levels = 0;

  constructor(
    readonly bindings: TileBindings,
    readonly options: {
      /** Invocations in a workgroup. */
      readonly lanes: number;
      /** Where a tensor of constants lies. */
      constant(node: Expression & Node<"constant">): Place;
    },
  ) {}

  /** Adds a function that every invocation calls, and says how. */
  call(leaf: (node: Expression) => Leaf | null, write: (emitter: Emitter) => void): string {
    return `${this.#add("unit", leaf, write)}(lane);`;
  }

  /** Adds a function for a value, and says how to call it. */
  value(
    leaf: (node: Expression) => Leaf | null,
    { type, write }: { readonly type: string; readonly write: (emitter: Emitter) => string },
  ): string {
    const name = this.#add("value", leaf, (emitter) => {
      emitter.line(`return ${write(emitter)};`);
    }, ` -> ${type}`);
    return `${name}(lane)`;
  }

  /** Does something for every number below a length, shared by the invocations. */
  each(emitter: Emitter, length: number, body: (i: string) => void): void {
    const { lanes } = this.options;
    if (length <= lanes) return emitter.block(`if (lane < ${length}u)`, () => body("lane"));
    emitter.block(`for (var i = lane; i < ${length}u; i += ${lanes}u)`, () => body("i"));
  }

  #add(
    kind: string,
    leaf: (node: Expression) => Leaf | null,
    write: (emitter: Emitter) => void,
    result = "",
  ): string {
    const emitter = new Emitter(this.bindings, leaf, lowering);
    write(emitter);
    const name = `${kind}${this.functions.length}`;
    const lines = emitter.lines.map((line) => `  ${line}`);
    this.functions.push([`fn ${name}(lane: u32)${result} {`, ...lines, "}"].join("\n"));
    return name;
  }
}
