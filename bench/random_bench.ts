/**
 * Random numbers on one core. Read "iter/s" as millions of numbers per second.
 *
 * Goals: 30 million uniforms and 10 million normals per second.
 */

import { fillBits, fillNormal, fillUniform } from "../graph/threefry.ts";
import { permutation } from "../runtime/random/mod.ts";

const N = 1_000_000;
const floats = new Float32Array(N);
const words = new Uint32Array(N);
let step = 0;

Deno.bench("1e6 words of 32 bits", () => fillBits(words, { seed: 0, stream: "b", step: step++ }));
Deno.bench("1e6 uniforms", () => fillUniform(floats, { seed: 0, stream: "u", step: step++ }));
Deno.bench("1e6 normals", () => fillNormal(floats, { seed: 0, stream: "n", step: step++ }));
Deno.bench("a permutation of 1e6", () => {
  permutation(N, { seed: 0, stream: "p", step: step++ });
});
