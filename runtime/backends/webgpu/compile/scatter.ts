/**
 * Sums of updates by their places, without atomics of reals: every invocation owns one result, and a workgroup looks through the
 * places together. Those that its results ask for are marked in a set of bits, so that each is met once and in order.
 */
import type { Expression, Node } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import { Emitter } from "../wgsl/emitter.ts";
import { indexAt, linearIndex } from "../wgsl/index.ts";
import { literal } from "../wgsl/literal.ts";
import { lowering } from "../wgsl/lowerings.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import { type Part, type PartOptions, storeAll } from "./part.ts";

/** Places that an invocation looks at in a round. */
const EACH = 4;
/** Bits in a word. */
const BITS = 32;

/** Writes the part of a group that begins with a `scatterAdd`. */
export function scatterPart(options: PartOptions, node: Expression & Node<"scatterAdd">): Part {
  const { group, bindings, leaves, layout: { lanes } } = options;
  const [indices, updates] = node.inputs;
  const { axis } = node.attributes;
  const places = sizesOf(indices);
  const sizes = sizesOf(updates);
  const many = count(places);
  const results = count(group.shape);
  const round = lanes * EACH;
  const flat = [...sizes.slice(0, axis), many, ...sizes.slice(axis + places.length)];
  const emitter = new Emitter(bindings, leaves, lowering);
  emitter.line(`let i = group * ${lanes}u + lane;`);
  const own = emitter.coordinates(linearIndex(group.shape, "i"));
  const inner = count(group.shape.slice(axis + 1));
  const size = group.shape[axis];
  // The places that the workgroup's results ask for: a range, unless it goes on to the next row of places.
  const rows = Math.ceil((lanes - 1) / Math.max(1, inner)) + 1;
  const first = emitter.define(`(group * ${lanes}u / ${Math.max(1, inner)}u) % ${size}u`);
  const total = emitter.variable(literal(0, node.dtype));
  const found = bindings.share("i32", round);
  const flags = bindings.shareFlags(round / BITS);
  const from = emitter.name("from");
  emitter.block(`for (var ${from} = 0u; ${from} < ${many}u; ${from} += ${round}u)`, () => {
    emitter.block(`if (lane < ${round / BITS}u)`, () => {
      emitter.line(`atomicStore(&${flags}[lane], 0u);`);
    });
    emitter.line("workgroupBarrier();");
    const e = emitter.name("e");
    emitter.block(`for (var ${e} = lane; ${e} < ${round}u; ${e} += ${lanes}u)`, () => {
      const k = emitter.define(`${from} + ${e}`);
      emitter.block(`if (${k} < ${many}u)`, () => {
        const place = emitter.define(emitter.at(indices, linearIndex(places, k)));
        emitter.line(`${found}[${e}] = ${place};`);
        const away = emitter.define(`u32(${place}) + ${size}u - ${first}`);
        emitter.block(`if (u32(${place}) < ${size}u && ${away} % ${size}u < ${rows}u)`, () => {
          emitter.line(`atomicOr(&${flags}[${e} / ${BITS}u], 1u << (${e} % ${BITS}u));`);
        });
      });
    });
    emitter.line("workgroupBarrier();");
    const word = emitter.name("word");
    emitter.block(`for (var ${word} = 0u; ${word} < ${round / BITS}u; ${word}++)`, () => {
      const bits = emitter.variable(`atomicLoad(&${flags}[${word}])`);
      emitter.block(`while (${bits} != 0u)`, () => {
        const e = emitter.define(`${word} * ${BITS}u + firstTrailingBit(${bits})`);
        emitter.line(`${bits} = ${bits} & (${bits} - 1u);`);
        emitter.block(`if (u32(${found}[${e}]) == ${own[axis]} && i < ${results}u)`, () => {
          const k = emitter.define(`${from} + ${e}`);
          const at = indexAt(flat, own.map((c, i) => i === axis ? k : c));
          const value = emitter.at(updates, emitter.reshape(at, sizes));
          emitter.line(`${total} = ${total} + ${value};`);
        });
      });
    });
    emitter.line("workgroupBarrier();");
  });
  emitter.block(`if (i < ${results}u)`, () => storeAll(emitter, options, "i", total));
  const workgroups = Math.ceil(results / lanes);
  const work = workgroups * many * 4 + 2 * count(sizes);
  return { lines: emitter.lines, workgroups, work };
}
