import { darkTheme, type Theme, theme } from "../theme.ts";

const ROLES = Object.keys(darkTheme) as (keyof Theme)[];

/**
 * The style rules that give a page the colours of pictures, light or dark as the reader prefers or the attribute
 * `data-theme` of the root says. A picture keeps its colours in its attributes, so that it can also stand alone; here
 * each of them is taken over by the variable of its role.
 */
export function paletteCss(): string {
  const variables = (colors: Theme): string =>
    ROLES.map((role) => `--${role}:${colors[role]}`).join(";");
  const taken = ROLES.map((role) => {
    const color = theme[role];
    return `[fill="${color}"]{fill:var(--${role})}[stroke="${color}"]{stroke:var(--${role})}`;
  });
  return `:root{color-scheme:light;${variables(theme)}}` +
    `@media(prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${
      variables(darkTheme)
    }}}` +
    `:root[data-theme=dark]{color-scheme:dark;${variables(darkTheme)}}${taken.join("")}`;
}
