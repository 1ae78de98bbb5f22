// deno-lint-ignore-file jsx-key -- rendered once, never updated
/** @jsxRuntime automatic */
/** @jsxImportSource npm:hono@4.13.19/jsx */
import { type Html, raw } from "../html.ts";
import type { LegendEntry, Picture } from "../figure.ts";

/** A picture in a page: its panels side by side as there is room, those of a matrix in their places. */
export function PictureView({ picture, caption }: { picture: Picture; caption?: string }): Html {
  const { panels, legend } = picture;
  const matrix = panels.some((panel) => panel.place !== undefined);
  return (
    <figure>
      {legend.length > 0 && <Legend entries={legend} />}
      <div class={matrix ? "panels matrix" : "panels"}>
        {panels.map(({ svg, width, height, label, place }) => (
          <svg
            role="img"
            aria-label={label}
            width={width}
            height={height}
            viewBox={`0 0 ${width} ${height}`}
            style={place && `--row:${place[0]};--column:${place[1]}`}
          >
            {raw(svg)}
          </svg>
        ))}
      </div>
      {caption !== undefined && <figcaption>{caption}</figcaption>}
    </figure>
  );
}

/** What the marks of a picture stand for. */
export function Legend({ entries }: { entries: readonly LegendEntry[] }): Html {
  return <ul class="legend">{entries.map((entry) => <LegendItem entry={entry} />)}</ul>;
}

function LegendItem({ entry }: { entry: LegendEntry }): Html {
  return (
    <li>
      <svg width="14" height="12" aria-hidden="true">
        {entry.mark === "dot" && <circle cx="7" cy="6" r="4" fill={entry.color} />}
        {entry.mark === "bar" && <rect y="1" width="13" height="10" fill={entry.color} />}
        {entry.mark === "line" && <path d="M0 6h14" stroke={entry.color} stroke-width="2.5" />}
      </svg>
      {entry.label}
    </li>
  );
}
