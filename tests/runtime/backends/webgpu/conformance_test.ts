import { openBackend } from "../../../../runtime/backends/mod.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { testBackend } from "../conformance.ts";

testBackend("webgpu", () => openBackend("webgpu"), { ignore: NO_ADAPTER });
