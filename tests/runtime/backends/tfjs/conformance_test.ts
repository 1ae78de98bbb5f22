import { openBackend } from "../../../../runtime/backends/mod.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { testBackend } from "../conformance.ts";

testBackend("tfjs", () => openBackend("tfjs"), { ignore: NO_ADAPTER });
