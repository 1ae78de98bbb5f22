import type { Layout } from "./part.ts";

/** What plays a GPU: one, or a processor. */
export type Kind = "software" | "hardware";

/** Layouts by kind of GPU. */
export const LAYOUTS: { readonly [K in Kind]: Layout } = {
  software: { lanes: 64, tiled: false, merged: false, doublings: 0, busy: 4 },
  hardware: { lanes: 64, tiled: true, merged: true, doublings: 7, busy: 128 },
};
