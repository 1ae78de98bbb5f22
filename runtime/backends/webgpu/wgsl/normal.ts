/**
 * Normal numbers with the host's bits.
 *
 * The host makes them in float64 (graph/normal_quantile.ts), which WGSL lacks and whose roundings decide the last bit
 * of the float32 result. Hence float64 in integers: a number is a vector of its two words of IEEE 754 (x low, y high);
 * every operation rounds to nearest, ties to even. Zeros are handled, infinities, NaN and subnormal numbers do not occur.
 */
import { MIDDLE, SERIES, TAIL } from "../../../normal_coefficients.ts";
import type { WgslFunction } from "./function.ts";

/** Coefficients in one table: where each list starts in it. */
const LISTS = [...MIDDLE, ...TAIL, SERIES];
const [MIDDLE_TOP, MIDDLE_BOTTOM, TAIL_TOP, TAIL_BOTTOM, LOG] = LISTS.map((_, i) =>
  LISTS.slice(0, i).reduce((n, list) => n + list.length, 0)
);

function double(value: number): string {
  const [low, high] = new Uint32Array(Float64Array.of(value).buffer);
  return `vec2<u32>(${low}u, ${high}u)`;
}

const coefficients = LISTS.flat().map(double);

/** The functions, by name. */
export const NORMAL_FUNCTIONS: Readonly<Record<string, WgslFunction>> = {
  wide_: {
    uses: [],
    code: `fn wide_(a: u32, b: u32) -> vec2<u32> {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let cross = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (cross & 0xffffu);
  return vec2<u32>((other << 16u) | (low & 0xffffu), (a >> 16u) * (b >> 16u) + (cross >> 16u) + (other >> 16u));
}`,
  },
  plusWide_: {
    uses: [],
    code: `fn plusWide_(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < a.x));
}`,
  },
  minusWide_: {
    uses: [],
    code: `fn minusWide_(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}`,
  },
  lessWide_: {
    uses: [],
    code: `fn lessWide_(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}`,
  },
  upWide_: {
    uses: [],
    code: `fn upWide_(a: vec2<u32>, n: u32) -> vec2<u32> {
  if (n == 0u) { return a; }
  if (n >= 32u) { return vec2<u32>(0u, a.x << (n - 32u)); }
  return vec2<u32>(a.x << n, (a.y << n) | (a.x >> (32u - n)));
}`,
  },
  // What falls off at the right leaves its trace in the last bit.
  downWide_: {
    uses: [],
    code: `fn downWide_(a: vec2<u32>, n: u32) -> vec2<u32> {
  if (n == 0u) { return a; }
  if (n >= 64u) { return vec2<u32>(select(0u, 1u, (a.x | a.y) != 0u), 0u); }
  if (n >= 32u) {
    let rest = a.x | select(0u, a.y << (64u - n), n > 32u);
    return vec2<u32>((a.y >> (n - 32u)) | select(0u, 1u, rest != 0u), 0u);
  }
  let rest = a.x << (32u - n);
  return vec2<u32>((a.x >> n) | (a.y << (32u - n)) | select(0u, 1u, rest != 0u), a.y >> n);
}`,
  },
  mantissa_: {
    uses: [],
    code: `fn mantissa_(a: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(a.x << 11u, ((a.y & 0xfffffu) << 11u) | (a.x >> 21u) | 0x80000000u);
}`,
  },
  // m / 2^63 2^e, m with its first bit set and its last one a trace of what is beyond.
  round64_: {
    uses: ["plusWide_", "downWide_"],
    code: `fn round64_(sign: u32, e: i32, m: vec2<u32>) -> vec2<u32> {
  let rest = m.x & 0x7ffu;
  let up = rest > 0x400u || (rest == 0x400u && (m.x & 0x800u) != 0u);
  let kept = vec2<u32>((m.x >> 11u) | (m.y << 21u), m.y >> 11u);
  let rounded = plusWide_(kept, vec2<u32>(select(0u, 1u, up), 0u));
  return plusWide_(rounded, vec2<u32>(0u, (u32(e + 1022) << 20u) | sign));
}`,
  },
  multiply64_: {
    uses: ["wide_", "plusWide_", "upWide_", "mantissa_", "round64_"],
    code: `fn multiply64_(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let sign = (a.y ^ b.y) & 0x80000000u;
  if ((a.x | (a.y << 1u)) == 0u || (b.x | (b.y << 1u)) == 0u) { return vec2<u32>(0u, sign); }
  let p = mantissa_(a);
  let q = mantissa_(b);
  let low = wide_(p.x, q.x);
  let one = wide_(p.x, q.y);
  let two = wide_(p.y, q.x);
  let cross = plusWide_(vec2<u32>(one.x, 0u), plusWide_(vec2<u32>(two.x, 0u), vec2<u32>(low.y, 0u)));
  let high = plusWide_(wide_(p.y, q.y), plusWide_(vec2<u32>(cross.y, 0u),
    plusWide_(vec2<u32>(one.y, 0u), vec2<u32>(two.y, 0u))));
  var e = i32((a.y >> 20u) & 0x7ffu) + i32((b.y >> 20u) & 0x7ffu) - 2046 + 1;
  var m = high;
  var rest = vec2<u32>(low.x, cross.x);
  if ((m.y & 0x80000000u) == 0u) {
    m = upWide_(m, 1u);
    m.x = m.x | (rest.y >> 31u);
    rest = upWide_(rest, 1u);
    e = e - 1;
  }
  m.x = m.x | select(0u, 1u, (rest.x | rest.y) != 0u);
  return round64_(sign, e, m);
}`,
  },
  add64_: {
    uses: ["plusWide_", "minusWide_", "lessWide_", "upWide_", "downWide_", "mantissa_", "round64_"],
    code: `fn add64_(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  if ((a.x | (a.y << 1u)) == 0u) { return b; }
  if ((b.x | (b.y << 1u)) == 0u) { return a; }
  let swap = lessWide_(vec2<u32>(a.x, a.y & 0x7fffffffu), vec2<u32>(b.x, b.y & 0x7fffffffu));
  let p = select(a, b, swap);
  let q = select(b, a, swap);
  let e = i32((p.y >> 20u) & 0x7ffu) - 1023;
  let apart = u32(e - i32((q.y >> 20u) & 0x7ffu) + 1023);
  let large = downWide_(mantissa_(p), 1u);
  let small = downWide_(mantissa_(q), 1u + min(apart, 64u));
  var sum = plusWide_(large, small);
  if (((p.y ^ q.y) & 0x80000000u) != 0u) { sum = minusWide_(large, small); }
  if ((sum.x | sum.y) == 0u) { return vec2<u32>(0u, 0u); }
  let zeros = select(countLeadingZeros(sum.y), 32u + countLeadingZeros(sum.x), sum.y == 0u);
  return round64_(p.y & 0x80000000u, e + 1 - i32(zeros), upWide_(sum, zeros));
}`,
  },
  divide64_: {
    uses: ["minusWide_", "lessWide_", "upWide_", "mantissa_", "downWide_", "round64_"],
    code: `fn divide64_(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let sign = (a.y ^ b.y) & 0x80000000u;
  if ((a.x | (a.y << 1u)) == 0u) { return vec2<u32>(0u, sign); }
  var e = i32((a.y >> 20u) & 0x7ffu) - i32((b.y >> 20u) & 0x7ffu);
  let divisor = downWide_(mantissa_(b), 11u);
  var rest = downWide_(mantissa_(a), 11u);
  if (lessWide_(rest, divisor)) {
    rest = upWide_(rest, 1u);
    e = e - 1;
  }
  var m = vec2<u32>(0u, 0u);
  for (var i = 0u; i < 64u; i++) {
    m = upWide_(m, 1u);
    if (!lessWide_(rest, divisor)) {
      rest = minusWide_(rest, divisor);
      m.x = m.x | 1u;
    }
    rest = upWide_(rest, 1u);
  }
  m.x = m.x | select(0u, 1u, (rest.x | rest.y) != 0u);
  return round64_(sign, e, m);
}`,
  },
  sqrt64_: {
    uses: ["minusWide_", "lessWide_", "upWide_", "mantissa_", "downWide_", "round64_"],
    code: `fn sqrt64_(a: vec2<u32>) -> vec2<u32> {
  let e = i32((a.y >> 20u) & 0x7ffu) - 1023;
  let odd = u32(e & 1);
  var digits = downWide_(mantissa_(a), 1u - odd);
  var rest = vec2<u32>(0u, 0u);
  var root = vec2<u32>(0u, 0u);
  for (var i = 0u; i < 58u; i++) {
    rest = upWide_(rest, 2u);
    rest.x = rest.x | (digits.y >> 30u);
    digits = upWide_(digits, 2u);
    var trial = upWide_(root, 2u);
    trial.x = trial.x | 1u;
    root = upWide_(root, 1u);
    if (!lessWide_(rest, trial)) {
      rest = minusWide_(rest, trial);
      root.x = root.x | 1u;
    }
  }
  var m = upWide_(root, 6u);
  m.x = m.x | select(0u, 1u, (rest.x | rest.y) != 0u);
  return round64_(0u, (e - i32(odd)) / 2, m);
}`,
  },
  // A whole number times a power of two.
  scaled64_: {
    uses: ["upWide_", "round64_"],
    code: `fn scaled64_(sign: u32, value: u32, power: i32) -> vec2<u32> {
  let zeros = countLeadingZeros(value);
  if (value == 0u) { return vec2<u32>(0u, sign); }
  return round64_(sign, 31 - i32(zeros) + power, vec2<u32>(0u, value << zeros));
}`,
  },
  toSingle_: {
    uses: [],
    code: `fn toSingle_(a: vec2<u32>) -> f32 {
  let e = i32((a.y >> 20u) & 0x7ffu) - 1023;
  let kept = ((a.y & 0xfffffu) << 3u) | (a.x >> 29u);
  let rest = a.x & 0x1fffffffu;
  let up = rest > 0x10000000u || (rest == 0x10000000u && (kept & 1u) != 0u);
  let bits = (u32(e + 127) << 23u) + kept + select(0u, 1u, up);
  return bitcast<f32>((a.y & 0x80000000u) | bits);
}`,
  },
  horner_: {
    uses: ["multiply64_", "add64_"],
    code:
      `var<private> coefficients_: array<vec2<u32>, ${coefficients.length}> = array<vec2<u32>, ${coefficients.length}>(
  ${coefficients.join(",\n  ")},
);
fn horner_(start: u32, count: u32, r: vec2<u32>) -> vec2<u32> {
  var y = coefficients_[start];
  for (var i = 1u; i < count; i++) { y = add64_(multiply64_(y, r), coefficients_[start + i]); }
  return y;
}`,
  },
  // log((2 k + 1) / 2^33)
  logTail_: {
    uses: ["scaled64_", "add64_", "multiply64_", "divide64_", "horner_", "lessWide_"],
    code: `fn logTail_(k: u32) -> vec2<u32> {
  var e = 32 - i32(countLeadingZeros(k));
  var m = scaled64_(0u, 2u * k + 1u, -e);
  if (lessWide_(${double(Math.SQRT2)}, m)) {
    m.y = m.y - 0x100000u;
    e = e + 1;
  }
  let f = add64_(m, ${double(-1)});
  let s = divide64_(f, add64_(m, ${double(1)}));
  let z = multiply64_(s, s);
  let series = multiply64_(z, horner_(${LOG}u, ${SERIES.length}u, z));
  let inner = add64_(f, vec2<u32>(series.x, series.y ^ 0x80000000u));
  let taken = multiply64_(s, inner);
  let correction = add64_(f, vec2<u32>(taken.x, taken.y ^ 0x80000000u));
  return add64_(multiply64_(scaled64_(0x80000000u, u32(33 - e), 0), ${
      double(0.6931471805599453)
    }), correction);
}`,
  },
  normalOf_: {
    uses: [
      "scaled64_",
      "add64_",
      "multiply64_",
      "divide64_",
      "sqrt64_",
      "horner_",
      "logTail_",
      "toSingle_",
    ],
    code: `fn normalOf_(word: u32) -> f32 {
  let lower = word < 0x80000000u;
  let sign = select(0u, 0x80000000u, lower);
  if (word - 322122547u <= ${3972844748 - 322122547}u) {
    let q = scaled64_(sign, 2u * select(word - 0x80000000u, 0x7fffffffu - word, lower) + 1u, -33);
    let square = multiply64_(q, q);
    let r = add64_(${double(0.180625)}, vec2<u32>(square.x, square.y ^ 0x80000000u));
    return toSingle_(divide64_(multiply64_(q, horner_(${MIDDLE_TOP}u, 8u, r)), horner_(${MIDDLE_BOTTOM}u, 8u, r)));
  }
  let log = logTail_(select(~word, word, lower));
  let r = add64_(sqrt64_(vec2<u32>(log.x, log.y ^ 0x80000000u)), ${double(-1.6)});
  let z = divide64_(horner_(${TAIL_TOP}u, 8u, r), horner_(${TAIL_BOTTOM}u, 8u, r));
  return toSingle_(vec2<u32>(z.x, z.y ^ sign));
}`,
  },
};
