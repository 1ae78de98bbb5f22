/**
 * Kernels on 32-bit integers and truth values.
 *
 * TensorFlow.js's WebGPU kernels compute in float32 whatever the dtype, so that its integers are exact only up to 2^24
 * and do not wrap. These are registered with it beside its own. A body is WGSL that computes the element `i` of the
 * result from the buffers A, B, ...; tensors are flat, and places come from strides known when the body is written.
 */
import type { TensorInfo } from "npm:@tensorflow/tfjs-core@4.22.0";
import type { WebGPUBackend, WebGPUProgram } from "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";
import type { Tf, TfTensor } from "./library.ts";

/** What a kernel makes. */
export interface Integers {
  readonly shape: readonly number[];
  readonly dtype: "int32" | "bool";
  /** WGSL statements that end with the element in `y`, which starts at 0. */
  readonly body: string;
}

const NAME = "PushforwardIntegers";
const WORKGROUP = 64;

/** Runs a kernel over tensors, which the body knows as A, B, ... */
export function integers(tf: Tf, tensors: readonly TfTensor[], made: Integers): TfTensor {
  register(tf);
  const { shape, dtype, body } = made;
  const inputs = Object.fromEntries(
    tensors.map((tensor, k) => [nameOf(k), tf.reshape(tensor, [tensor.size])]),
  );
  const count = shape.reduce((a, b) => a * b, 1);
  const flat = tf.engine().runKernel(NAME, inputs, { count, dtype, body }) as TfTensor;
  return tf.reshape(flat, [...shape]);
}

/** What the buffer of the k-th input is called in a body. */
export function nameOf(k: number): string {
  return k < 26 ? String.fromCharCode(65 + k) : `A${k}`;
}

/**
 * The place in a buffer of an element of a tensor of that shape: `offset` plus the element's coordinates times `strides`.
 *
 * @param element Which element, in row-major order: by default the one that is computed.
 */
export function placeOf(
  shape: readonly number[],
  strides: readonly number[],
  { offset = 0, element = "i" }: { readonly offset?: number; readonly element?: string } = {},
): string {
  const terms = shape.flatMap((dim, axis) =>
    dim === 1 || strides[axis] === 0
      ? []
      : [`${coordinateOf(shape, axis, element)} * ${strides[axis]}`]
  );
  return [...terms, `${offset}`].join(" + ");
}

/** The coordinate of an element on an axis. */
export function coordinateOf(shape: readonly number[], axis: number, element = "i"): string {
  return `((${element} / ${stridesOf(shape)[axis]}) % ${shape[axis]})`;
}

/** Strides that stretch a tensor to a shape it broadcasts to. */
export function stretchedStrides(from: readonly number[], to: readonly number[]): number[] {
  const own = stridesOf(from);
  const extra = to.length - from.length;
  return to.map((_, axis) => axis < extra || from[axis - extra] === 1 ? 0 : own[axis - extra]);
}

/** The distance in memory between neighbours on each axis, row-major. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
}

function register(tf: Tf): void {
  if (tf.getKernel(NAME, "webgpu") !== undefined) return;
  tf.registerKernel({
    kernelName: NAME,
    backendName: "webgpu",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { count, dtype, body } = attrs as unknown as {
        readonly count: number;
        readonly dtype: Integers["dtype"];
        readonly body: string;
      };
      const given = Object.entries(inputs) as [string, TensorInfo][];
      const program = programOf(count, given.map(([name]) => name), body);
      return (backend as unknown as WebGPUBackend).runWebGPUProgram(
        program,
        given.map(([, tensor]) => tensor),
        dtype,
      );
    },
  });
}

function programOf(count: number, names: readonly string[], body: string): WebGPUProgram {
  return {
    outputShape: [count],
    variableNames: [...names],
    variableComponents: names.map(() => 1),
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: [0] },
    dispatch: [Math.max(1, Math.ceil(count / WORKGROUP)), 1, 1],
    size: true,
    shaderKey: `${NAME} ${names.length} ${body}`,
    getUserCode: () => `
      fn main(i : i32) {
        if (i < uniforms.size) {
          var y = 0;
          ${body}
          result[i] = y;
        }
      }`,
  };
}
