import type { DType, Expression, Node, OpName } from "../../../../graph/mod.ts";
import { count } from "../../../../graph/shape.ts";
import { streamKey } from "../../../../graph/threefry.ts";
import { ELEMENTWISE, type ElementwiseName } from "./elementwise.ts";
import type { Emitter, Lowering } from "./emitter.ts";
import { type Index, indexAt, linearIndex, product, sum } from "./index.ts";
import { literal, whole } from "./literal.ts";
import { sizesOf } from "./sizes.ts";

/** Every op: a new one does not compile until it stands here. */
export const LOWERINGS: { readonly [K in OpName]: Lowering<K> } = {
  input: unbound(),
  variable: unbound(),
  constant: {
    at: ({ attributes: { data }, dtype }, _index, emitter) => {
      const text = literal(data[0], dtype);
      if (text.includes("bits_")) emitter.use("bits_");
      return text;
    },
    cost: () => 0,
    reads: () => 0,
    pointwise: false,
  },
  iota: {
    at: (_node, index, emitter) => `i32(${emitter.coordinates(index)[0]})`,
    cost: () => 1,
    reads: () => 0,
    pointwise: false,
  },
  size: {
    at: ({ attributes: { dim } }) => literal(dim as number, "i32"),
    cost: () => 0,
    reads: () => 0,
    pointwise: false,
  },

  ...elementwise(),

  sum: folding("sum"),
  reduceMax: folding("reduceMax"),
  argMax: {
    at: (node, index, emitter) => {
      const { axis } = node.attributes;
      const [x] = node.inputs;
      const sizes = sizesOf(x);
      const at = (k: string): string => {
        const place = [...emitter.coordinates(index)];
        place.splice(axis, 0, k);
        return emitter.at(x, indexAt(sizes, place));
      };
      const best = emitter.variable("0i");
      const greatest = emitter.variable(at("0u"));
      emitter.each(sizes[axis], (k) => {
        const value = at(k);
        emitter.block(`if (${value} > ${greatest})`, () => {
          emitter.line(`${greatest} = ${value};`);
          emitter.line(`${best} = i32(${k});`);
        });
      });
      return best;
    },
    cost: ({ inputs: [x], attributes: { axis } }) => 2 * sizesOf(x)[axis],
    reads: ({ inputs: [x], attributes: { axis } }) => sizesOf(x)[axis],
    pointwise: false,
  },
  cumulativeSum: {
    at: (node, index, emitter) => {
      const { axis } = node.attributes;
      const [x] = node.inputs;
      const coordinates = emitter.coordinates(index);
      const total = emitter.variable(literal(0, node.dtype));
      const k = emitter.name("k");
      emitter.block(`for (var ${k} = 0u; ${k} <= ${coordinates[axis]}; ${k}++)`, () => {
        const place = indexAt(index.shape, coordinates.map((c, i) => i === axis ? k : c));
        emitter.line(`${total} = ${total} + ${emitter.at(x, place)};`);
      });
      return total;
    },
    cost: ({ shape, attributes: { axis } }) => shape[axis] as number,
    reads: ({ shape, attributes: { axis } }) => shape[axis] as number,
    pointwise: false,
  },

  matmul: {
    at: (node, index, emitter) => {
      const [a, b] = node.inputs;
      const { transposeA, transposeB } = node.attributes;
      const coordinates = emitter.coordinates(index);
      const [m, n] = coordinates.slice(-2);
      const of = (x: Expression, row: string, column: string): string => {
        const sizes = sizesOf(x);
        const batch = coordinates.slice(0, -2).slice(node.shape.length - sizes.length);
        return emitter.at(
          x,
          indexAt(sizes, [...batch.map((c, i) => sizes[i] === 1 ? "0u" : c), row, column]),
        );
      };
      return accumulate(emitter, innerSize(node), (k) => {
        const left = transposeA ? of(a, k, m) : of(a, m, k);
        return `${left} * ${transposeB ? of(b, n, k) : of(b, k, n)}`;
      });
    },
    cost: (node) => 2 * innerSize(node),
    reads: innerSize,
    pointwise: false,
  },
  convolution: {
    at: (node, index, emitter) => {
      const [x, w] = node.inputs;
      const [[, channels, height, width], [, , rows, columns]] = [sizesOf(x), sizesOf(w)];
      const { strides, padding } = node.attributes;
      const [s, f, r, q] = emitter.coordinates(index);
      const total = emitter.variable("0.0f");
      emitter.each(channels, (c) =>
        emitter.each(rows, (u) =>
          emitter.each(columns, (v) => {
            const i = emitter.define(sum(product(r, strides[0]), u));
            const j = emitter.define(sum(product(q, strides[1]), v));
            within(emitter, [[i, padding[0][0], height], [j, padding[1][0], width]], (at) => {
              const value = emitter.at(x, indexAt(sizesOf(x), [s, c, ...at]));
              const weight = emitter.at(w, indexAt(sizesOf(w), [f, c, u, v]));
              emitter.line(`${total} = ${total} + ${value} * ${weight};`);
            });
          })));
      return total;
    },
    cost: ({ inputs: [, w] }) => 6 * count(sizesOf(w).slice(1)),
    reads: ({ inputs: [, w] }) => count(sizesOf(w).slice(1)),
    pointwise: false,
  },
  convolutionInput: {
    at: (node, index, emitter) => {
      const [g, w] = node.inputs;
      const [[, , height, width], [features, , rows, columns]] = [sizesOf(g), sizesOf(w)];
      const { strides, padding } = node.attributes;
      const [s, c, i, j] = emitter.coordinates(index);
      const total = emitter.variable("0.0f");
      emitter.each(features, (f) =>
        emitter.each(rows, (u) =>
          emitter.each(columns, (v) => {
            const row = emitter.define(`${sum(i, whole(padding[0][0]))} - ${u}`);
            const column = emitter.define(`${sum(j, whole(padding[1][0]))} - ${v}`);
            const onGrid = `${row} % ${strides[0]}u == 0u && ${column} % ${strides[1]}u == 0u`;
            // A number below 0 has wrapped to a large one, so that one comparison is enough.
            const inside = `${row} < ${height * strides[0]}u && ${column} < ${width * strides[1]}u`;
            emitter.block(`if (${onGrid} && ${inside})`, () => {
              const at = [`(${row} / ${strides[0]}u)`, `(${column} / ${strides[1]}u)`];
              const value = emitter.at(g, indexAt(sizesOf(g), [s, f, ...at]));
              const weight = emitter.at(w, indexAt(sizesOf(w), [f, c, u, v]));
              emitter.line(`${total} = ${total} + ${value} * ${weight};`);
            });
          })));
      return total;
    },
    cost: ({ inputs: [, w] }) => 8 * count(sizesOf(w)) / Math.max(1, sizesOf(w)[1]),
    reads: ({ inputs: [, w] }) => count(sizesOf(w)) / Math.max(1, sizesOf(w)[1]),
    pointwise: false,
  },
  convolutionWeight: {
    at: (node, index, emitter) => {
      const [x, g] = node.inputs;
      const [[images, , height, width], [, , rows, columns]] = [sizesOf(x), sizesOf(g)];
      const { strides, padding } = node.attributes;
      const [f, c, u, v] = emitter.coordinates(index);
      const total = emitter.variable("0.0f");
      emitter.each(images, (s) =>
        emitter.each(rows, (r) =>
          emitter.each(columns, (q) => {
            const i = emitter.define(sum(product(r, strides[0]), u));
            const j = emitter.define(sum(product(q, strides[1]), v));
            within(emitter, [[i, padding[0][0], height], [j, padding[1][0], width]], (at) => {
              const value = emitter.at(x, indexAt(sizesOf(x), [s, c, ...at]));
              const slope = emitter.at(g, indexAt(sizesOf(g), [s, f, r, q]));
              emitter.line(`${total} = ${total} + ${value} * ${slope};`);
            });
          })));
      return total;
    },
    cost: ({ inputs: [, g] }) => 6 * count(sizesOf(g)) / Math.max(1, sizesOf(g)[1]),
    reads: ({ inputs: [, g] }) => count(sizesOf(g)) / Math.max(1, sizesOf(g)[1]),
    pointwise: false,
  },

  reshape: layout((node, index, emitter) => emitter.reshape(index, sizesOf(node.inputs[0])), {
    pointwise: true,
  }),
  transpose: layout((node, index, emitter) => {
    const { permutation } = node.attributes;
    const coordinates = emitter.coordinates(index);
    const own = permutation.map((_, axis) => coordinates[permutation.indexOf(axis)]);
    return indexAt(sizesOf(node.inputs[0]), own);
  }),
  broadcast: layout((node, index, emitter) => emitter.broadcast(index, sizesOf(node.inputs[0])), {
    pointwise: true,
  }),
  slice: layout((node, index, emitter) => {
    const { starts, steps } = node.attributes;
    const own = emitter.coordinates(index).map((c, i) =>
      sum(product(c, steps[i]), whole(starts[i]))
    );
    return indexAt(sizesOf(node.inputs[0]), own);
  }),
  reverse: layout((node, index, emitter) => {
    const { axes } = node.attributes;
    const own = emitter.coordinates(index).map((c, i) =>
      axes.includes(i) ? `(${index.shape[i] - 1}u - ${c})` : c
    );
    return indexAt(index.shape, own);
  }),
  concat: {
    at: (node, index, emitter) => {
      const { axis } = node.attributes;
      const coordinates = emitter.coordinates(index);
      const result = emitter.variable(literal(0, node.dtype));
      let from = 0;
      node.inputs.forEach((x, i) => {
        const sizes = sizesOf(x);
        const [start, end] = [from, from += sizes[axis]];
        if (start === end) return;
        const last = i === node.inputs.length - 1;
        const header = `${start === 0 ? "" : "else "}${
          last && start > 0 ? "" : `if (${coordinates[axis]} < ${end}u)`
        }`;
        emitter.block(header, () => {
          const own = coordinates.map((c, k) => k === axis && start > 0 ? `(${c} - ${start}u)` : c);
          emitter.line(`${result} = ${emitter.at(x, indexAt(sizes, own))};`);
        });
      });
      return result;
    },
    cost: ({ inputs }) => 2 * inputs.length,
    reads: () => 1,
    pointwise: false,
  },
  pad: {
    at: (node, index, emitter) => {
      const [x] = node.inputs;
      const sizes = sizesOf(x);
      const result = emitter.variable(literal(0, node.dtype));
      const { low } = node.attributes;
      const axes = emitter.coordinates(index).map((c, i) => [c, low[i], sizes[i]] as const);
      within(emitter, axes, (at) => {
        emitter.line(`${result} = ${emitter.at(x, indexAt(sizes, at))};`);
      });
      return result;
    },
    cost: ({ shape }) => 2 * shape.length,
    reads: () => 1,
    pointwise: false,
  },
  gather: {
    at: (node, index, emitter) => {
      const [x, indices] = node.inputs;
      const { axis } = node.attributes;
      const rank = indices.shape.length;
      const coordinates = emitter.coordinates(index);
      const chosen = indexAt(sizesOf(indices), coordinates.slice(axis, axis + rank));
      const place = emitter.define(`u32(${emitter.at(indices, chosen)})`);
      const own = [...coordinates.slice(0, axis), place, ...coordinates.slice(axis + rank)];
      return emitter.at(x, indexAt(sizesOf(x), own));
    },
    // A scalar index is an offset.
    cost: ({ inputs: [, indices] }) => indices.shape.length === 0 ? 0 : 2,
    reads: () => 1,
    pointwise: false,
  },
  scatterAdd: {
    at: (node, index, emitter) => {
      const [indices, updates] = node.inputs;
      const { axis } = node.attributes;
      const places = sizesOf(indices);
      const sizes = sizesOf(updates);
      const flat = [...sizes.slice(0, axis), count(places), ...sizes.slice(axis + places.length)];
      const coordinates = emitter.coordinates(index);
      const total = emitter.variable(literal(0, node.dtype));
      emitter.each(count(places), (k) => {
        const place = emitter.at(indices, linearIndex(places, k));
        emitter.block(`if (u32(${place}) == ${coordinates[axis]})`, () => {
          const from = indexAt(flat, coordinates.map((c, i) => i === axis ? k : c));
          const value = emitter.at(updates, emitter.reshape(from, sizes));
          emitter.line(`${total} = ${total} + ${value};`);
        });
      });
      return total;
    },
    cost: ({ inputs: [indices] }) => 3 * count(sizesOf(indices)),
    reads: ({ inputs: [indices] }) => count(sizesOf(indices)),
    pointwise: false,
  },

  loop: unbound(),
  item: unbound(),
  random: {
    at: (node, index, emitter) => {
      const { distribution, seed, stream } = node.attributes;
      const [low, high] = streamKey(seed, stream);
      const step = emitter.at(node.inputs[0], linearIndex([], "0u"));
      const draw = emitter.use(`${distribution}_`);
      return `${draw}(${low}u, ${high}u, ${step}, ${emitter.linear(index)})`;
    },
    cost: ({ attributes: { distribution } }) => distribution === "normal" ? 5000 : 120,
    reads: () => 1,
    pointwise: false,
  },
};

/** What others hand in: it is bound to a place before kernels are written. */
function unbound<K extends OpName>(): Lowering<K> {
  return {
    at: (node) => {
      throw new Error(`Cannot compute a ${node.op}: it is bound to a place`);
    },
    cost: () => 0,
    reads: () => 1,
    pointwise: false,
  };
}

function elementwise(): { readonly [K in ElementwiseName]: Lowering<K> } {
  const one = (name: ElementwiseName): Lowering<OpName> => {
    const { expression, uses, cost } = ELEMENTWISE[name];
    return {
      at: (node, index, emitter) => {
        const inputs: readonly Expression[] = node.inputs;
        const values = inputs.map((x) => emitter.at(x, emitter.broadcast(index, sizesOf(x))));
        const dtype = inputs[inputs.length - 1].dtype;
        const result = expression(values, dtype, node.dtype);
        for (const use of uses) if (result.includes(use)) emitter.use(use);
        return result;
      },
      cost: () => cost,
      reads: () => 1,
      pointwise: true,
    };
  };
  const names = Object.keys(ELEMENTWISE) as ElementwiseName[];
  return Object.fromEntries(names.map((name) => [name, one(name)])) as never;
}

/** An op that only says where its elements come from. */
function layout<K extends OpName>(
  from: (node: Node<K>, index: Index, emitter: Emitter) => Index,
  { pointwise }: { readonly pointwise: boolean } = { pointwise: false },
): Lowering<K> {
  return {
    at: (node, index, emitter) => {
      const [x] = node.inputs as readonly Expression[];
      return emitter.at(x, from(node, index, emitter));
    },
    cost: () => 0,
    reads: () => 1,
    pointwise,
  };
}

/** A reduction by one thread. */
function folding(op: "sum" | "reduceMax"): Lowering<"sum"> & Lowering<"reduceMax"> {
  const extent = ({ inputs: [x], attributes: { axes } }: Folding): number =>
    axes.reduce((n, axis) => n * sizesOf(x)[axis], 1);
  return {
    at: (node: Folding, index: Index, emitter: Emitter) => {
      const start = startOf(op, node.dtype);
      if (start.includes("bits_")) emitter.use("bits_");
      const total = emitter.variable(start);
      eachReduced(node, index, emitter, (value) => {
        emitter.line(`${total} = ${combine(emitter, op, node.dtype, [total, value])};`);
      });
      return total;
    },
    cost: extent,
    reads: extent,
    pointwise: false,
  };
}

/** What the two reductions have in common. */
export type Folding = Pick<Node<"sum">, "inputs" | "attributes" | "dtype">;

/** What a reduction starts from. */
export function startOf(op: "sum" | "reduceMax", dtype: DType): string {
  if (op === "sum") return literal(0, dtype);
  return literal(dtype === "f32" ? -Infinity : -(2 ** 31), dtype);
}

/** Two parts of a reduction as one. */
export function combine(
  emitter: Emitter,
  op: "sum" | "reduceMax",
  dtype: DType,
  [a, b]: readonly [string, string],
): string {
  if (op === "sum") return `${a} + ${b}`;
  return dtype === "f32" ? `${emitter.use("max_")}(${a}, ${b})` : `max(${a}, ${b})`;
}

function eachReduced(
  { inputs: [x], attributes: { axes, keep } }: Folding,
  index: Index,
  emitter: Emitter,
  take: (value: string) => void,
): void {
  const sizes = sizesOf(x);
  const outer = emitter.coordinates(index);
  const place: string[] = [];
  let next = 0;
  sizes.forEach((_, axis) => {
    const reduced = axes.includes(axis);
    place.push(reduced ? "" : outer[next]);
    if (!reduced || keep) next++;
  });
  const nest = (k: number): void => {
    if (k === axes.length) return take(emitter.at(x, indexAt(sizes, [...place])));
    emitter.each(sizes[axes[k]], (i) => {
      place[axes[k]] = i;
      nest(k + 1);
    });
  };
  nest(0);
}

function accumulate(emitter: Emitter, length: number, term: (k: string) => string): string {
  const total = emitter.variable("0.0f");
  emitter.each(length, (k) => emitter.line(`${total} = ${total} + ${term(k)};`));
  return total;
}

/** Does something where each number, less what lies before, is within its axis. */
function within(
  emitter: Emitter,
  axes: readonly (readonly [at: string, before: number, size: number])[],
  body: (at: readonly string[]) => void,
): void {
  // A number below 0 wraps to a large one, so that one comparison is enough.
  const own = axes.map(([at, before]) => before === 0 ? at : emitter.define(`${at} - ${before}u`));
  const conditions = own.map((at, i) => `${at} < ${axes[i][2]}u`);
  emitter.block(`if (${conditions.join(" && ")})`, () => body(own));
}

/** The length of the sums that a matrix product makes. */
export function innerSize({ inputs: [a], attributes: { transposeA } }: Node<"matmul">): number {
  return sizesOf(a)[a.shape.length - (transposeA ? 2 : 1)];
}

/** How an expression's op is written. */
export function lowering(node: Expression): Lowering<OpName> {
  return LOWERINGS[node.op] as unknown as Lowering<OpName>;
}
