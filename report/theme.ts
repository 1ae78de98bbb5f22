/** The colours of one ground, by what they are for. */
export interface Theme {
  readonly samples: string;
  readonly target: string;
  /** The target's colour, strong enough for thin lines and small points. */
  readonly targetInk: string;
  readonly source: string;
  readonly faint: string;
  readonly text: string;
  readonly frame: string;
  readonly grid: string;
  readonly background: string;
}

/**
 * Colours of every picture. Blue and orange are from the palette of Okabe and Ito ("Color Universal
 * Design", 2008), which people with any of the common colour-vision deficiencies tell apart.
 */
export const theme: Theme & { readonly fontFamily: string } = {
  samples: "#0072b2",
  target: "#e69f00",
  targetInk: "#a86f00",
  source: "#5b6873",
  faint: "#b6c2cd",
  text: "#25313c",
  frame: "#c9d2d9",
  grid: "#e3e8ec",
  background: "#ffffff",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
};

/** The same roles on a dark ground; the blue is the palette's lighter one. */
export const darkTheme: Theme = {
  samples: "#56b4e9",
  target: "#e69f00",
  targetInk: "#f2b134",
  source: "#9aa8b4",
  faint: "#53616d",
  text: "#e4eaef",
  frame: "#45525d",
  grid: "#2a343d",
  background: "#12181e",
};
