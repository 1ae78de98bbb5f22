import { concat, constant, cos, type Expression, sin, times } from "../../graph/mod.ts";
import { normalAt } from "../../graph/threefry.ts";
import type { TimeSpec } from "../../dsl/spec.ts";
import type { Time } from "../ports.ts";

/** How time enters a network: `width` numbers per time. */
export interface TimeFeatures {
  /** Numbers per time. */
  readonly width: number;
  /** [n, 1] to [n, width]. */
  readonly apply: (t: Time) => Expression;
}

/** Sinusoidal features see time as if it ran from 0 to this, as diffusion models count their steps. */
const SINUSOIDAL_SPAN = 1000;
/** Ratio of the fastest sinusoidal frequency to the slowest. */
const SINUSOIDAL_RANGE = 10_000;

/**
 * The time features that a spec names.
 *
 * Source: raw, the number itself; fourier, Tancik et al., arXiv:2006.10739, cos and sin of 2 pi w t with w ~ scale N(0, 1)
 * drawn once from the pipeline's seed; sinusoidal, Vaswani et al., arXiv:1706.03762, section 3.5, cos and sin of 1000 w t
 * with w from 1 down to 1e-4 in equal ratios.
 */
export function timeFeatures(spec: TimeSpec, seed: number): TimeFeatures {
  switch (spec.kind) {
    case "raw":
      return { width: 1, apply: (t) => t };
    case "fourier": {
      const address = { seed, stream: "velocity/fourier", step: 0 };
      return waves(spec.features, (k) => 2 * Math.PI * spec.scale * normalAt(address, k));
    }
    case "sinusoidal": {
      const last = Math.max(spec.features - 1, 1);
      return waves(spec.features, (k) => SINUSOIDAL_SPAN * SINUSOIDAL_RANGE ** (-k / last));
    }
    default:
      return spec satisfies never;
  }
}

function waves(count: number, frequency: (k: number) => number): TimeFeatures {
  const frequencies = constant(Array.from({ length: count }, (_, k) => frequency(k)), [1, count]);
  return {
    width: 2 * count,
    apply: (t) => {
      const angle = times(t, frequencies); // [n, count]
      return concat([cos(angle), sin(angle)], 1);
    },
  };
}
