import { count } from "../../../../graph/shape.ts";
import { Emitter } from "../wgsl/emitter.ts";
import { lowering } from "../wgsl/lowerings.ts";
import { type Part, type PartOptions, storeAll } from "./part.ts";

/** One invocation for each element. */
export function mapPart(options: PartOptions): Part {
  const { group, bindings, leaves, layout: { lanes } } = options;
  const length = count(group.shape);
  const emitter = new Emitter(bindings, leaves, lowering);
  emitter.line(`let i = group * ${lanes}u + lane;`);
  emitter.line(`if (i >= ${length}u) { return; }`);
  storeAll(emitter, options, "i", null);
  return {
    lines: emitter.lines,
    workgroups: Math.ceil(length / lanes),
    work: length *
      (group.heavy === null
        ? emitter.lines.length
        : lowering(group.heavy).cost(group.heavy as never)),
  };
}
