import { input, plus, type Program } from "../../graph/mod.ts";
import type { Backend } from "./backend.ts";

/**
 * Runs the smallest program on a backend: what its machine code needs is looked for only when it is first used.
 *
 * @throws {Error} If it does not run, or does not say that 1 + 1 is 2.
 */
export async function probe(backend: Backend): Promise<void> {
  const x = input("x", [1]);
  const program: Program = { name: "probe", inputs: [x], state: [], outputs: { y: plus(x, 1) } };
  const executable = await backend.load(program);
  try {
    const { y } = await executable.run({ x: { data: Float32Array.of(1), shape: [1] } });
    if (y.data[0] !== 2) throw new Error(`it adds 1 to 1 and finds ${y.data[0]}`);
  } finally {
    await executable.close();
  }
}
