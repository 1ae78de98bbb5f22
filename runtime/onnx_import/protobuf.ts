/** What protobuf.js gives for a 64-bit integer, or any number. */
export type ProtoNumber = number | { toNumber(): number } | string | null | undefined;

/** A number of a protobuf message; 64-bit integers beyond 2^53 are rounded. */
export function numberOf(value: ProtoNumber): number {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null) return value.toNumber();
  return Number(value ?? 0);
}
