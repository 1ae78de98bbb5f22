import {
  divide,
  type Expression,
  minus,
  negate,
  plus,
  sqrt,
  square,
  tanh,
  times,
} from "../../graph/mod.ts";
import type { AdamSpec, AdamwSpec } from "../../dsl/spec.ts";
import type { Optimizer } from "./optimizer.ts";
import { scheduleOf } from "./schedule.ts";

/**
 * Adam, and with a weight decay AdamW, as torch.optim.Adam and AdamW do them:
 *
 *     p <- p - lr decay p;  m <- m + (1 - beta1)(g - m);  v <- beta2 v + (1 - beta2) g^2
 *     p <- p - lr / (1 - beta1^k) m / (sqrt(v) / sqrt(1 - beta2^k) + epsilon)
 *
 * Source: Kingma, Ba, arXiv:1412.6980; Loshchilov, Hutter, arXiv:1711.05101.
 */
export function adam(spec: AdamSpec | AdamwSpec, total: number): Optimizer {
  const { beta1, beta2, epsilon } = spec;
  const decay = spec.kind === "adamw" ? spec.weightDecay : 0;
  return {
    name: spec.kind,
    slots: ["mean", "square"],
    update({ parameters, gradients, slots: [means, squares], step }) {
      const rate = scheduleOf(spec.learningRate, { step, total });
      const stride = divide(rate, oneMinusPower(beta1, step));
      const root = sqrt(oneMinusPower(beta2, step));
      const keep = minus(1, times(rate, decay));
      const nextMeans = means.map((m, i) => plus(m, times(1 - beta1, minus(gradients[i], m))));
      const nextSquares = squares.map((v, i) =>
        plus(times(beta2, v), times(1 - beta2, square(gradients[i])))
      );
      return {
        parameters: parameters.map((p, i) => {
          const size = plus(divide(sqrt(nextSquares[i]), root), epsilon);
          const move = times(stride, divide(nextMeans[i], size));
          return minus(decay === 0 ? p : times(p, keep), move);
        }),
        slots: [nextMeans, nextSquares],
      };
    },
  };
}

/**
 * 1 - beta^k to full relative precision: at k = 1 and beta = 0.999 the plain formula in float32 is off by 1e-5.
 * With u = k log(beta) it is -expm1(u), and expm1(u) = 2 tanh(u / 2) / (1 - tanh(u / 2)).
 */
function oneMinusPower(beta: number, k: Expression): Expression {
  if (beta === 0) return plus(times(0, k), 1);
  const half = tanh(times(Math.log(beta) / 2, k));
  return negate(divide(times(2, half), minus(1, half)));
}
