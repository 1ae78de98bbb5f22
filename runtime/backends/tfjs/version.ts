/** The version of TensorFlow.js that is loaded: known before it is. */
export const TFJS_VERSION = "4.22.0";
