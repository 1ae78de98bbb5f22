import type { PinwheelSpec } from "../../../dsl/spec.ts";
import { type Distribution, partsOf } from "./distribution.ts";

/**
 * Gaussian arms bent into a spiral. Along an arm r = 1 + radial * z and across it s = tangential * z';
 * the point (r, s) is turned by minus the angle 2 pi k / arms + rate * exp(r), and doubled.
 *
 * Units: `radial` and `tangential` are standard deviations before the doubling.
 * Source: Johnson et al., arXiv:1603.06277; FFJORD's set is { arms: 5, radial: 0.3, tangential: 0.1, rate: 0.25 }.
 */
export function pinwheel({ arms, radial, tangential, rate }: PinwheelSpec): Distribution {
  return {
    dim: 2,
    density: null,
    sample(count, at) {
      const parts = partsOf(at);
      const arm = parts.child("arm").uniform(count, at.step);
      const out = parts.child("noise").normal(2 * count, at.step);
      for (let row = 0; row < count; row++) {
        const r = 1 + radial * out[2 * row];
        const s = tangential * out[2 * row + 1];
        const angle = 2 * Math.PI * Math.floor(arms * arm[row]) / arms + rate * Math.exp(r);
        out[2 * row] = 2 * (r * Math.cos(angle) + s * Math.sin(angle));
        out[2 * row + 1] = 2 * (s * Math.cos(angle) - r * Math.sin(angle));
      }
      return out;
    },
  };
}
