/**
 * Exact transport: what a minibatch plan and an exact W2 cost, cost matrix included.
 *
 * Every iteration solves another batch, drawn beforehand, as training does. Peers: bench/peers/.
 *
 * @module
 */

import { fillNormal, fillUniform } from "../graph/threefry.ts";
import {
  assignPoints,
  pointCosts,
  type Points,
  sinkhorn,
  wasserstein,
} from "../solvers/transport/mod.ts";

type Shape = (count: number, step: number) => Points;

function draws(fill: typeof fillNormal, count: number, stream: string, step: number): Float32Array {
  const out = new Float32Array(count);
  fill(out, { seed: 0, stream, step });
  return out;
}

const gaussian = (dim: number): Shape => (count, step) => ({
  data: Float64Array.from(draws(fillNormal, count * dim, `gaussian ${dim}`, step)),
  count,
  dim,
});

/** Eight Gaussians of deviation 0.3 on a circle of radius 5. */
const eightGaussians: Shape = (count, step) => {
  const data = Float64Array.from(draws(fillNormal, 2 * count, "eight", step), (z) => 0.3 * z);
  draws(fillUniform, count, "which", step).forEach((u, i) => {
    const angle = Math.floor(8 * u) * Math.PI / 4;
    data[2 * i] += 5 * Math.cos(angle);
    data[2 * i + 1] += 5 * Math.sin(angle);
  });
  return { data, count, dim: 2 };
};

/** Two half circles, scaled as in the benchmark of the peers. */
const moons: Shape = (count, step) => {
  const noise = draws(fillNormal, 2 * count, "moons", step);
  const data = new Float64Array(2 * count);
  draws(fillUniform, count, "angle", step).forEach((u, i) => {
    const [upper, angle] = [i % 2 === 0, Math.PI * u];
    data[2 * i] = 3 * (upper ? Math.cos(angle) : 1 - Math.cos(angle)) - 1 + 0.2 * noise[2 * i];
    data[2 * i + 1] = 3 * (upper ? Math.sin(angle) : 0.5 - Math.sin(angle)) - 1 +
      0.2 * noise[2 * i + 1];
  });
  return { data, count, dim: 2 };
};

/** Ten clusters in 64 dimensions, in the place of images of digits. */
const clusters: Shape = (count, step) => {
  const centres = draws(fillNormal, 640, "centres", 0);
  const noise = draws(fillNormal, 64 * count, "clusters", step);
  const data = Float64Array.from(noise, (z, k) => {
    const cluster = Math.floor(k / 64) % 10;
    return 1.5 * centres[64 * cluster + k % 64] + 0.4 * z;
  });
  return { data, count, dim: 64 };
};

/** Calls `solve` on one of sixteen batches after another. */
function fresh(count: number, x: Shape, y: Shape, solve: (x: Points, y: Points) => unknown) {
  const batches = Array.from({ length: 16 }, (_, step) => [x(count, step), y(count, step)]);
  let turn = 0;
  return () => {
    const [a, b] = batches[turn++ % batches.length];
    solve(a, b);
  };
}

const plan = (x: Points, y: Points) => assignPoints(x, y, "squaredEuclidean");

for (const count of [256, 512]) {
  const group = `plan of ${count}`;
  Deno.bench(`gaussian to moons, ${count}`, { group }, fresh(count, gaussian(2), moons, plan));
  Deno.bench(
    `eight Gaussians to moons, ${count}`,
    { group },
    fresh(count, eightGaussians, moons, plan),
  );
  Deno.bench(`64 dimensions, ${count}`, { group }, fresh(count, gaussian(64), clusters, plan));
}

Deno.bench(
  "entropic plan of 256, epsilon 1",
  fresh(256, eightGaussians, moons, (x, y) =>
    sinkhorn(pointCosts(x, y, "squaredEuclidean"), {
      epsilon: 1,
      maxIterations: 1_000,
      tolerance: 1e-3,
    })),
);

Deno.bench(
  "exact W2 of 2,000",
  { n: 10, warmup: 2 },
  fresh(2_000, eightGaussians, moons, (x, y) => wasserstein(x, y, 2)),
);

Deno.bench("exact W2 of 1,000 and 1,400", { n: 5, warmup: 1 }, () => {
  wasserstein(eightGaussians(1_000, 0), moons(1_400, 0), 2);
});
