/**
 * Solves with the loop in the graph: 10,240 points in the plane through 25 Euler steps, by tile size. The choice of the
 * tile in `runtime/solving/` rests on this.
 */
import { input, type Program } from "../graph/mod.ts";
import { fillNormal } from "../graph/threefry.ts";
import { openBackend } from "../runtime/backends/mod.ts";
import { solve, SOLVERS } from "../solvers/ode/mod.ts";
import { velocity } from "./field.ts";

const ROWS = 10_240;

const parameters = velocity.parameters.map((p) => input(p.name, p.shape));
const x0 = input("x", ["n", 2]);
const { x } = solve((t, x) => velocity.apply(parameters, t as never, x as never), x0, {
  method: SOLVERS.euler,
  step: { kind: "fixed", steps: 25 },
});
const program: Program = {
  name: "solve",
  inputs: [x0, ...parameters],
  state: [],
  outputs: { end: x },
};
const fixed = Object.fromEntries(velocity.parameters.map(({ name, shape }) => {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  fillNormal(data, { seed: 0, stream: name, step: 0 });
  return [name, { data: data.map((value) => value / 16), shape: [...shape] }];
}));
const points = new Float32Array(2 * ROWS);
fillNormal(points, { seed: 0, stream: "x", step: 0 });
const inputs = { x: { data: points, shape: [ROWS, 2] } };

const backend = await openBackend("cpu");
for (const tile of [256, 512, 1024, 2048, ROWS]) {
  const tiled = await backend.loadTiled(program, { rows: "n", tile, fixed });
  Deno.bench(`tiles of ${tile} rows`, { group: "euler", n: 4, warmup: 1 }, async () => {
    await tiled.run(inputs);
  });
}
