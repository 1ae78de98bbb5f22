import type { Node } from "../../../graph/mod.ts";
import { streamKey } from "../../../graph/threefry.ts";
import type { Context, LoweringTable } from "../lowering.ts";
import { ELEMENT_TYPES } from "../proto.ts";
import { MIDDLE, SERIES, TAIL } from "../../normal_coefficients.ts";
import type { Scope } from "../scope.ts";

/** Random numbers, bit for bit those of graph/threefry.ts. */
export const randomNumbers: LoweringTable<"random"> = { random };

const MASK = 0xffffffff;
const ROTATIONS = [[13, 15, 26, 6], [17, 29, 16, 24]];

/** Arithmetic on 64-bit integers and on doubles with constants, as nodes. */
class Arithmetic {
  constructor(readonly scope: Scope) {}

  int(op: string, a: string, b: string | number): string {
    return this.scope.node(op, [a, typeof b === "number" ? this.scope.int(b) : b]);
  }

  double(op: string, a: string | number, b: string | number): string {
    const name = (x: string | number) =>
      typeof x === "number" ? this.scope.constant(Float64Array.of(x), []) : x;
    return this.scope.node(op, [name(a), name(b)]);
  }

  cast(x: string, to: "int64" | "float64" | "float32"): string {
    return this.scope.node("Cast", [x], { to: ELEMENT_TYPES[to] });
  }

  select(condition: string, a: string, b: string): string {
    return this.scope.node("Where", [condition, a, b]);
  }

  /** c[0] r^n + c[1] r^(n-1) + ... by Horner's rule. */
  polynomial(r: string, [first, ...rest]: readonly number[]): string {
    let y: string | number = first;
    for (const c of rest) y = this.double("Add", this.double("Mul", y, r), c);
    return y as string;
  }
}

function random(node: Node<"random">, [step]: readonly string[], context: Context): string {
  const { distribution, seed, stream, shape } = node.attributes;
  const m = new Arithmetic(context.scope);
  const words = randomWords(m, step, { context, shape, key: streamKey(seed, stream) });
  const numbers = distribution === "uniform" ? uniformOf(m, words) : normalOf(m, words);
  const values = m.cast(numbers, "float32");
  return context.scope.node("Reshape", [values, context.sizes(shape)], { allowzero: 1 });
}

/** The words of Threefry-2x32-20 at indices 0, 1, ... as 64-bit integers below 2^32. */
function randomWords(
  m: Arithmetic,
  step: string,
  { context, shape, key }: {
    context: Context;
    shape: Node<"random">["shape"];
    key: readonly [number, number];
  },
): string {
  const { scope } = m;
  const count = scope.node("ReduceProd", [context.sizes(shape)], { keepdims: 0 });
  const blocks = m.int("Div", m.int("Add", count, 1), 2);
  const keys = [key[0], key[1], (0x1bd11bda ^ key[0] ^ key[1]) >>> 0];
  const add = (x: string, y: string | number): string =>
    m.int("BitwiseAnd", m.int("Add", x, y), MASK);
  let a = add(scope.node("Range", [scope.int(0), blocks, scope.int(1)]), keys[0]);
  let b = add(m.cast(step, "int64"), keys[1]);
  for (let group = 0; group < 5; group++) {
    for (const rotation of ROTATIONS[group % 2]) {
      a = add(a, b);
      const wide = m.int("Mul", b, 2 ** rotation);
      const turned = m.int("Add", m.int("BitwiseAnd", wide, MASK), m.int("Div", wide, 2 ** 32));
      b = m.int("BitwiseXor", turned, a);
    }
    a = add(a, keys[(group + 1) % 3]);
    b = add(b, (keys[(group + 2) % 3] + group + 1) % 2 ** 32);
  }
  const column = scope.ints([-1, 1]);
  const pairs = scope.node(
    "Concat",
    [scope.node("Reshape", [a, column]), scope.node("Reshape", [b, column])],
    { axis: 1 },
  );
  const flat = scope.node("Reshape", [pairs, scope.ints([-1])]);
  const end = scope.node("Reshape", [count, scope.ints([1])]);
  return scope.node("Slice", [flat, scope.ints([0]), end]);
}

function uniformOf(m: Arithmetic, words: string): string {
  return m.double(
    "Div",
    m.double("Add", m.cast(m.int("Div", words, 512), "float64"), 0.5),
    2 ** 23,
  );
}

/** Wichura's AS 241 as graph/normal_quantile.ts has it, operation by operation: both branches, then a choice. */
function normalOf(m: Arithmetic, words: string): string {
  const word = m.cast(words, "float64");
  const q = m.double("Div", m.double("Sub", m.double("Sub", word, 0x7fffffff), 0.5), 2 ** 32);
  const inner = m.double("Sub", 0.180625, m.double("Mul", q, q));
  const middle = m.double(
    "Div",
    m.double("Mul", q, m.polynomial(inner, MIDDLE[0])),
    m.polynomial(inner, MIDDLE[1]),
  );
  const negative = m.double("Less", q, 0);
  const near = m.select(negative, word, m.double("Sub", MASK, word));
  // In the middle the logarithm is of no use; there it may be of anything below 1.
  const root = m.scope.node("Sqrt", [m.scope.node("Neg", [logTail(m, near)])]);
  const outer = m.double("Sub", root, 1.6);
  const z = m.double("Div", m.polynomial(outer, TAIL[0]), m.polynomial(outer, TAIL[1]));
  const tail = m.select(negative, m.scope.node("Neg", [z]), z);
  const central = m.double("LessOrEqual", m.scope.node("Abs", [q]), 0.425);
  return m.select(central, middle, tail);
}

/** log((2 k + 1) / 2^33) for whole k below 2^31 held as doubles; the exponent is found by halving. */
function logTail(m: Arithmetic, k: string): string {
  let mantissa = m.double("Add", m.double("Mul", k, 2), 1);
  let exponent: string | null = null;
  const double = (condition: string): string => m.cast(condition, "float64");
  for (const bits of [16, 8, 4, 2, 1]) {
    const large = m.double("GreaterOrEqual", mantissa, 2 ** bits);
    mantissa = m.select(large, m.double("Mul", mantissa, 2 ** -bits), mantissa);
    const part = m.double("Mul", double(large), bits);
    exponent = exponent === null ? part : m.double("Add", exponent, part);
  }
  const above = m.double("Greater", mantissa, Math.SQRT2);
  mantissa = m.select(above, m.double("Mul", mantissa, 0.5), mantissa);
  const e = m.double("Sub", m.double("Add", exponent!, double(above)), 33);
  const f = m.double("Sub", mantissa, 1);
  const s = m.double("Div", f, m.double("Add", mantissa, 1));
  const z = m.double("Mul", s, s);
  const series = m.double("Mul", z, m.polynomial(z, SERIES));
  const correction = m.double("Sub", f, m.double("Mul", s, m.double("Sub", f, series)));
  return m.double("Add", m.double("Mul", e, 0.6931471805599453), correction);
}
