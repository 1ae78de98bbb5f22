import type { Layout } from "./part.ts";

/** What plays a GPU: one, or a processor. */
export type Kind = "software" | "hardware";

/** Layouts by kind of GPU. */
export const LAYOUTS: { readonly [K in Kind]: Layout } = {
  software: { lanes: 64, tiled: false, merged: false, doublings: 0, busy: 4, whole: null },
  hardware: {
    lanes: 64,
    tiled: true,
    merged: true,
    doublings: 7,
    busy: 128,
    whole: { lanes: 128, rows: 32 },
  },
};
