/**
 * Networks trained elsewhere, read from ONNX files into the tensor graph.
 *
 * @module
 */
export { type ReadNetwork, readNetwork } from "./read_network.ts";
export { SUPPORTED } from "./table.ts";
