/**
 * A number for people: `digits` significant digits and all digits before the point, thousands
 * separated, exponents only where zeros would pile up.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(formatNumber(1234567), "1,234,567");
 * assert.equal(formatNumber(0.123456), "0.1235");
 * assert.equal(formatNumber(1.5e-7), "1.5e-7");
 * ```
 */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value) && Math.abs(value) < 1e12) return value.toLocaleString("en-US");
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) return trimZeros(value.toExponential(digits - 1));
  if (size >= 10 ** digits) return Math.round(value).toLocaleString("en-US");
  return value.toLocaleString("en-US", { maximumSignificantDigits: digits });
}

/**
 * A measured value with its standard error, both ended at the second digit of the error.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(formatMeasured(0.123456, 0.00234), "0.1235 ± 0.0023");
 * assert.equal(formatMeasured(2, null), "2");
 * ```
 */
export function formatMeasured(value: number, standardError: number | null | undefined): string {
  if (standardError === null || standardError === undefined || !Number.isFinite(value)) {
    return formatNumber(value);
  }
  if (!Number.isFinite(standardError) || standardError <= 0) {
    return `${formatNumber(value)} ± ${formatNumber(standardError)}`;
  }
  const lastDigit = Math.floor(Math.log10(standardError)) - 1;
  if (lastDigit < -8 || lastDigit > 8) {
    return `${formatNumber(value)} ± ${formatNumber(standardError, 2)}`;
  }
  const decimals = Math.max(0, -lastDigit);
  const shown = (x: number) =>
    x.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return `${shown(value)} ± ${shown(standardError)}`;
}

/**
 * A span of time for people, from microseconds to days, in two units at most.
 *
 * @param seconds The span in seconds.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(formatDuration(0.0123), "12 ms");
 * assert.equal(formatDuration(3.21), "3.2 s");
 * assert.equal(formatDuration(125), "2 min 05 s");
 * ```
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "?";
  if (seconds < 1e-3) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1e3)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
  const hours = Math.round(seconds / 3_600);
  return `${Math.floor(hours / 24)} d ${twoDigits(hours % 24)} h`;
}

/**
 * A rate for people: whole numbers from ten a second upward.
 *
 * @param perSecond How many in a second.
 */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return "?";
  return formatNumber(perSecond >= 10 ? Math.round(perSecond) : perSecond, 2) + "/s";
}

/**
 * A size in bytes for people, in powers of 1024.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(formatBytes(1_536), "1.5 KiB");
 * ```
 */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${formatNumber(value, value < 1000 ? 3 : 4)} ${units[unit]}`;
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+e/, "e").replace("e+", "e");
}

function twoDigits(n: number): string {
  return String(n).padStart(2, "0");
}
