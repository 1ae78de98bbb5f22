import assert from "node:assert/strict";
import { assign, type Assignment } from "../../../solvers/transport/assignment.ts";
import { assignPoints } from "../../../solvers/transport/assign_points.ts";
import { type Costs, matrixCosts, pointCosts } from "../../../solvers/transport/costs.ts";
import { fillUniform } from "../../../graph/threefry.ts";
import { normals, potX, potY } from "./clouds.ts";

/** Optimal by duality: a permutation, feasible duals, equal values. Rounding grows with the largest cost. */
function assertOptimal(costs: Costs, { columns, rowDual, columnDual, cost }: Assignment): void {
  const n = costs.rows;
  assert.deepEqual([...columns].sort((a, b) => a - b), Array.from({ length: n }, (_, i) => i));
  let scale = 1;
  let [paid, dual] = [0, 0];
  for (let i = 0; i < n; i++) {
    paid += costs.at(i, columns[i]);
    dual += rowDual[i] + columnDual[i];
    for (let j = 0; j < n; j++) scale = Math.max(scale, Math.abs(costs.at(i, j)));
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      assert.ok(costs.at(i, j) - rowDual[i] - columnDual[j] > -1e-12 * scale, `(${i}, ${j})`);
    }
  }
  assert.ok(Math.abs(cost - paid) <= 1e-12 * n * scale);
  assert.ok(Math.abs(cost - dual) <= 1e-12 * n * scale);
}

function uniforms(count: number, step: number): Float64Array {
  const draws = new Float32Array(count);
  fillUniform(draws, { seed: 2, stream: "assignment", step });
  return Float64Array.from(draws);
}

/** The least cost over all permutations. */
function bruteForce(costs: Costs): number {
  const walk = (row: number, used: number): number => {
    if (row === costs.rows) return 0;
    let least = Infinity;
    for (let j = 0; j < costs.rows; j++) {
      if (used & (1 << j)) continue;
      least = Math.min(least, costs.at(row, j) + walk(row + 1, used | (1 << j)));
    }
    return least;
  };
  return walk(0, 0);
}

Deno.test("assign() finds the least cost of all permutations up to size 7", () => {
  for (let n = 1; n <= 7; n++) {
    for (let step = 0; step < 20; step++) {
      const draws = uniforms(n * n, step);
      for (const matrix of [draws, draws.map((x) => Math.floor(4 * x) - 1)]) { // with ties and signs
        const costs = matrixCosts(matrix, n, n);
        assert.ok(Math.abs(assign(costs).cost - bruteForce(costs)) < 1e-12);
      }
    }
  }
});

Deno.test("assign() proves random costs optimal, with its own start and from any other", () => {
  for (const n of [0, 1, 2, 8, 50, 130]) {
    const costs = matrixCosts(uniforms(n * n, n), n, n);
    assertOptimal(costs, assign(costs));
    assertOptimal(costs, assign(costs, uniforms(n, 7).map((x) => 5 * x - 2)));
  }
});

for (const ground of ["euclidean", "squaredEuclidean"] as const) {
  Deno.test(`assignPoints() proves plans between clouds optimal, ${ground}`, () => {
    for (const [n, dim] of [[17, 1], [31, 2], [300, 2], [150, 3], [100, 16], [80, 64]]) {
      const [x, y] = [normals(n, dim, "x"), normals(n, dim, "y")];
      assertOptimal(pointCosts(x, y, ground), assignPoints(x, y, ground));
    }
  });
}

Deno.test("assignPoints() finds the plan that no start is needed for", () => {
  const [x, y] = [normals(200, 2, "x"), normals(200, 2, "y")];
  const costs = pointCosts(x, y, "squaredEuclidean");
  assert.deepEqual(assignPoints(x, y, "squaredEuclidean").columns, assign(costs).columns);
});

Deno.test("assignPoints() is exact where points coincide or lie on a grid", () => {
  const grid = { data: Float64Array.from({ length: 128 }, (_, k) => k % 8), count: 64, dim: 2 };
  const same = { data: new Float64Array(128).fill(3), count: 64, dim: 2 };
  for (const [x, y] of [[grid, grid], [grid, same], [same, same]]) {
    assertOptimal(pointCosts(x, y, "squaredEuclidean"), assignPoints(x, y, "squaredEuclidean"));
  }
});

Deno.test("assignPoints() does not cancel far from the origin", () => {
  const [x, y] = [normals(60, 2, "x"), normals(60, 2, "y")];
  const far = (points: typeof x) => ({ ...points, data: points.data.map((v) => v + 2 ** 20) });
  const near = assignPoints(x, y, "squaredEuclidean");
  const moved = assignPoints(far(x), far(y), "squaredEuclidean");
  assert.deepEqual(moved.columns, near.columns);
  assert.ok(Math.abs(moved.cost - near.cost) < 1e-7); // rounding of the coordinates: 2^-32
});

Deno.test("assignPoints() agrees with POT 0.9.7 emd2", () => {
  const mean = (ground: "euclidean" | "squaredEuclidean") =>
    assignPoints(potX, potY(150), ground).cost / 150;
  assert.ok(Math.abs(mean("squaredEuclidean") - 7.080276401181) < 1e-11);
  assert.ok(Math.abs(mean("euclidean") - 2.624220047130674) < 1e-11);
});

Deno.test("assign() rejects what has no optimal plan", () => {
  assert.throws(() => assign(matrixCosts(new Float64Array(6), 2, 3)), {
    name: "RangeError",
    message: /the cost matrix is \[2, 3\]/,
  });
  for (const bad of [NaN, Infinity, -Infinity]) {
    assert.throws(() => matrixCosts(Float64Array.of(0, 1, 2, bad), 2, 2), {
      name: "RangeError",
      message: /must be finite: entry \(1, 1\)/,
    });
  }
});
