import type { Tensor } from "../../graph/mod.ts";

/** Mean and standard deviation of each column, to see that both sides computed the same. */
export function moments({ data, shape: [n, d] }: Tensor): { mean: number[]; deviation: number[] } {
  const mean = new Array<number>(d).fill(0);
  const deviation = new Array<number>(d).fill(0);
  for (let i = 0; i < data.length; i++) mean[i % d] += data[i] / n;
  for (let i = 0; i < data.length; i++) deviation[i % d] += (data[i] - mean[i % d]) ** 2 / (n - 1);
  return { mean, deviation: deviation.map(Math.sqrt) };
}

/** The first `n` rows. */
export function head({ data, shape: [, d] }: Tensor, n: number): Tensor {
  return { data: data.subarray(0, n * d), shape: [n, d] };
}
