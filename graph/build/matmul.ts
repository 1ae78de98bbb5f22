import { build } from "../expression.ts";
import type { Expression, Padding, Shape } from "../types.ts";

/**
 * The matrix product over the last two axes; leading axes broadcast.
 *
 * Shapes: [..., m, k] and [..., k, n] give [..., m, n]; a flag says that the factor is given
 * transposed.
 */
export function matmul(
  a: Expression,
  b: Expression,
  options: { readonly transposeA?: boolean; readonly transposeB?: boolean } = {},
): Expression {
  return build("matmul", [a, b], {
    transposeA: options.transposeA ?? false,
    transposeB: options.transposeB ?? false,
  });
}

/** Steps between windows (1 by default) and zeros around the image (none by default). */
export interface ConvolutionOptions {
  /** Steps of the kernel down and to the right. */
  readonly strides?: readonly [number, number];
  /** Zeros around the image. */
  readonly padding?: Padding;
}

function window(options: ConvolutionOptions): {
  readonly strides: readonly [number, number];
  readonly padding: Padding;
} {
  return {
    strides: options.strides ?? [1, 1],
    padding: options.padding ?? [[0, 0], [0, 0]],
  };
}

/**
 * Cross-correlation of images with kernels, as networks call convolution.
 *
 * Shapes: images [n, channels, height, width], kernels [features, channels, kernelHeight,
 * kernelWidth], result [n, features, (height + padding - kernelHeight) / stride + 1, ...].
 */
export function convolution(
  x: Expression,
  weight: Expression,
  options: ConvolutionOptions = {},
): Expression {
  return build("convolution", [x, weight], window(options));
}

/** The derivative of `convolution` by its images, applied to a cotangent: images of that shape. */
export function convolutionInput(
  cotangent: Expression,
  weight: Expression,
  options: ConvolutionOptions & { readonly shape: Shape },
): Expression {
  return build("convolutionInput", [cotangent, weight], {
    ...window(options),
    shape: options.shape,
  });
}

/**
 * The derivative of `convolution` by its kernels, applied to a cotangent: kernels of that shape.
 */
export function convolutionWeight(
  x: Expression,
  cotangent: Expression,
  options: ConvolutionOptions & { readonly shape: Shape },
): Expression {
  return build("convolutionWeight", [x, cotangent], { ...window(options), shape: options.shape });
}
