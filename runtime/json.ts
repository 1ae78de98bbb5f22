/**
 * A value as JSON text that keeps what JSON has no number for: infinities and NaN are written as the strings
 * "Infinity", "-Infinity" and "NaN".
 */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item) => typeof item === "number" && !Number.isFinite(item) ? String(item) : item,
    indent,
  );
}

/** Reads what {@link toJson} wrote. */
export function fromJson(text: string): unknown {
  return JSON.parse(
    text,
    (_key, item) =>
      item === "Infinity" || item === "-Infinity" || item === "NaN" ? Number(item) : item,
  );
}
