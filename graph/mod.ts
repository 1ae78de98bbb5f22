/**
 * The tensor graph: pure expressions, their derivatives, and their meaning.
 *
 * @example The gradient of a loss
 * ```ts
 * import assert from "node:assert/strict";
 * import { evaluate, gradient, input, matmul, mean, print, silu, square } from "./mod.ts";
 * const x = input("x", ["n", 2]);
 * const w = input("w", [2, 1]);
 * const loss = mean(square(silu(matmul(x, w))));
 * const [dw] = gradient(loss, [w]);
 * assert.deepEqual(dw.shape, [2, 1]);
 * const inputs = { x: { data: [1, 2, 3, 4], shape: [2, 2] }, w: { data: [0, 0], shape: [2, 1] } };
 * assert.deepEqual([...evaluate([dw], inputs)[0].data], [0, 0]);
 * assert.match(print(loss), /sigmoid/);
 * ```
 *
 * @module
 */
export * from "./build/derived.ts";
export * from "./build/elementwise.ts";
export * from "./build/layout.ts";
export * from "./build/leaf.ts";
export { loop } from "./build/loop.ts";
export type { LoopOptions, LoopResult } from "./build/loop.ts";
export * from "./build/matmul.ts";
export * from "./build/random.ts";
export * from "./build/reduction.ts";
export * from "./evaluate.ts";
export { inputsOf, rebuild, topological } from "./expression.ts";
export { gradient, vjp } from "./gradient.ts";
export * from "./json.ts";
export { jvp } from "./jvp.ts";
export type * from "./op.ts";
export { OPS } from "./ops/mod.ts";
export * from "./print.ts";
export * from "./program.ts";
export { broadcastShapes, sameShape, ShapeError, showShape } from "./shape.ts";
export { bindSizes, substitute } from "./substitute.ts";
export * from "./simplify/mod.ts";
export * from "./threefry.ts";
export * from "./trace.ts";
export type * from "./types.ts";
