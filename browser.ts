/**
 * Pushforward in a page: the language, and training and sampling on the page's own WebGPU. Bundle it with your page (see
 * examples/browser); nothing here needs files, workers or permissions.
 *
 * @example What examples/browser/main.ts trains with `trainInMemory(spec, await openInBrowser())`
 * ```ts
 * import assert from "node:assert/strict";
 * import { data, pipeline, training } from "./browser.ts";
 * const spec = pipeline({ target: data.twoMoons(), training: training({ steps: 100 }) });
 * assert.equal(spec.target.kind, "twoMoons");
 * ```
 *
 * @module
 */
export * from "./dsl/mod.ts";
export type { Tensor } from "./graph/mod.ts";
export type { Backend } from "./runtime/backends/backend.ts";
export { type BrowserBackend, openInBrowser } from "./runtime/backends/in_browser.ts";
export { type InMemoryModel, type InMemoryOptions, trainInMemory } from "./runtime/in_memory.ts";
export { CheckFailed, Interrupted } from "./runtime/outcome.ts";
