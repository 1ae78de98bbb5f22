/** Sums and maxima by several invocations for each result, who put their parts together in workgroup memory. */
import type { Expression, Node } from "../../../../graph/mod.ts";
import { count, stridesOf } from "../../../../graph/shape.ts";
import { Emitter } from "../wgsl/emitter.ts";
import { indexAt, linearIndex, quotient, remainder } from "../wgsl/index.ts";
import { combine, lowering, startOf } from "../wgsl/lowerings.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import { type Part, type PartOptions, storeAll } from "./part.ts";

/** Results of which one invocation each keeps a device busy: that many need no partners. */
const MANY = 16_384;
/** Terms below which an invocation works alone. */
const FEW = 64;

/** A reduction that several invocations share. */
type Reduction = Expression & (Node<"sum"> | Node<"reduceMax">);

/** How many invocations make one result: a power of two, 1 if it is not worth sharing. */
export function partners(node: Expression | null, lanes: number): number {
  if (node === null || (node.op !== "sum" && node.op !== "reduceMax")) return 1;
  if (node.dtype === "bool") return 1;
  return partnersFor({ results: count(sizesOf(node)), terms: extentOf(node), lanes });
}

/** How many of a workgroup's invocations make one of so many results of so many terms. */
export function partnersFor(
  { results, terms, lanes }: {
    readonly results: number;
    readonly terms: number;
    readonly lanes: number;
  },
): number {
  if (results >= MANY || terms < FEW) return 1;
  let share = 1;
  while (share < lanes && results * share < MANY && terms / share > 8) share *= 2;
  return share;
}

function extentOf({ inputs: [x], attributes: { axes } }: Reduction): number {
  return axes.reduce((n, axis) => n * sizesOf(x)[axis], 1);
}

/**
 * Lets `share` lanes be partners of one result: declares `partner`, which of them a lane is, and `i`, their result's number.
 * Gives the results of a workgroup and the lanes between neighbouring partners.
 *
 * @param options `inner`: whether the terms of a result lie side by side.
 */
export function shareLanes(
  emitter: Emitter,
  { lanes, share, inner }: {
    readonly lanes: number;
    readonly share: number;
    readonly inner: boolean;
  },
): { readonly together: number; readonly stride: number } {
  const together = lanes / share;
  // Neighbours read neighbours: partners of one result if its terms lie side by side, else different results.
  emitter.line(
    inner
      ? `let partner = lane % ${share}u; let place = lane / ${share}u;`
      : `let partner = lane / ${together}u; let place = lane % ${together}u;`,
  );
  emitter.line(`let i = group * ${together}u + place;`);
  return { together, stride: inner ? 1 : together };
}

/** A workgroup makes as many results as it has lanes for. */
export function reductionPart(options: PartOptions, share: number): Part {
  const { group, bindings, leaves, layout: { lanes } } = options;
  const node = group.heavy as Reduction;
  const [x] = node.inputs;
  const { axes, keep } = node.attributes;
  const sizes = sizesOf(x);
  const [results, terms] = [count(group.shape), extentOf(node)];
  const emitter = new Emitter(bindings, leaves, lowering);
  const inner = axes.includes(sizes.length - 1);
  const { together, stride } = shareLanes(emitter, { lanes, share, inner });
  const start = startOf(node.op, node.dtype);
  if (start.includes("bits_")) emitter.use("bits_");
  const total = emitter.variable(start);
  const reduced = axes.map((axis) => sizes[axis]);
  const strides = stridesOf(reduced);
  const k = emitter.name("k");
  emitter.block(`if (i < ${results}u)`, () => {
    const outer = emitter.coordinates(linearIndex(group.shape, "i"));
    emitter.block(`for (var ${k} = partner; ${k} < ${terms}u; ${k} += ${share}u)`, () => {
      let next = 0;
      const place = sizes.map((_, axis) => {
        const which = axes.indexOf(axis);
        if (which < 0) return outer[next++];
        if (keep) next++;
        const whole = quotient(k, strides[which]);
        return emitter.define(which === 0 ? whole : remainder(whole, reduced[which]));
      });
      const value = emitter.at(x, indexAt(sizes, place));
      emitter.line(`${total} = ${combine(emitter, node.op, node.dtype, [total, value])};`);
    });
  });
  const shared = bindings.share(node.dtype, lanes);
  emitter.line(`${shared}[lane] = ${total};`);
  emitter.line("workgroupBarrier();");
  const half = emitter.name("half");
  emitter.block(`for (var ${half} = ${share / 2}u; ${half} > 0u; ${half} = ${half} >> 1u)`, () => {
    emitter.block(`if (partner < ${half})`, () => {
      const other = stride === 1
        ? `${shared}[lane + ${half}]`
        : `${shared}[lane + ${half} * ${stride}u]`;
      emitter.line(
        `${shared}[lane] = ${combine(emitter, node.op, node.dtype, [`${shared}[lane]`, other])};`,
      );
    });
    emitter.line("workgroupBarrier();");
  });
  emitter.block(`if (partner == 0u && i < ${results}u)`, () => {
    const value = emitter.define(`${shared}[lane]`);
    storeAll(emitter, options, "i", value);
  });
  return {
    lines: emitter.lines,
    workgroups: Math.ceil(results / together),
    work: results * terms * 2,
  };
}
