/** How the divergence in a likelihood is found: exactly, or estimated from one random probe for each sample. */
export type DivergenceKind = "exact" | "hutchinson";

/** The ways to the divergence. */
export const DIVERGENCES: readonly DivergenceKind[] = ["exact", "hutchinson"];
