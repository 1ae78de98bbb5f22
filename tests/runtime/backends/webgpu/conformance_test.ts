import { openBackend } from "../../../../runtime/backends/mod.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { testBackend } from "../conformance.ts";

testBackend("webgpu", () => openBackend("webgpu"), {
  ignore: NO_ADAPTER,
  elsewhere: {
    "derivatives of loop":
      "the transpose of a loop in a loop collects rows of a number known only when it ends",
  },
});
