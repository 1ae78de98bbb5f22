/**
 * Sums up to each element. Some invocations share a line: each adds up a few neighbours, the sums of those before it come
 * through workgroup memory, and it adds its neighbours up once more, on top of these.
 */
import type { Expression, Node } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import { Emitter } from "../wgsl/emitter.ts";
import { indexAt, linearIndex, product, quotient, remainder, sum } from "../wgsl/index.ts";
import { literal } from "../wgsl/literal.ts";
import { lowering } from "../wgsl/lowerings.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import { type Part, type PartOptions, storeAll } from "./part.ts";

/** Neighbours that an invocation adds up. */
const EACH = 16;
/** Invocations that keep a device busy: with as many lines, each has one. */
const MANY = 16_384;

/** Writes the part of a group that begins with a `cumulativeSum`. */
export function scanPart(options: PartOptions, node: Expression & Node<"cumulativeSum">): Part {
  const { bindings, leaves, layout: { lanes } } = options;
  const [x] = node.inputs;
  const { axis } = node.attributes;
  const sizes = sizesOf(node);
  const length = sizes[axis];
  const lines = count(sizes) / length;
  const inner = count(sizes.slice(axis + 1));
  let share = 1;
  while (share < lanes && lines * share < MANY && length / share > EACH) share *= 2;
  const together = lanes / share;
  // Neighbours read neighbours: partners of one line if its elements lie side by side, else different lines.
  const stride = inner === 1 ? 1 : together;
  const emitter = new Emitter(bindings, leaves, lowering);
  emitter.line(
    inner === 1
      ? `let partner = lane % ${share}u; let place = lane / ${share}u;`
      : `let partner = lane / ${together}u; let place = lane % ${together}u;`,
  );
  emitter.line(`let line = group * ${together}u + place;`);
  const zero = literal(0, node.dtype);
  const carry = emitter.variable(zero);
  const before = emitter.coordinates(
    linearIndex(sizes.filter((_, i) => i !== axis), "line"),
  );
  const elements = (from: string, take: (k: string, value: string) => void): void => {
    const [k, end] = [emitter.name("k"), emitter.define(`min(${from} + ${EACH}u, ${length}u)`)];
    emitter.block(`for (var ${k} = ${from}; ${k} < ${end}; ${k}++)`, () => {
      const at = [...before.slice(0, axis), k, ...before.slice(axis)];
      take(k, emitter.at(x, indexAt(sizes, at)));
    });
  };
  const round = emitter.name("round");
  emitter.block(
    `for (var ${round} = 0u; ${round} < ${length}u; ${round} += ${share * EACH}u)`,
    () => {
      const from = emitter.define(sum(round, product("partner", EACH)));
      const running = emitter.variable(carry);
      if (share > 1) {
        const own = emitter.variable(zero);
        emitter.block(`if (line < ${lines}u)`, () => {
          elements(from, (_k, value) => emitter.line(`${own} = ${own} + ${value};`));
        });
        const shared = bindings.share(node.dtype, lanes);
        emitter.line(`${shared}[lane] = ${own};`);
        emitter.line("workgroupBarrier();");
        const step = emitter.name("step");
        emitter.block(
          `for (var ${step} = 1u; ${step} < ${share}u; ${step} = ${step} << 1u)`,
          () => {
            const other = emitter.variable(zero);
            emitter.block(`if (partner >= ${step})`, () => {
              emitter.line(`${other} = ${shared}[lane - ${product(step, stride)}];`);
            });
            emitter.line("workgroupBarrier();");
            emitter.line(`${shared}[lane] = ${other} + ${shared}[lane];`);
            emitter.line("workgroupBarrier();");
          },
        );
        emitter.block("if (partner > 0u)", () => {
          emitter.line(`${running} = ${carry} + ${shared}[lane - ${stride}u];`);
        });
        const last = inner === 1
          ? `place * ${share}u + ${share - 1}u`
          : `${(share - 1) * together}u + place`;
        emitter.line(`${carry} = ${carry} + ${shared}[${last}];`);
        emitter.line("workgroupBarrier();");
      }
      emitter.block(`if (line < ${lines}u)`, () => {
        elements(from, (k, value) => {
          emitter.line(`${running} = ${running} + ${value};`);
          const outer = product(quotient("line", inner), length);
          const linear = sum(product(sum(outer, k), inner), remainder("line", inner));
          storeAll(
            emitter,
            options,
            emitter.define(linear),
            running,
          );
        });
      });
      if (share === 1) emitter.line(`${carry} = ${running};`);
    },
  );
  const work = 4 * count(sizes);
  return { lines: emitter.lines, workgroups: Math.ceil(lines / together), work };
}
