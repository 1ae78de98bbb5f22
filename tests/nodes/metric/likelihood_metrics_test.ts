import assert from "node:assert/strict";
import { bitsPerDimension } from "../../../nodes/metric/bits_per_dimension.ts";
import { negativeLogLikelihood } from "../../../nodes/metric/negative_log_likelihood.ts";

const options = { samples: 2, divergence: "exact" } as const;

Deno.test("negativeLogLikelihood is the log density with the other sign, in nats", () => {
  const spec = { kind: "negativeLogLikelihood", ...options } as const;
  const points = { dim: 2, dequantize: null };
  assert.deepEqual(
    [...negativeLogLikelihood.terms(Float64Array.of(-1.5, 2), spec, points)],
    [1.5, -2],
  );
  assert.equal(negativeLogLikelihood.unit(spec), "nats");
});

Deno.test("bitsPerDimension of a uniform density over k levels is log2 k, whatever their spacing", () => {
  const spec = { kind: "bitsPerDimension", ...options } as const;
  for (const spacing of [1, 1 / 16, 5]) {
    for (const dim of [1, 64]) {
      const logP = -dim * Math.log(16 * spacing); // 16 levels, the density of a box
      const [bits] = bitsPerDimension.terms(Float64Array.of(logP), spec, {
        dim,
        dequantize: spacing,
      });
      assert.ok(Math.abs(bits - 4) < 1e-12);
    }
  }
  const [bits] = bitsPerDimension.terms(Float64Array.of(-Math.LN2), spec, {
    dim: 1,
    dequantize: null,
  });
  assert.equal(bits, 1);
});
