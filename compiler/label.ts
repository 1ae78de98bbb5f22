/** A part of a spec in a few words: its kind and its short settings, such as `dopri5(rtol 0.00001, atol 0.00001)`. */
export function label(part: { readonly kind: string }): string {
  const settings = Object.entries(part)
    .filter(([name]) => name !== "kind")
    .map(([name, value]) => [name, words(value)] as const)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}`);
  return settings.length === 0 ? part.kind : `${part.kind}(${settings.join(", ")})`;
}

/** A setting in a few words; null for what is absent, switched off or too long to read at a glance. */
function words(value: unknown): string | null {
  switch (typeof value) {
    case "number":
      return String(value);
    case "string":
      return value.length <= 40 ? value : `…${value.slice(-39)}`;
    case "boolean":
      return value ? "yes" : null;
  }
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    return value.length <= 8 && value.every((v) => typeof v !== "object")
      ? value.join("×")
      : `[${value.length}]`;
  }
  const record = value as { readonly kind?: string };
  return typeof record.kind === "string" ? label({ ...record, kind: record.kind }) : null;
}
