/** dopri5 with one step size for the whole batch, as frameworks' users write it: tensors on the device, control on the host. */
import { dopri5 } from "../../solvers/ode/dopri5.ts";

const { a, b, bHat, c } = dopri5;

/** The coefficients of a method, for whoever computes a step. */
export const TABLEAU: {
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  /** Weights of the error estimate. */
  readonly e: readonly number[];
  readonly c: readonly number[];
} = { a, b, c, e: b.map((weight, i) => weight - bHat![i]) };

/**
 * Steps from t = 0 to 1.
 *
 * @param attempt Tries a step, and returns its error by the tolerance.
 * @param accept Takes the step that was tried last.
 */
export async function integrate(
  attempt: (t: number, h: number) => Promise<number>,
  accept: () => void,
): Promise<void> {
  let [t, h] = [0, 0.05];
  while (t < 1) {
    h = Math.min(h, 1 - t);
    const error = await attempt(t, h);
    if (error <= 1) {
      accept();
      t += h;
    }
    h *= Math.min(10, Math.max(0.2, 0.9 * Math.max(error, 1e-10) ** -0.2));
  }
}
