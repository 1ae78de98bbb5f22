import { styleText } from "node:util";

/** Colours by meaning. Without colour each returns its text as it is. */
export interface Paint {
  /** Progress and success. */
  readonly good: (text: string) => string;
  /** What a reader should look at. */
  readonly warn: (text: string) => string;
  /** What failed. */
  readonly bad: (text: string) => string;
  /** Headings. */
  readonly strong: (text: string) => string;
  /** What may be passed over. */
  readonly faint: (text: string) => string;
}

/** @param color Whether to colour at all. */
export function createPaint(color: boolean): Paint {
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    color && text !== "" ? styleText(format, text, { validateStream: false }) : text;
  return {
    good: style("cyan"),
    warn: style("yellow"),
    bad: style("red"),
    strong: style("bold"),
    faint: style("dim"),
  };
}
