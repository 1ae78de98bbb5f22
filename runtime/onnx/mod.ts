/**
 * The ONNX lowering: how programs run on `cpu` and `wasm`, and how they leave.
 *
 * @module
 */
export { decodeModel, elementTypeOf } from "./proto.ts";
export { elementType } from "./lowering.ts";
export {
  type Deployment,
  type FixedTensor,
  lower,
  type LowerOptions,
  nameOf,
  nextName,
  type ValueText,
} from "./lower.ts";
