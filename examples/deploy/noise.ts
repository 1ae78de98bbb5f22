/**
 * Points of a source for `sampler.onnx`, as `manifest.json` describes it.
 *
 * @module
 */

/** A source that a program can draw from by itself. */
export interface Source {
  readonly kind: string;
  /** Sizes of one point. */
  readonly shape: readonly number[];
  readonly mean?: number | readonly number[];
  readonly scale?: number | readonly number[];
  readonly low?: number | readonly number[];
  readonly high?: number | readonly number[];
}

/** Whether points of the source are drawn here; samples of a data set are handed in. */
export function canDraw({ kind }: Source): boolean {
  return kind === "gaussian" || kind === "uniform";
}

/** `n` points of the source, [n, ...shape]; equal seeds draw equal points. */
export function drawSource(source: Source, n: number, seed: number): Float32Array {
  const dim = source.shape.reduce((a, b) => a * b, 1);
  const uniform = uniforms(seed);
  const each = (value: number | readonly number[] | undefined, i: number): number =>
    typeof value === "number" ? value : value![i % dim];
  return Float32Array.from(
    { length: n * dim },
    (_, i) =>
      source.kind === "uniform"
        ? each(source.low, i) + (each(source.high, i) - each(source.low, i)) * uniform()
        : each(source.mean, i) + each(source.scale, i) * normal(uniform),
  );
}

/** A standard normal number, by Box and Muller's transform. */
function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Uniform numbers in [0, 1): SplitMix32, good enough to draw pictures and samples with. */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
  };
}
