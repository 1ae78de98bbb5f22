import {
  divide,
  type Expression,
  mean,
  minus,
  plus,
  reshape,
  sqrt,
  square,
  times,
} from "../../../graph/mod.ts";
import type { NodeView } from "../node_view.ts";
import { ofTensors, type OnnxOps } from "../op.ts";

/** Source: Ba, Kiros, Hinton, arXiv:1607.06450. */
function layerNormalization(node: NodeView): Expression {
  const x = node.tensor(0);
  const rank = x.shape.length;
  const first = node.axis(node.int("axis", -1), rank);
  const axes = Array.from({ length: rank - first }, (_, i) => first + i);
  const centred = minus(x, mean(x, { axes, keep: true }));
  const variance = mean(square(centred), { axes, keep: true });
  const normal = divide(centred, sqrt(plus(variance, node.float("epsilon", 1e-5))));
  const scaled = times(normal, node.tensor(1));
  return node.has(2) ? plus(scaled, node.tensor(2)) : scaled;
}

/** With the statistics that training left, as in evaluation: a factor and a shift for each channel, axis 1. */
function batchNormalization(node: NodeView): Expression {
  if (node.int("training_mode", 0) !== 0) {
    throw new RangeError("it is in training mode, which mixes rows: export the network in eval()");
  }
  const x = node.tensor(0);
  const perChannel = (i: number): Expression =>
    reshape(node.tensor(i), x.shape.map((_, axis) => axis === 1 ? -1 : 1));
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map(perChannel);
  const normal = divide(minus(x, mean), sqrt(plus(variance, node.float("epsilon", 1e-5))));
  return plus(times(normal, scale), shift);
}

/** Normalisation of rows. */
export const normalization: OnnxOps = {
  BatchNormalization: ofTensors(batchNormalization),
  LayerNormalization: ofTensors(layerNormalization),
};
