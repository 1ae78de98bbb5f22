import assert from "node:assert/strict";
import {
  and,
  cast,
  equal,
  type Expression,
  input,
  less,
  loop,
  type Node,
  plus,
  reduceMax,
  select,
  times,
} from "../../../../../../graph/mod.ts";
import { endsByRow } from "../../../../../../runtime/backends/webgpu/compile/rows/ended.ts";

const RUNNING = 1;
const [x, mark] = [input("x", ["n", 1]), input("mark", ["n", 1], "i32")];

/** Whether rows end by themselves in a loop that moves some number, and maybe counts. */
function ends(
  move: (x: Expression, running: Expression) => Expression,
  goesOn: (mark: Expression) => Expression = (mark) => equal(reduceMax(mark), RUNNING),
): boolean {
  const { state: [y] } = loop({
    state: [x, mark],
    while: (_x, mark) => goesOn(mark),
    body: (_i, x, mark) => {
      const running = equal(mark, RUNNING);
      const next = select(less(x, 10), mark, 0);
      return [move(x, running), select(running, next, mark)];
    },
  });
  return endsByRow((y.inputs[0] as Expression & Node<"loop">).attributes.body);
}

Deno.test("endsByRow() follows states that stay where a row is not marked", () => {
  assert.ok(ends((x, running) => select(running, times(x, 2), x)));
  assert.ok(ends((x, running) => select(and(running, less(x, 5)), times(x, 2), x)));
});

Deno.test("endsByRow() refuses states that move on, and other conditions", () => {
  assert.ok(!ends((x) => times(x, 2)));
  assert.ok(!ends((x, running) => select(running, x, times(x, 2))));
  assert.ok(!ends((x, running) => plus(x, cast(running, "f32")))); // -0 would become 0
  const stays = (x: Expression, running: Expression) => select(running, times(x, 2), x);
  assert.ok(!ends(stays, (mark) => less(reduceMax(mark), 2)));
});
