import assert from "node:assert/strict";
import { assign } from "../../../solvers/transport/assignment.ts";
import { type Costs, matrixCosts, pointCosts } from "../../../solvers/transport/costs.ts";
import { transport, type TransportPlan } from "../../../solvers/transport/network_simplex.ts";
import { normals, potX, potY } from "./clouds.ts";

/** Optimal by duality. Mass is rounded to units of at most 1e-9 for these sizes, much less for equal weights. */
function assertOptimal(
  costs: Costs,
  plan: TransportPlan,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): void {
  const share = (weights: ArrayLike<number>) => {
    const list = Array.from(weights);
    const sum = list.reduce((x, y) => x + y, 0);
    return list.map((w) => w / sum);
  };
  const [rows, columns] = [share(a), share(b)];
  const left = [...rows];
  const wanted = [...columns];
  for (let e = 0; e < plan.mass.length; e++) {
    const [i, j, mass] = [plan.row[e], plan.column[e], plan.mass[e]];
    assert.ok(mass > 0);
    left[i] -= mass;
    wanted[j] -= mass;
    assert.ok(Math.abs(costs.at(i, j) - plan.rowDual[i] - plan.columnDual[j]) < 1e-10);
  }
  for (const rest of [...left, ...wanted]) assert.ok(Math.abs(rest) < 1e-9, `${rest} is not moved`);
  let dual = 0;
  rows.forEach((w, i) => dual += w * plan.rowDual[i]);
  columns.forEach((w, j) => dual += w * plan.columnDual[j]);
  assert.ok(Math.abs(plan.cost - dual) < 1e-8);
  for (let i = 0; i < costs.rows; i++) {
    for (let j = 0; j < costs.columns; j++) {
      assert.ok(costs.at(i, j) - plan.rowDual[i] - plan.columnDual[j] > -1e-10);
    }
  }
}

const equal = (count: number) => new Float64Array(count).fill(1);

Deno.test("transport() proves plans between sets of any sizes optimal", () => {
  for (const [n, m] of [[1, 1], [1, 5], [5, 1], [2, 3], [40, 60], [97, 31], [64, 64]]) {
    const costs = pointCosts(normals(n, 2, "x"), normals(m, 2, "y"), "squaredEuclidean");
    assertOptimal(costs, transport(costs), equal(n), equal(m));
  }
});

Deno.test("transport() of equal weights is the assignment", () => {
  const costs = pointCosts(normals(120, 2, "x"), normals(120, 2, "y"), "euclidean");
  const plan = transport(costs);
  const { columns, cost } = assign(costs);
  assert.equal(plan.mass.length, 120);
  plan.row.forEach((i, e) => assert.equal(plan.column[e], columns[i]));
  assert.ok(Math.abs(plan.cost - cost / 120) < 1e-12);
});

Deno.test("transport() proves plans between weighted sets optimal, weights of zero included", () => {
  const costs = pointCosts(normals(40, 3, "x"), normals(30, 3, "y"), "squaredEuclidean");
  const a = Float64Array.from({ length: 40 }, (_, i) => i % 3 === 0 ? 0 : i);
  const b = Float64Array.from({ length: 30 }, (_, j) => j % 2 === 0 ? 0 : 1 / (1 + j));
  assertOptimal(costs, transport(costs, { rowWeights: a, columnWeights: b }), a, b);
});

Deno.test("transport() takes float32 weights, whose sum is not one, for what they are in proportion", () => {
  const costs = pointCosts(normals(70, 2, "x"), normals(30, 2, "y"), "squaredEuclidean");
  const weights = new Float32Array(70).fill(1 / 70);
  const columnWeights = new Float32Array(30).fill(1 / 30);
  const plan = transport(costs, { rowWeights: weights, columnWeights });
  assert.ok(Math.abs(plan.mass.reduce((sum, m) => sum + m, 0) - 1) < 1e-12);
  assert.ok(Math.abs(plan.cost - transport(costs).cost) < 1e-9);
});

Deno.test("transport() does not cycle on costs that are all equal", () => {
  const costs = matrixCosts(new Float64Array(30 * 20).fill(2), 30, 20);
  assertOptimal(costs, transport(costs), equal(30), equal(20));
});

Deno.test("transport() agrees with POT 0.9.7 emd2", () => {
  const weights = (count: number, a: number) =>
    Float64Array.from({ length: count }, (_, i) => ((i + 1) * a) % 1);
  const squared = pointCosts(potX, potY(90), "squaredEuclidean");
  assert.ok(Math.abs(transport(squared).cost - 7.1558574376839355) < 1e-11);
  const plain = pointCosts(potX, potY(90), "euclidean");
  assert.ok(Math.abs(transport(plain).cost - 2.635201163499653) < 1e-11);
  const { cost } = transport(squared, {
    rowWeights: weights(150, 0.3819660112501051),
    columnWeights: weights(90, 0.2360679774997898),
  });
  assert.ok(Math.abs(cost - 7.940630849341623) < 1e-9);
});

Deno.test("transport() rejects weights that are no weights", () => {
  const costs = matrixCosts(new Float64Array(4), 2, 2);
  const rejects = (rowWeights: number[], message: RegExp) =>
    assert.throws(() => transport(costs, { rowWeights }), { name: "RangeError", message });
  rejects([1, NaN], /row 1 has NaN/);
  rejects([1, -1], /row 1 has -1/);
  rejects([0, 0], /sum to 0/);
  rejects([1], /2 rows with 1 numbers/);
  assert.throws(() => transport(matrixCosts(new Float64Array(0), 0, 2)), /empty sets/);
});
