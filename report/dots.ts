import * as Plot from "npm:@observablehq/plot@0.6.17";

/** Points that overlap come out darker when they lie in different layers. */
const LAYERS = 8;

/**
 * A scatter of many points in a few path elements: a point costs about 12 bytes where a circle element costs 65.
 *
 * @param points Positions in data units.
 * @param color Fill of the points.
 * @param radius In pixels.
 */
export function dots(
  points: readonly (readonly [number, number])[],
  color: string,
  radius: number = radiusFor(points.length),
): Plot.Markish {
  return Plot.dot(points, {
    x: (p: [number, number]) => p[0],
    y: (p: [number, number]) => p[1],
    render(index, _scales, values, _dimensions, context) {
      const { x: xs, y: ys } = values as unknown as { x: number[]; y: number[] };
      const group = context.document.createElementNS("http://www.w3.org/2000/svg", "g");
      group.setAttribute("fill", "none");
      group.setAttribute("stroke", color);
      group.setAttribute("stroke-width", String(round(2 * radius)));
      group.setAttribute("stroke-linecap", "round");
      group.setAttribute("stroke-opacity", "0.6");
      const layers = Array.from({ length: LAYERS }, () => "");
      index.forEach((i, k) => {
        layers[k % LAYERS] += `M${xs[i].toFixed(1)} ${ys[i].toFixed(1)}h0`;
      });
      for (const layer of layers) {
        if (layer === "") continue;
        const path = context.document.createElementNS("http://www.w3.org/2000/svg", "path");
        path.setAttribute("d", layer);
        group.appendChild(path);
      }
      return group;
    },
  });
}

/** Fewer points are drawn larger, so that a hundred are still seen and five thousand do not run together. */
function radiusFor(count: number): number {
  return Math.min(2.6, Math.max(0.9, 50 / Math.sqrt(Math.max(count, 1))));
}

function round(x: number): number {
  return Math.round(x * 100) / 100;
}
