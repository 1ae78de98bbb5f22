import { raw as unescaped } from "npm:hono@4.13.19/html";
import type { JSX } from "npm:hono@4.13.19/jsx/jsx-runtime";

/** A piece of HTML or SVG, every text in it escaped. */
export type Html = JSX.Element;

/** Text that is HTML or SVG already. */
export function raw(text: string): Html {
  return unescaped(text);
}

/** The text of a piece of HTML. */
export function textOf(html: Html): string {
  return html.toString();
}
