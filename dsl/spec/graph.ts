/**
 * A tensor graph as plain data. A user's own function is traced into one of these, so that it is
 * stored and hashed like the rest of a spec.
 */
export type { GraphJSON, JSONValue, NodeJSON } from "../../graph/mod.ts";
