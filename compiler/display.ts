/**
 * How values show themselves in a notebook: `deno jupyter` asks a cell's last value for its method
 * `Symbol.for("Jupyter.display")`. Values are made down here, drawing stands further up; so a drawer is set for each
 * kind of value by who can draw, and looked up when a notebook asks.
 *
 * @module
 */

/** What is shown, by MIME type: a notebook takes the richest that it can show. */
export type MimeBundle = Readonly<Record<string, string>>;

/** A kind of value that shows itself. */
export type DisplayedKind = "graph" | "run" | "samples" | "trajectory";

const METHOD: unique symbol = Symbol.for("Jupyter.display") as typeof METHOD;

const drawers = new Map<DisplayedKind, (value: never) => Promise<MimeBundle>>();

/** Sets how values of a kind are drawn. */
export function setDrawer<T>(kind: DisplayedKind, draw: (value: T) => Promise<MimeBundle>): void {
  drawers.set(kind, draw);
}

/** Lets a value show itself in a notebook; it is the same value otherwise, with no property more to list or compare. */
export function displayed<T extends object>(kind: DisplayedKind, value: T): T {
  return Object.defineProperty(value, METHOD, {
    enumerable: false,
    value: async (): Promise<MimeBundle> => {
      const draw = drawers.get(kind) as ((value: T) => Promise<MimeBundle>) | undefined;
      return await draw?.(value) ?? { "text/plain": String(value) };
    },
  });
}
