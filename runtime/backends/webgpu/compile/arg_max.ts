/** Places of greatest elements by several invocations for each result, who compare what they found in workgroup memory. */
import type { Expression, Node } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import { Emitter } from "../wgsl/emitter.ts";
import { indexAt, linearIndex } from "../wgsl/index.ts";
import { lowering } from "../wgsl/lowerings.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import { mapPart } from "./map.ts";
import { type Part, type PartOptions, storeAll } from "./part.ts";
import { partnersFor, shareLanes } from "./reduction.ts";

/** Writes the part of a group that begins with an `argMax`: of equal elements the first, whoever found it. */
export function argMaxPart(options: PartOptions, node: Expression & Node<"argMax">): Part {
  const { group, bindings, leaves, layout: { lanes } } = options;
  const [x] = node.inputs;
  const { axis } = node.attributes;
  const sizes = sizesOf(x);
  const [results, terms] = [count(group.shape), sizes[axis]];
  const share = partnersFor({ results, terms, lanes });
  if (share === 1) return mapPart(options);
  const emitter = new Emitter(bindings, leaves, lowering);
  const inner = axis === sizes.length - 1;
  const { together, stride } = shareLanes(emitter, { lanes, share, inner });
  const type = x.dtype === "i32" ? "i32" : "f32";
  const greatest = emitter.variable(type === "i32" ? "0i" : "0.0f");
  const best = emitter.variable("0i");
  emitter.block(`if (i < ${results}u)`, () => {
    const outer = emitter.coordinates(linearIndex(group.shape, "i"));
    const at = (k: string): string =>
      emitter.at(x, indexAt(sizes, [...outer.slice(0, axis), k, ...outer.slice(axis)]));
    // All begin with the first element: if that is NaN, nothing is greater, whoever looks.
    emitter.line(`${greatest} = ${at("0u")};`);
    const k = emitter.name("k");
    emitter.block(`for (var ${k} = partner; ${k} < ${terms}u; ${k} += ${share}u)`, () => {
      const value = at(k);
      emitter.block(`if (${value} > ${greatest})`, () => {
        emitter.line(`${greatest} = ${value};`);
        emitter.line(`${best} = i32(${k});`);
      });
    });
  });
  // Elements and places share the memory of integers, since elements may be of either type.
  const shared = bindings.share("i32", 2 * lanes);
  const bits = (value: string): string => type === "i32" ? value : `bitcast<i32>(${value})`;
  const element = (word: string): string => type === "i32" ? word : `bitcast<f32>(${word})`;
  emitter.line(`${shared}[lane] = ${bits(greatest)};`);
  emitter.line(`${shared}[${lanes}u + lane] = ${best};`);
  emitter.line("workgroupBarrier();");
  const half = emitter.name("half");
  emitter.block(`for (var ${half} = ${share / 2}u; ${half} > 0u; ${half} = ${half} >> 1u)`, () => {
    emitter.block(`if (partner < ${half})`, () => {
      const other = emitter.define(stride === 1 ? `lane + ${half}` : `lane + ${half} * ${stride}u`);
      const value = emitter.define(element(`${shared}[${other}]`));
      const found = emitter.define(`${shared}[${lanes}u + ${other}]`);
      const first = `${value} == ${greatest} && ${found} < ${best}`;
      emitter.block(`if (${value} > ${greatest} || (${first}))`, () => {
        emitter.line(`${greatest} = ${value};`);
        emitter.line(`${best} = ${found};`);
      });
      emitter.line(`${shared}[lane] = ${bits(greatest)};`);
      emitter.line(`${shared}[${lanes}u + lane] = ${best};`);
    });
    emitter.line("workgroupBarrier();");
  });
  emitter.block(`if (partner == 0u && i < ${results}u)`, () => {
    storeAll(emitter, options, "i", best);
  });
  return {
    lines: emitter.lines,
    workgroups: Math.ceil(results / together),
    work: results * terms * 2,
  };
}
