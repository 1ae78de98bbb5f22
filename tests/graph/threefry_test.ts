import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  bitsAt,
  fillBits,
  fillNormal,
  fillUniform,
  normalAt,
  streamKey,
  threefry2x32,
  uniformAt,
  uniformOf,
} from "../../graph/threefry.ts";

const N = 1_000_000;
const ADDRESS = { seed: 2024, stream: "test", step: 5 };

function uniforms(address: Partial<typeof ADDRESS> = {}, n = N): Float32Array {
  const out = new Float32Array(n);
  fillUniform(out, { ...ADDRESS, ...address });
  return out;
}

function normals(address: Partial<typeof ADDRESS> = {}, n = N): Float32Array {
  const out = new Float32Array(n);
  fillNormal(out, { ...ADDRESS, ...address });
  return out;
}

function digest(values: Float32Array | Uint32Array): string {
  return createHash("sha256").update(new Uint8Array(values.buffer as ArrayBuffer)).digest("hex");
}

function mean(values: Float32Array, of: (x: number) => number = (x) => x): number {
  let sum = 0;
  for (const x of values) sum += of(x);
  return sum / values.length;
}

/** Largest distance between the empirical distribution function and `cdf`. */
function kolmogorov(values: Float32Array, cdf: (x: number) => number): number {
  const sorted = values.slice().sort();
  let worst = 0;
  for (let i = 0; i < sorted.length; i++) {
    const p = cdf(sorted[i]);
    worst = Math.max(worst, p - i / sorted.length, (i + 1) / sorted.length - p);
  }
  return worst;
}

/** erf by its Maclaurin series; enough within |x| < 5, where it is off by at most 1e-6. */
function normalCdf(z: number): number {
  const x = z / Math.SQRT2;
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-12 * Math.abs(sum); n++) {
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }
  return 0.5 + sum / Math.sqrt(Math.PI);
}

Deno.test("threefry2x32() gives the published vectors of Random123", () => {
  const vectors = [ // counter, key, result: kat_vectors, threefry2x32 with 20 rounds
    [[0, 0], [0, 0], [0x6b200159, 0x99ba4efe]],
    [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], [0x1cb996fc, 0xbb002be7]],
    [[0x243f6a88, 0x85a308d3], [0x13198a2e, 0x03707344], [0xc4923a9c, 0x483df7a0]],
  ] as const;
  for (const [counter, key, result] of vectors) {
    assert.deepEqual(threefry2x32(key, counter), [...result]);
  }
});

Deno.test("a word is the block at (index / 2, step) under the key of seed and stream", () => {
  const key = streamKey(ADDRESS.seed, ADDRESS.stream);
  for (const index of [0, 1, 2, 4097, 2 ** 32 - 1]) {
    const block = threefry2x32(key, [Math.floor(index / 2), ADDRESS.step]);
    assert.equal(bitsAt(ADDRESS, index), block[index % 2]);
  }
});

Deno.test("streamKey() hashes the name with FNV-1a and folds in the seed's high bits", () => {
  assert.deepEqual(streamKey(3, ""), [3, 0x811c9dc5]);
  assert.deepEqual(streamKey(3, "foobar"), [3, 0xbf9cf968]); // the published FNV-1a vector
  assert.deepEqual(streamKey(2 ** 32 + 3, ""), [3, (0x811c9dc5 ^ 0x9e3779b9) >>> 0]);
  const keys = [0, 2 ** 32, 2 ** 33, 2 ** 52, 2 ** 53 - 1].map((s) => streamKey(s, "a").join());
  assert.equal(new Set(keys).size, keys.length);
});

Deno.test("bulk draws hold the bits of scalar draws, from any offset and across chunks", () => {
  for (const [offset, count] of [[0, 5], [1, 1], [3, 4095], [7, 8193], [2 ** 32 - 3, 3]]) {
    const bits = new Uint32Array(count);
    const uniform = new Float32Array(count);
    const normal = new Float32Array(count);
    fillBits(bits, { ...ADDRESS, offset });
    fillUniform(uniform, { ...ADDRESS, offset });
    fillNormal(normal, { ...ADDRESS, offset });
    for (const i of [0, count >> 1, count - 1]) {
      assert.equal(bits[i], bitsAt(ADDRESS, offset + i));
      assert.equal(uniform[i], uniformAt(ADDRESS, offset + i));
      assert.equal(normal[i], normalAt(ADDRESS, offset + i));
    }
  }
  fillBits(new Uint32Array(0), ADDRESS);
});

Deno.test("the bits, uniforms and normals of an address never change", () => {
  const bits = new Uint32Array(N);
  fillBits(bits, ADDRESS);
  assert.equal(digest(bits), "02c46686b7959c0a73473316272258e8b65ac6df7cbf297d16826380c3925d9e");
  assert.equal(
    digest(uniforms()),
    "5b5818ce5927719f552407f2565c217f6aa4e62b9827bf31e7db016afe96c88e",
  );
  assert.equal(
    digest(normals()),
    "d2644246592dec8287bcc1b55c5b086a2ac4c853a8f5c6e84ce2831ad4c2d479",
  );
});

Deno.test("uniformOf() is exact in float32 and stays inside (0, 1)", () => {
  assert.equal(uniformOf(0), 2 ** -24);
  assert.equal(uniformOf(0xffffffff), 1 - 2 ** -24);
  for (const word of [0, 511, 512, 0x7fffffff, 0x80000000, 0xffffffff]) {
    assert.equal(Math.fround(uniformOf(word)), uniformOf(word));
  }
});

Deno.test("draws reject seeds, steps and indices out of range", () => {
  const rejects = (address: object, message: RegExp) =>
    assert.throws(() => bitsAt({ ...ADDRESS, ...address }, 0), { name: "RangeError", message });
  for (const seed of [-1, 0.5, 2 ** 53, NaN]) {
    rejects({ seed }, /seed is an integer from 0 to 2\^53/);
  }
  for (const step of [-1, 0.5, 2 ** 32]) rejects({ step }, /step is an integer from 0 to 2\^32/);
  const out = new Float32Array(2);
  for (const offset of [-1, 2 ** 32 - 1]) {
    assert.throws(() => fillNormal(out, { ...ADDRESS, offset }), {
      name: "RangeError",
      message: /index is an integer from 0 to 2\^32 - 1/,
    });
  }
});

// Tolerances below are five standard errors: by chance one check in 1.7 million fails, and the seed is fixed.
const SE = 1 / Math.sqrt(N);

Deno.test("uniforms have the moments of the uniform distribution", () => {
  const u = uniforms();
  assert.ok(Math.abs(mean(u) - 1 / 2) < 5 * SE * Math.sqrt(1 / 12));
  assert.ok(Math.abs(mean(u, (x) => (x - 0.5) ** 2) - 1 / 12) < 5 * SE * Math.sqrt(1 / 180));
});

Deno.test("normals have the moments of the normal distribution", () => {
  const z = normals();
  const moments = [[1, 0, 1], [2, 1, 2], [3, 0, 15], [4, 3, 96]]; // order, mean, variance of z^order
  for (const [order, expected, variance] of moments) {
    const found = mean(z, (x) => x ** order);
    assert.ok(Math.abs(found - expected) < 5 * SE * Math.sqrt(variance), `E z^${order} = ${found}`);
  }
});

// Kolmogorov's statistic exceeds 2.23 / sqrt(n) once in 10,000.
Deno.test("uniforms and normals pass a Kolmogorov-Smirnov test", () => {
  assert.ok(kolmogorov(uniforms(), (x) => x) < 2.23 * SE);
  assert.ok(kolmogorov(normals({}, 200_000), normalCdf) < 2.23 / Math.sqrt(200_000));
});

Deno.test("normals have the tails of the normal distribution", () => {
  const z = normals();
  const tails = [[2, 2.275013195e-2], [3, 1.349898032e-3], [4, 3.167124183e-5]];
  for (const [bound, probability] of tails) {
    const tolerance = 5 * Math.sqrt(N * probability);
    for (const sign of [-1, 1]) {
      const count = z.reduce((sum, x) => sum + (sign * x > bound ? 1 : 0), 0);
      assert.ok(Math.abs(count - N * probability) < tolerance, `${count} beyond ${sign * bound}`);
    }
  }
});

Deno.test("streams, steps, seeds and neighbours are uncorrelated", () => {
  const z = normals();
  const others: Record<string, Float32Array> = {
    stream: normals({ stream: "tesu" }),
    step: normals({ step: ADDRESS.step + 1 }),
    seed: normals({ seed: ADDRESS.seed + 1 }),
    "high bits of the seed": normals({ seed: ADDRESS.seed + 2 ** 32 }),
    neighbour: Float32Array.from(z, (_, i) => z[(i + 1) % N]),
  };
  for (const [name, other] of Object.entries(others)) {
    let [product, squares] = [0, 0];
    for (let i = 0; i < N; i++) {
      product += z[i] * other[i];
      squares += (z[i] * z[i] - 1) * (other[i] * other[i] - 1);
    }
    assert.ok(Math.abs(product / N) < 5 * SE, `${name}: correlation ${product / N}`);
    assert.ok(Math.abs(squares / N) < 5 * SE * 2, `${name}: of squares ${squares / N}`);
  }
});
