import assert from "node:assert/strict";
import { instructionSet } from "../../../runtime/backends/instruction_set.ts";

Deno.test("instructionSet() starts with the architecture", () => {
  assert.equal(instructionSet().split(" ")[0], Deno.build.arch);
});

Deno.test({
  name: "instructionSet() is the widest that the kernel lists",
  ignore: Deno.build.os !== "linux" || Deno.build.arch !== "x86_64", // elsewhere it is the architecture
  async fn() {
    const info = await Deno.readTextFile("/proc/cpuinfo");
    const flags = /^flags\s*:(.*)$/m.exec(info)![1].split(" ");
    const widest = ["avx512f", "avx2", "avx"].find((feature) => flags.includes(feature));
    assert.equal(instructionSet(), ["x86_64", ...(widest === undefined ? [] : [widest])].join(" "));
  },
});
