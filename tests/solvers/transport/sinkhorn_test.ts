import assert from "node:assert/strict";
import { assign } from "../../../solvers/transport/assignment.ts";
import { matrixCosts, pointCosts } from "../../../solvers/transport/costs.ts";
import { sinkhorn } from "../../../solvers/transport/sinkhorn.ts";
import { normals, potX, potY } from "./clouds.ts";

Deno.test("sinkhorn() has the marginals it says", () => {
  const [n, m, epsilon] = [40, 60, 0.2];
  const costs = pointCosts(normals(n, 2, "x"), normals(m, 2, "y"), "squaredEuclidean");
  const plan = sinkhorn(costs, { epsilon, maxIterations: 20_000, tolerance: 1e-8 });
  assert.ok(plan.converged && plan.remedy === null && plan.marginalError <= 1e-8);
  const columns = new Float64Array(m);
  let error = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < m; j++) {
      const mass = Math.exp((plan.f[i] + plan.g[j] - costs.at(i, j)) / epsilon) / (n * m);
      row += mass;
      columns[j] += mass;
    }
    error += Math.abs(row - 1 / n);
  }
  assert.ok(error <= 1.001e-8, `${error}`);
  for (const mass of columns) assert.ok(Math.abs(mass - 1 / m) < 1e-14);
});

Deno.test("sinkhorn() agrees with POT 0.9.7 sinkhorn_log", () => {
  const costs = pointCosts(potX, potY(90), "squaredEuclidean");
  const { value } = sinkhorn(costs, { epsilon: 0.5, maxIterations: 10_000, tolerance: 1e-10 });
  assert.ok(Math.abs(value - 7.586130620651834) < 1e-9);
});

Deno.test("sinkhorn() solves two points in closed form", () => {
  // Symmetry makes the diagonal p/2 with p = 1 / (1 + exp(-c / epsilon)).
  const [c, epsilon] = [1, 0.5];
  const { f, g } = sinkhorn(matrixCosts(Float64Array.of(0, c, c, 0), 2, 2), {
    epsilon,
    maxIterations: 100,
    tolerance: 1e-12,
  });
  const diagonal = Math.exp((f[0] + g[0]) / epsilon) / 4;
  assert.ok(Math.abs(diagonal - 0.5 / (1 + Math.exp(-c / epsilon))) < 1e-12);
});

Deno.test("sinkhorn() neither over- nor underflows at costs of 1e6 epsilon, and nears the exact cost", () => {
  const costs = pointCosts(normals(12, 2, "x"), normals(12, 2, "y"), "squaredEuclidean");
  const epsilon = 1e-5;
  const plan = sinkhorn(costs, { epsilon, maxIterations: 200_000, tolerance: 1e-3 });
  assert.ok([...plan.f, ...plan.g].every(Number.isFinite));
  // Between the exact cost and that plus epsilon log n; the missing mass of 1e-3 may cost up to the largest cost.
  assert.ok(Math.abs(plan.value - assign(costs).cost / 12) < epsilon * Math.log(12) + 0.03);
});

Deno.test("sinkhorn() that gives up says by how much and what to do", () => {
  const costs = pointCosts(normals(30, 2, "x"), normals(30, 2, "y"), "squaredEuclidean");
  const plan = sinkhorn(costs, { epsilon: 0.01, maxIterations: 20, tolerance: 1e-9 });
  assert.equal(plan.converged, false);
  assert.equal(plan.iterations, 20);
  assert.ok(plan.marginalError > 1e-9);
  assert.match(plan.remedy ?? "", /raise maxIterations, loosen the tolerance or raise epsilon/);
});

Deno.test("sinkhorn() rejects contradictory settings", () => {
  const costs = matrixCosts(Float64Array.of(1), 1, 1);
  const settings = { epsilon: 1, maxIterations: 10, tolerance: 1e-3 };
  for (const epsilon of [0, -1, NaN, Infinity]) {
    assert.throws(() => sinkhorn(costs, { ...settings, epsilon }), /epsilon must be positive/);
  }
  assert.throws(() => sinkhorn(costs, { ...settings, tolerance: 0 }), /tolerance must be positive/);
  assert.throws(() => sinkhorn(costs, { ...settings, maxIterations: 1.5 }), /positive integer/);
});
