/**
 * Tests that need a WebGPU adapter; a software one serves.
 *
 * A machine without one skips these tests, by name; where `CI` is set it must be there.
 *
 * @module
 */

const adapter: GPUAdapter | null = await navigator.gpu?.requestAdapter() ?? null;

/** Whether tests that need an adapter are skipped. */
export const NO_ADAPTER: boolean = adapter === null && Deno.env.get("CI") === undefined;
