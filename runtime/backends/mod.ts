/**
 * Backends: what runs programs.
 *
 * @module
 */
export * from "./backend.ts";
export { type BackendChoice, openBackend, type OpenOptions } from "./open.ts";
export { wasmOptions, wasmRuntime } from "./wasm.ts";
