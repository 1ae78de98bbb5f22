import assert from "node:assert/strict";
import { pointCosts } from "../../../solvers/transport/costs.ts";
import { lineCost } from "../../../solvers/transport/line.ts";
import { cellOrder } from "../../../solvers/transport/multiscale.ts";
import { transport } from "../../../solvers/transport/network_simplex.ts";
import { pointsOf } from "../../../solvers/transport/points.ts";
import { wasserstein } from "../../../solvers/transport/wasserstein.ts";
import { normals } from "./clouds.ts";

for (const order of [1, 2] as const) {
  Deno.test(`wasserstein() of order ${order} between a set and itself shifted is the shift`, () => {
    for (const dim of [1, 2, 5]) {
      const x = normals(50, dim, "x");
      const y = { ...x, data: x.data.map((v) => v + 3).reverse() };
      const shifted = { ...x, data: y.data.toReversed() };
      assert.ok(Math.abs(wasserstein(x, shifted, order) - 3 * Math.sqrt(dim)) < 1e-12);
    }
  });

  Deno.test(`lineCost() of order ${order} is the cost of the optimal plan, whatever the sizes`, () => {
    for (const [n, m] of [[20, 20], [20, 35], [7, 1]]) {
      const [x, y] = [normals(n, 1, "x"), normals(m, 1, "y")];
      const costs = pointCosts(x, y, order === 1 ? "euclidean" : "squaredEuclidean");
      assert.ok(Math.abs(lineCost(x.data, y.data, order) - transport(costs).cost) < 1e-12);
    }
  });
}

Deno.test("wasserstein() counts a set twice over as the same set", () => {
  const x = normals(30, 2, "x");
  const twice = { data: Float64Array.of(...x.data, ...x.data), count: 60, dim: 2 };
  assert.equal(wasserstein(x, twice, 2), 0);
  const y = normals(30, 2, "y");
  assert.ok(Math.abs(wasserstein(twice, y, 2) - wasserstein(x, y, 2)) < 1e-12);
});

Deno.test("wasserstein() rejects empty sets and different dimensions", () => {
  const none = { data: new Float64Array(0), count: 0, dim: 2 };
  assert.throws(() => wasserstein(none, normals(3, 2, "y"), 2), /0 and 3 points/);
  assert.throws(() => lineCost(new Float64Array(0), Float64Array.of(1), 1), /empty sets/);
  assert.throws(() => wasserstein(normals(3, 3, "x"), normals(3, 2, "y"), 2), /found 3 and 2/);
});

Deno.test("cellOrder() holds every point once and keeps neighbours together", () => {
  const line = { data: Float64Array.of(5, 1, 4, 2, 3), count: 5, dim: 1 };
  assert.deepEqual([...cellOrder(line)], [1, 3, 4, 2, 0]);
});

Deno.test("pointsOf() names the coordinate that is not finite", () => {
  const data = new Float32Array([0, 1, 2, NaN]);
  assert.throws(() => pointsOf({ data, shape: [2, 2] }, "x0"), /x0.*row 1 column 1 is NaN/);
  assert.throws(() => pointsOf({ data, shape: [3, 2] }), /does not fit 4 numbers/);
});
