import type { Attributes } from "../../../../graph/mod.ts";
import { type KernelTable, onTensors } from "../kernel.ts";
import type { Tf, TfTensor } from "../library.ts";

/**
 * Convolutions, on images with their channels last and the zeros around them written out: the order and the padding
 * for which every kernel of TensorFlow.js is made.
 */
export const convolution: KernelTable<
  "convolution" | "convolutionInput" | "convolutionWeight"
> = {
  convolution: onTensors(([x, w], { tf, attributes }) => {
    const [image, kernel] = [padded(tf, channelsLast(tf, x), attributes), kernelLast(tf, w)];
    return channelsFirst(
      tf,
      tf.conv2d(image as never, kernel as never, steps(attributes), "valid"),
    );
  }),
  convolutionInput: onTensors(([g, w], { tf, attributes, shape }) => {
    const [n, channels, height, width] = shape(attributes.shape);
    const [[top, bottom], [left, right]] = attributes.padding;
    const inputShape = [n, height + top + bottom, width + left + right, channels];
    const image = tf.engine().runKernel(
      "Conv2DBackpropInput",
      { dy: channelsLast(tf, g), filter: kernelLast(tf, w) },
      { strides: steps(attributes), pad: "valid", dataFormat: "NHWC", inputShape },
    ) as TfTensor;
    return channelsFirst(tf, tf.slice(image, [0, top, left, 0], [n, height, width, channels]));
  }),
  convolutionWeight: onTensors(([x, g], { tf, attributes, shape }) => {
    const [features, channels, height, width] = shape(attributes.shape);
    const kernel = tf.engine().runKernel(
      "Conv2DBackpropFilter",
      { x: padded(tf, channelsLast(tf, x), attributes), dy: channelsLast(tf, g) },
      {
        strides: steps(attributes),
        pad: "valid",
        dataFormat: "NHWC",
        filterShape: [height, width, channels, features],
      },
    ) as TfTensor;
    return tf.transpose(kernel, [3, 2, 0, 1]);
  }),
};

type Window = Pick<Attributes<"convolution">, "strides" | "padding">;

function steps({ strides: [down, right] }: Window): [number, number] {
  return [down, right];
}

function channelsLast(tf: Tf, x: TfTensor): TfTensor {
  return tf.transpose(x, [0, 2, 3, 1]);
}

function channelsFirst(tf: Tf, x: TfTensor): TfTensor {
  return tf.transpose(x, [0, 3, 1, 2]);
}

/** [features, channels, height, width] as [height, width, channels, features]. */
function kernelLast(tf: Tf, w: TfTensor): TfTensor {
  return tf.transpose(w, [2, 3, 1, 0]);
}

function padded(tf: Tf, x: TfTensor, { padding: [rows, columns] }: Window): TfTensor {
  return tf.pad(x, [[0, 0], [...rows], [...columns], [0, 0]]);
}
