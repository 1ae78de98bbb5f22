/** Numbers that JSON does not have, and words that stand for themselves, which a backslash marks. */
const NUMBER = /^-?Infinity$|^NaN$/;
const MARKED = /^\\+(-?Infinity|NaN)$/;

/**
 * A value as JSON text that keeps what JSON has no number for: infinities and NaN are written as the strings
 * "Infinity", "-Infinity" and "NaN"; a text of that wording, such as a pipeline's name, with a backslash before it.
 */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item) => {
      if (typeof item === "number" && !Number.isFinite(item)) return String(item);
      return typeof item === "string" && (NUMBER.test(item) || MARKED.test(item))
        ? `\\${item}`
        : item;
    },
    indent,
  );
}

/** Reads what {@link toJson} wrote. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_key, item) => {
    if (typeof item !== "string") return item;
    return NUMBER.test(item) ? Number(item) : MARKED.test(item) ? item.slice(1) : item;
  });
}
