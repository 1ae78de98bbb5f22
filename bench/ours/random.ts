/** Ten million uniforms or normals on one core. Variants: uniform, normal. */
import { fillNormal, fillUniform } from "../../runtime/random/mod.ts";
import { serve, workerOptions } from "./worker.ts";

const COUNT = 1_000_000;
const REPEATS = 10;
const { variant } = workerOptions();
const fill = variant === "normal" ? fillNormal : fillUniform;
const numbers = new Float32Array(COUNT);
let step = 0;

await serve(() => {
  for (let i = 0; i < REPEATS; i++) fill(numbers, { seed: 0, stream: "bench", step: step++ });
  return { count: COUNT * REPEATS, last: numbers[COUNT - 1] };
});
