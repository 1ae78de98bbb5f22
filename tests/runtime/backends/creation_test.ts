import assert from "node:assert/strict";
import { cast, input, type Program, sum, times } from "../../../graph/mod.ts";
import { modelOf, openSession, type Runtime } from "../../../runtime/backends/session.ts";

const x = input("x", ["n"]);
const steps = input("steps", [], "i32");

Deno.test("openSession() refuses a program before anything is made that would have to be freed", async () => {
  const program: Program = {
    name: "counted",
    inputs: [x],
    state: [{ input: steps, next: cast(sum(x), "i32") }],
    outputs: { y: times(x, 2) },
  };
  let made = 0;
  const runtime = {
    InferenceSession: {
      create: () => {
        made++;
        return Promise.reject(new Error("made"));
      },
    },
  } as unknown as Runtime;
  await assert.rejects(openSession(runtime, modelOf(program, {}), {}), {
    name: "TypeError",
    message: "Cannot load counted as states are f32: steps is i32",
  });
  assert.equal(made, 0);
});
