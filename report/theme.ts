/**
 * Colours and type of every picture. Blue and orange are from the palette of Okabe and Ito ("Color Universal
 * Design", 2008), which people with any of the common colour-vision deficiencies tell apart.
 */
export const theme = {
  samples: "#0072b2",
  target: "#e69f00",
  targetInk: "#a86f00", // the same orange, dark enough for thin lines on white
  source: "#5b6873",
  faint: "#b6c2cd",
  text: "#25313c",
  frame: "#c9d2d9",
  grid: "#e3e8ec",
  background: "#ffffff",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
} as const;
