import { type KernelTable, onTensors } from "../kernel.ts";
import type { Tf, TfTensor } from "../library.ts";

/** Matrix products. */
export const product: KernelTable<"matmul"> = {
  matmul: onTensors(([a, b], { tf, node, attributes: { transposeA, transposeB }, shape }) => {
    const [left, right] = alike(tf, a, b, shape(node.shape).slice(0, -2));
    return tf.matMul(left, right, transposeA, transposeB);
  }),
};

/** Both factors with the same leading axes where TensorFlow.js cannot broadcast them: it stretches only single matrices. */
function alike(
  tf: Tf,
  a: TfTensor,
  b: TfTensor,
  batch: readonly number[],
): readonly [TfTensor, TfTensor] {
  const count = (x: TfTensor) => x.shape.slice(0, -2).reduce((product, dim) => product * dim, 1);
  if (count(a) === count(b) || count(a) === 1 || count(b) === 1) return [a, b];
  const stretched = (x: TfTensor) => tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
  return [stretched(a), stretched(b)];
}
