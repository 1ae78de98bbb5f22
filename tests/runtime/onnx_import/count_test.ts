import assert from "node:assert/strict";
import {
  add,
  type Count,
  dimOf,
  divide,
  isEqual,
  isLess,
  modulo,
  multiply,
  rowCount,
  showCount,
  subtract,
} from "../../../runtime/onnx_import/count.ts";

const twice: Count = { per: 2, plus: 0 };

Deno.test("counts of rows are added, multiplied and divided as far as they stay such", () => {
  assert.deepEqual(add(rowCount, 3), { per: 1, plus: 3 });
  assert.equal(subtract(add(rowCount, 3), rowCount), 3);
  assert.deepEqual(multiply(rowCount, 2), twice);
  assert.deepEqual(divide(twice, 2), rowCount);
  assert.equal(divide(twice, rowCount), 2);
  assert.equal(divide(-7, 2), -3);
  assert.equal(modulo(-7, 3), 2);
  assert.equal(modulo(twice, 2), 0);
  assert.throws(() => multiply(rowCount, rowCount), /depends on the number of rows, n/);
  assert.throws(() => divide(rowCount, 2), /the quotient of n and 2 depends/);
  assert.throws(() => divide(1, 0), RangeError);
});

Deno.test("comparisons of counts hold for every number of rows, or are refused", () => {
  assert.equal(isEqual(rowCount, -1), 0);
  assert.equal(isEqual(rowCount, rowCount), 1);
  assert.equal(isLess(0, rowCount), 1);
  assert.equal(isLess(rowCount, 1), 0);
  assert.throws(() => isLess(rowCount, 5), /the comparison of n and 5 depends/);
});

Deno.test("a count is a size where a tensor may have it", () => {
  assert.equal(dimOf(rowCount), "n");
  assert.equal(dimOf(4), 4);
  assert.equal(dimOf(twice), undefined);
  assert.equal(dimOf(-1), undefined);
  assert.equal(showCount({ per: 2, plus: 1 }), "2 n + 1");
});
