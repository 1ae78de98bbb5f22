import { createHash } from "node:crypto";
import { type BackendChoice, openBackend } from "../../../runtime/backends/mod.ts";
import { batches, firstState, trainingProgram } from "./training_program.ts";

/** SHA-256 of all states after 200 training steps of a 3 x 128 network, batch 128. */
export async function trainedDigest(choice: BackendChoice, threads: number): Promise<string> {
  const backend = await openBackend(choice, { threads });
  const program = trainingProgram([3, 128, 128, 128, 2], 128);
  const executable = await backend.load(program);
  await executable.writeState(firstState(program));
  for (let done = 0; done < 200; done += 40) {
    await executable.run(batches(program, { steps: 40, done }));
  }
  const hash = createHash("sha256");
  for (const [name, { data }] of [...await executable.readState()].sort()) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  await backend.close();
  return hash.digest("hex");
}

if (import.meta.main) {
  console.log(await trainedDigest(Deno.args[0] as BackendChoice, Number(Deno.args[1])));
}
