/**
 * The ONNX lowering: how programs run on `cpu` and `wasm`, and how they leave.
 *
 * @module
 */
export { decodeModel, elementTypeOf } from "./proto.ts";
export { type FixedTensor, lower, type LowerOptions, nextName } from "./lower.ts";
