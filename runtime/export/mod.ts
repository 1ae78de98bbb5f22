/**
 * Models as ONNX files for other programs: standard operators, the solver inside, units of the data.
 *
 * @module
 */
export type { Check } from "./check.ts";
export { type Export, type ExportedFile, exportModel, type ExportOptions } from "./export_model.ts";
export type { FileText, Manifest, ValueLine } from "./manifest.ts";
export { type Precision, type PrecisionLoss, PRECISIONS } from "./precision.ts";
