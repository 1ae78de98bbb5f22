import assert from "node:assert/strict";
import {
  formatBytes,
  formatDuration,
  formatMeasured,
  formatNumber,
  formatRate,
} from "../../report/format.ts";

Deno.test("formatNumber() keeps four digits and groups thousands", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [-0.5, "-0.5"],
    [1.23456, "1.235"],
    [12345.678, "12,346"],
    [2_000, "2,000"],
    [133_122, "133,122"],
    [1e-5, "1e-5"],
    [1.2343e-7, "1.234e-7"],
    [3.5e12, "3.5e12"],
    [NaN, "nan"],
    [-Infinity, "-inf"],
  ];
  for (const [value, text] of cases) assert.equal(formatNumber(value), text);
});

Deno.test("formatMeasured() ends value and error at the second digit of the error", () => {
  assert.equal(formatMeasured(0.123456, 0.00234), "0.1235 ± 0.0023");
  assert.equal(formatMeasured(12.3456, 0.98), "12.35 ± 0.98");
  assert.equal(formatMeasured(12_345.6, 123), "12,346 ± 123");
  assert.equal(formatMeasured(-1.5, 1e-12), "-1.5 ± 1e-12");
});

Deno.test("formatMeasured() shows what has no error, or none that can be used", () => {
  assert.equal(formatMeasured(1.5, null), "1.5");
  assert.equal(formatMeasured(1.5, undefined), "1.5");
  assert.equal(formatMeasured(1.5, 0), "1.5 ± 0");
  assert.equal(formatMeasured(1.5, NaN), "1.5 ± nan");
  assert.equal(formatMeasured(NaN, 0.1), "nan");
});

Deno.test("formatDuration() changes unit where a reader would", () => {
  const cases: [number, string][] = [
    [0, "0 µs"],
    [0.0000123, "12 µs"],
    [0.0123, "12 ms"],
    [0.9996, "1.0 s"],
    [9.96, "10 s"],
    [59.6, "1 min 00 s"],
    [125, "2 min 05 s"],
    [3_599.6, "1 h 00 min"],
    [3_725, "1 h 02 min"],
    [90_000, "1 d 01 h"],
    [NaN, "?"],
    [Infinity, "?"],
  ];
  for (const [seconds, text] of cases) assert.equal(formatDuration(seconds), text);
});

Deno.test("formatRate() and formatBytes() round to what is read", () => {
  assert.equal(formatRate(589.7), "590/s");
  assert.equal(formatRate(0.1234), "0.12/s");
  assert.equal(formatRate(NaN), "?");
  assert.equal(formatBytes(0), "0 B");
  assert.equal(formatBytes(1_023), "1,023 B");
  assert.equal(formatBytes(5 * 1024 ** 3), "5 GiB");
});
