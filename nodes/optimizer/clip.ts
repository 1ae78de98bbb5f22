import {
  divide,
  type Expression,
  minimum,
  plus,
  sqrt,
  square,
  sum,
  times,
} from "../../graph/mod.ts";

/** Added to the norm before dividing by it, as torch.nn.utils.clip_grad_norm_ does. */
const NORM_EPSILON = 1e-6;

/**
 * Scales all gradients by one factor so that their joint Euclidean norm is at most `limit`, as
 * torch.nn.utils.clip_grad_norm_: factor = min(1, limit / (norm + 1e-6)).
 */
export function clipByGlobalNorm(gradients: readonly Expression[], limit: number): Expression[] {
  const norm = sqrt(gradients.map((g) => sum(square(g))).reduce((a, b) => plus(a, b)));
  const factor = minimum(1, divide(limit, plus(norm, NORM_EPSILON)));
  return gradients.map((g) => times(g, factor));
}
