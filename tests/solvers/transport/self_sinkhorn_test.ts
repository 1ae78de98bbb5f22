import assert from "node:assert/strict";
import { pointCosts } from "../../../solvers/transport/costs.ts";
import { selfSinkhorn } from "../../../solvers/transport/self_sinkhorn.ts";
import { sinkhorn } from "../../../solvers/transport/sinkhorn.ts";
import { normals } from "./clouds.ts";

const x = normals(80, 2, "x");
const costs = pointCosts(x, x, "squaredEuclidean");

Deno.test("selfSinkhorn() finds the value that sinkhorn() finds, for any epsilon", () => {
  for (const epsilon of [0.5, 5, 100]) {
    const settings = { epsilon, maxIterations: 100_000, tolerance: 1e-9 };
    const [one, two] = [selfSinkhorn(costs, settings), sinkhorn(costs, settings)];
    assert.ok(one.converged && two.converged);
    assert.ok(Math.abs(one.value - two.value) < 1e-9, `${one.value}, ${two.value}`);
  }
});

Deno.test("selfSinkhorn() needs as few updates for a small epsilon as for a large one", () => {
  for (const epsilon of [1e-3, 0.1, 1]) {
    const settings = { epsilon, maxIterations: 1_000, tolerance: 1e-8 };
    const { iterations, converged } = selfSinkhorn(costs, settings);
    // About 13 halvings from the largest cost, and 27 of the error from 1 to 1e-8.
    assert.ok(converged && iterations <= 45, `${iterations} at epsilon ${epsilon}`);
  }
});

Deno.test("selfSinkhorn() has the marginals it says", () => {
  const epsilon = 0.2;
  const { f, marginalError } = selfSinkhorn(costs, {
    epsilon,
    maxIterations: 100,
    tolerance: 1e-6,
  });
  let error = 0;
  for (let i = 0; i < 80; i++) {
    let mass = 0;
    for (let j = 0; j < 80; j++) mass += Math.exp((f[i] + f[j] - costs.at(i, j)) / epsilon);
    error += Math.abs(mass / 80 - 1) / 80;
  }
  assert.ok(error <= marginalError && marginalError <= 1e-6, `${error}, ${marginalError}`);
});

Deno.test("selfSinkhorn() says when it has not converged, and refuses costs of two sets", () => {
  const settings = { epsilon: 0.1, maxIterations: 3, tolerance: 1e-9 };
  const { converged, iterations } = selfSinkhorn(costs, settings);
  assert.deepEqual([converged, iterations], [false, 3]);
  const others = pointCosts(x, normals(60, 2, "y"), "squaredEuclidean");
  assert.throws(() => selfSinkhorn(others, settings), {
    name: "RangeError",
    message: /by costs of \[80, 60\]/,
  });
  assert.throws(() => selfSinkhorn(costs, { ...settings, epsilon: 0 }), /epsilon must be positive/);
});
