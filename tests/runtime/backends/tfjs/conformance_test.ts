import { openBackend } from "../../../../runtime/backends/mod.ts";
import { testBackend } from "../conformance.ts";

testBackend("tfjs", () => openBackend("tfjs"));
