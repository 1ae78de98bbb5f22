/** Where in a tensor an element is: as text of WGSL, by one number or by one for each axis. */

/** An index into a tensor of that shape; at least one of its forms is known. */
export interface Index {
  readonly shape: readonly number[];
  /** The place in row-major order. */
  readonly linear: string | null;
  /** One number per axis. */
  readonly coordinates: readonly string[] | null;
}

/** An index by its place in row-major order. */
export function linearIndex(shape: readonly number[], linear: string): Index {
  return { shape, linear, coordinates: null };
}

/** An index by its coordinates. */
export function indexAt(shape: readonly number[], coordinates: readonly string[]): Index {
  return { shape, linear: null, coordinates };
}

/** Text that tells indices apart. */
export function indexKey({ shape, linear, coordinates }: Index): string {
  return `${shape}|${linear ?? coordinates!.join(",")}`;
}

const WHOLE = /^(\d+)u$/;

/** The number that a text says outright, or null. */
export function known(text: string): number | null {
  const match = WHOLE.exec(text);
  return match === null ? null : Number(match[1]);
}

/** a + b. */
export function sum(a: string, b: string): string {
  const [m, n] = [known(a), known(b)];
  if (m !== null && n !== null) return `${m + n}u`;
  if (m === 0) return b;
  return n === 0 ? a : `(${a} + ${b})`;
}

/** a n. */
export function product(a: string, n: number): string {
  const m = known(a);
  if (m !== null) return `${m * n}u`;
  if (n === 0) return "0u";
  return n === 1 ? a : `(${a} * ${n}u)`;
}

/** a / n, rounded down. */
export function quotient(a: string, n: number): string {
  const m = known(a);
  if (m !== null) return `${Math.floor(m / n)}u`;
  return n === 1 ? a : `(${a} / ${n}u)`;
}

/** a modulo n. */
export function remainder(a: string, n: number): string {
  const m = known(a);
  if (m !== null) return `${m % n}u`;
  return n === 1 ? "0u" : `(${a} % ${n}u)`;
}
