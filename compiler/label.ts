/** A part of a spec in a few words: its kind and its short settings, such as `mlp(hidden 64×64, activation silu)`. */
export function label(part: { readonly kind: string }): string {
  const settings = Object.entries(part)
    .filter(([name]) => name !== "kind")
    .map(([name, value]) => [name, name === "path" ? fileName(value) : words(value)] as const)
    .filter(([, value]) => value !== null);
  if (settings.length === 0) return part.kind;
  const text = settings.length === 1 // `constant(0.001)` needs no word for what is constant
    ? settings[0][1]
    : settings.map(([name, value]) => `${name} ${value}`).join(", ");
  return `${part.kind}(${text})`;
}

/** A setting in a few words; null for what is absent, switched off or too long to read at a glance. */
function words(value: unknown): string | null {
  switch (typeof value) {
    case "number":
      return String(value);
    case "string":
      if (!/[\p{L}\p{N}]/u.test(value)) return JSON.stringify(value); // such as a delimiter
      return value.length <= 40 ? value : `${value.slice(0, 39)}…`;
    case "boolean":
      return value ? "yes" : null;
  }
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    if (value.length === 0) return null;
    if (value.length > 8 || value.some((v) => typeof v === "object")) return `[${value.length}]`;
    return value.every((v) => typeof v === "number") ? value.join("×") : `[${value.join(", ")}]`;
  }
  const record = value as { readonly kind?: string };
  return typeof record.kind === "string" ? label({ ...record, kind: record.kind }) : null;
}

/** The name of a file without its folder, which is long and says little. */
function fileName(path: unknown): string | null {
  return typeof path === "string" ? path.split(/[\\/]/).at(-1) ?? null : words(path);
}
