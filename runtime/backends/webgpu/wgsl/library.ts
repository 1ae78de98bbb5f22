/**
 * Functions of WGSL that kernels call, each with those it calls itself.
 *
 * WGSL leaves the accuracy of its own transcendental functions to the driver (sin is only good to 2^-11), and
 * most drivers lose NaN and infinities on the way. These are made of +, -, *, / and bits alone, so that
 * adapters agree to a few roundings, and awkward numbers come out as float64 arithmetic would have them.
 */
import type { WgslFunction } from "./function.ts";
import { NORMAL_FUNCTIONS } from "./normal.ts";

const own: Readonly<Record<string, WgslFunction>> = {
  // Not a constant expression: those may be neither infinite nor NaN.
  bits_: {
    uses: [],
    code: `var<private> zero_: u32 = 0u;
fn bits_(bits: u32) -> f32 { return bitcast<f32>(bits | zero_); }`,
  },
  // By its bits: compilers may take x == x for true.
  isNan_: {
    uses: [],
    code: `fn isNan_(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }`,
  },
  max_: {
    uses: ["isNan_"],
    code: `fn max_(a: f32, b: f32) -> f32 {
  return select(select(b, a, a > b), a + b, isNan_(a) || isNan_(b));
}`,
  },
  min_: {
    uses: ["isNan_"],
    code: `fn min_(a: f32, b: f32) -> f32 {
  return select(select(b, a, a < b), a + b, isNan_(a) || isNan_(b));
}`,
  },
  sign_: {
    uses: ["isNan_"],
    code: `fn sign_(x: f32) -> f32 { return select(sign(x), x, isNan_(x) || x == 0.0f); }`,
  },
  // x = k log 2 + r with |r| <= log(2) / 2, and the series of e^r: its next term is 5e-9.
  exp_: {
    uses: ["bits_", "isNan_"],
    code: `fn exp_(x: f32) -> f32 {
  let k = floor(clamp(x, -104.0f, 89.0f) * 1.442695f + 0.5f);
  let r = (clamp(x, -104.0f, 89.0f) - k * 0.693359375f) + k * 2.12194440e-4f;
  let series = 1.0f + r * (1.0f + r * (0.5f + r * (0.16666667f + r * (0.041666668f +
    r * (0.0083333338f + r * (0.0013888889f + r * 1.9841270e-4f))))));
  let half = i32(k) >> 1u;
  let a = bitcast<f32>(u32(half + 127) << 23u);
  let b = bitcast<f32>(u32(i32(k) - half + 127) << 23u);
  let y = select(series * a * b, bits_(0x7f800000u), x > 88.722839f);
  return select(y, x, isNan_(x));
}`,
  },
  // x = m 2^e with m from sqrt(1/2) to sqrt(2), and log m = 2 artanh((m - 1) / (m + 1)).
  log_: {
    uses: ["bits_"],
    code: `fn log_(x: f32) -> f32 {
  let small = x < 1.1754944e-38f;
  let bits = bitcast<u32>(select(x, x * 8388608.0f, small));
  var e = i32(bits >> 23u) - select(127, 150, small);
  var m = bitcast<f32>((bits & 0x7fffffu) | 0x3f800000u);
  if (m > 1.41421356f) {
    m = 0.5f * m;
    e = e + 1;
  }
  let f = m - 1.0f;
  let s = f / (m + 1.0f);
  let z = s * s;
  let series = z * (0.66666667f + z * (0.4f + z * (0.28571429f + z * (0.22222222f + z * 0.18181818f))));
  let k = f32(e);
  let y = k * 0.693359375f + ((f - s * (f - series)) - k * 2.12194440e-4f);
  if (x > 0.0f) { return select(y, x, bits == 0x7f800000u); }
  return bits_(select(0x7fc00000u, 0xff800000u, x == 0.0f));
}`,
  },
  // 1 + x rounds; what it loses is made up by the ratio.
  log1p_: {
    uses: ["log_", "isNan_"],
    code: `fn log1p_(x: f32) -> f32 {
  let tiny = abs(x) < 1e-3f;
  let u = select(1.0f + x, 2.0f, tiny);
  let far = select(log_(u) * (x / (u - 1.0f)), log_(u), u > 1e6f || u <= 0.0f);
  return select(far, x * (1.0f - x * (0.5f - x * (0.33333333f - 0.25f * x))), tiny);
}`,
  },
  // e^y - 1 by its series, for |y| below 0.7: its next term is 8e-9.
  tanh_: {
    uses: ["exp_"],
    code: `fn tanh_(x: f32) -> f32 {
  let a = abs(x);
  let y = 2.0f * min(a, 0.35f);
  let grown = y * (1.0f + y * (0.5f + y * (0.16666667f + y * (0.041666668f + y * (0.0083333338f +
    y * (0.0013888889f + y * (1.9841270e-4f + y * 2.4801587e-5f)))))));
  let t = select(1.0f - 2.0f / (exp_(2.0f * a) + 1.0f), grown / (grown + 2.0f), a < 0.35f);
  return select(t, -t, x < 0.0f);
}`,
  },
  sigmoid_: {
    uses: ["exp_"],
    code: `fn sigmoid_(x: f32) -> f32 {
  let e = exp_(-abs(x));
  return select(1.0f, e, x < 0.0f) / (1.0f + e);
}`,
  },
  softplus_: {
    uses: ["exp_", "log1p_"],
    code: `fn softplus_(x: f32) -> f32 {
  return select(x, 0.0f, x < 0.0f) + log1p_(exp_(-abs(x)));
}`,
  },
  // x = k pi/2 + r with pi/2 in three parts, the first two short enough for exact products while |k| < 2^13.
  turn_: {
    uses: [],
    code: `fn turn_(x: f32, ahead: f32) -> f32 {
  let k = floor(x * 0.63661977f + 0.5f);
  let r = ((x - k * 1.5703125f) - k * 4.83751297e-4f) - k * 7.5497899e-8f;
  let z = r * r;
  let s = r - r * z * (0.16666667f - z * (0.0083333338f - z * (1.9841270e-4f - z * 2.7557319e-6f)));
  let c = 1.0f - z * (0.5f - z * (0.041666668f - z * (0.0013888889f - z * (2.4801587e-5f - z * 2.7557319e-7f))));
  let q = k + ahead;
  let quarter = q - 4.0f * floor(0.25f * q);
  let y = select(s, c, quarter == 1.0f || quarter == 3.0f);
  return select(y, -y, quarter >= 2.0f);
}`,
  },
  sin_: { uses: ["turn_"], code: `fn sin_(x: f32) -> f32 { return turn_(x, 0.0f); }` },
  cos_: { uses: ["turn_"], code: `fn cos_(x: f32) -> f32 { return turn_(x, 1.0f); }` },
  // Abramowitz, Stegun, 7.1.6 (a series of positive terms) and 7.1.14 (a continued fraction).
  erf_: {
    uses: ["exp_"],
    code: `fn erf_(x: f32) -> f32 {
  let a = abs(x);
  let bell = exp_(-a * a);
  var y = 1.0f;
  if (a < 1.5f) {
    var term = a;
    y = a;
    for (var n = 1; n < 18; n++) {
      term = term * 2.0f * a * a / f32(2 * n + 1);
      y = y + term;
    }
    y = 1.1283792f * bell * y;
  } else if (a < 4.0f) {
    var fraction = a;
    for (var n = 24; n > 0; n--) { fraction = a + 0.5f * f32(n) / fraction; }
    y = 1.0f - bell / (1.7724539f * fraction);
  } else if (!(a >= 4.0f)) {
    y = a;
  }
  return select(y, -y, x < 0.0f);
}`,
  },
  // Whole exponents by squaring, so that signs are right and small powers exact.
  pow_: {
    uses: ["exp_", "log_", "bits_"],
    code: `fn pow_(a: f32, b: f32) -> f32 {
  if (b == floor(b) && abs(b) <= 64.0f) {
    var n = u32(abs(b));
    var base = a;
    var y = 1.0f;
    while (n > 0u) {
      if ((n & 1u) == 1u) { y = y * base; }
      base = base * base;
      n = n >> 1u;
    }
    return select(y, 1.0f / y, b < 0.0f);
  }
  if (a == 0.0f) { return select(0.0f, bits_(0x7f800000u), b < 0.0f); }
  return exp_(b * log_(a));
}`,
  },
  divideWhole_: {
    uses: [],
    code:
      `fn divideWhole_(a: i32, b: i32) -> i32 { return select(a / select(b, 1, b == 0), 0, b == 0); }`,
  },
  threefry_: {
    uses: [],
    code: `fn threefry_(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
  var keys = array<u32, 3>(key.x, key.y, 0x1bd11bdau ^ key.x ^ key.y);
  var turns = array<u32, 8>(13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u);
  var a = counter.x + key.x;
  var b = counter.y + key.y;
  for (var group = 0u; group < 5u; group++) {
    for (var i = 0u; i < 4u; i++) {
      let turn = turns[(group & 1u) * 4u + i];
      a = a + b;
      b = ((b << turn) | (b >> (32u - turn))) ^ a;
    }
    a = a + keys[(group + 1u) % 3u];
    b = b + keys[(group + 2u) % 3u] + group + 1u;
  }
  return vec2<u32>(a, b);
}`,
  },
  word_: {
    uses: ["threefry_"],
    code: `fn word_(key0: u32, key1: u32, step: i32, index: u32) -> u32 {
  let block = threefry_(vec2<u32>(key0, key1), vec2<u32>(index >> 1u, bitcast<u32>(step)));
  return select(block.x, block.y, (index & 1u) == 1u);
}`,
  },
  uniform_: {
    uses: ["word_"],
    code: `fn uniform_(key0: u32, key1: u32, step: i32, index: u32) -> f32 {
  return (f32(word_(key0, key1, step, index) >> 9u) + 0.5f) / 8388608.0f;
}`,
  },
  normal_: {
    uses: ["word_", "normalOf_"],
    code: `fn normal_(key0: u32, key1: u32, step: i32, index: u32) -> f32 {
  return normalOf_(word_(key0, key1, step, index));
}`,
  },
};

/** Every function by name. */
export const LIBRARY: Readonly<Record<string, WgslFunction>> = { ...own, ...NORMAL_FUNCTIONS };

/** The code of functions and of all that they call, each once, callees first. */
export function libraryCode(names: Iterable<string>): string[] {
  const done = new Set<string>();
  const code: string[] = [];
  const add = (name: string): void => {
    if (done.has(name)) return;
    done.add(name);
    LIBRARY[name].uses.forEach(add);
    code.push(LIBRARY[name].code);
  };
  for (const name of [...names].sort()) add(name);
  return code;
}
