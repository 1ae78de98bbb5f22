/**
 * Tests that need a WebGPU adapter; a software one serves.
 *
 * A machine without one skips these tests, by name, and `adapter_test.ts` says what to install; where `CI` is set there
 * must be one, so that none is skipped.
 *
 * @module
 */
import { requestAdapter } from "../runtime/backends/adapter.ts";

/** Whether tests that need an adapter are skipped. */
export const NO_ADAPTER: boolean = Deno.env.get("CI") === undefined &&
  await requestAdapter() === null;
