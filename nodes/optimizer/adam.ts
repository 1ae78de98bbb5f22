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
 *     p <- p - lr decay p;  m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2
 *     p <- p - lr m / (1 - beta1^k) / (sqrt(v / (1 - beta2^k)) + epsilon)
 *
 * The slots hold M = m / (1 - beta1) and V = v / (1 - beta2), and all factors are gathered in scalars, so that an update
 * is 10 passes over the parameters where the formula as it stands is 14:
 *
 *     M <- beta1 M + g;  V <- beta2 V + g^2;  p <- p - stride M / (sqrt(V) + epsilon unit)
 *
 * with unit = sqrt((1 - beta2^k) / (1 - beta2)) and stride = lr unit (1 - beta1) / (1 - beta1^k).
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
      const unit = sqrt(divide(oneMinusPower(beta2, step), 1 - beta2));
      const stride = times(rate, divide(times(unit, 1 - beta1), oneMinusPower(beta1, step)));
      const floor = times(epsilon, unit);
      const keep = minus(1, times(rate, decay));
      const nextMeans = means.map((m, i) => plus(times(m, beta1), gradients[i]));
      const nextSquares = squares.map((v, i) => plus(times(v, beta2), square(gradients[i])));
      return {
        parameters: parameters.map((p, i) => {
          const move = divide(nextMeans[i], plus(sqrt(nextSquares[i]), floor));
          return minus(decay === 0 ? p : times(p, keep), times(stride, move));
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
