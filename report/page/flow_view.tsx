// deno-lint-ignore-file jsx-key -- rendered once, never updated
/** @jsxRuntime automatic */
/** @jsxImportSource npm:hono@4.13.19/jsx */
import type { Html } from "../html.ts";
import type { RunRecord } from "../../runtime/record.ts";
import { contrastOf, type ImageSize, imageSizeOf, isInk } from "../image_grid.ts";
import type { LegendEntry } from "../figure.ts";
import { areaOf } from "../scatter.ts";
import { theme } from "../theme.ts";
import { Legend } from "./picture_view.tsx";
import { columnNames, columnOf, extentOf, spread, tableOf } from "../table.ts";

/** Points that move, columns that can be chosen, and points of the target behind them. */
const MOST_POINTS = 500;
const MOST_COLUMNS = 6;
const MOST_BEHIND = 800;
/** Images that move; fewer where they are large. */
const MOST_IMAGES = 36;
const MOST_BYTES = 450_000;

const LEGEND: readonly LegendEntry[] = [
  { mark: "dot", color: theme.samples, label: "samples at time t" },
  { mark: "line", color: theme.source, label: "where they come from" },
  { mark: "dot", color: theme.targetInk, label: "target" },
];

/** The flow from source to target as an animation with a slider; all its data lie in the page. */
export function FlowView({ record }: { record: RunRecord }): Html {
  const size = imageSizeOf(record.eventShape);
  const { facts, frames, target, names } = size === null ? points(record) : images(record, size);
  return (
    <div class="flow">
      {size === null && <Legend entries={LEGEND} />}
      <canvas
        role="img"
        aria-label="Animation: samples on their way from the source at t = 0 to the target at t = 1"
        data-facts={JSON.stringify(facts)}
        data-frames={frames.toBase64()}
        data-target={target?.toBase64()}
      >
      </canvas>
      <div class="controls" hidden>
        <button type="button">Play</button>
        <input type="range" min="0" max="1" step="0.01" value="1" aria-label="Time" />
        <output>t = 1.00</output>
        {names.length > 2 && ["across", "upwards"].map((axis, which) => (
          <label>
            {axis}{" "}
            <select>
              {names.map((name, i) => <option value={i} selected={i === which}>{name}</option>)}
            </select>
          </label>
        ))}
      </div>
      <noscript>
        <p class="quiet">The animation needs scripts, which this page may not run.</p>
      </noscript>
    </div>
  );
}

/** What the page's script is given. */
interface FlowData {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly frames: Uint8Array;
  readonly target: Uint8Array | null;
  /** Columns to choose from. */
  readonly names: readonly string[];
}

function points({ trajectory, target, columns, dim }: RunRecord): FlowData {
  const [times, count] = trajectory.shape;
  const shown = spread(dim, MOST_COLUMNS);
  const behind = tableOf(target, "the target");
  const states = tableOf({ data: trajectory.data, shape: [times * count, dim] }, "the paths");
  const domains = shown.map((column) =>
    extentOf([...columnOf(states, column), ...columnOf(behind, column)], 0.999)
  );
  const chosen = spread(count, MOST_POINTS);
  const rows = Array.from({ length: times }, (_, t) => chosen.map((i) => t * count + i)).flat();
  const steps = (table: typeof states, which: readonly number[]): Uint8Array => {
    const levels = which.flatMap((row) =>
      shown.map((column, k) => {
        const [low, high] = domains[k];
        const at = (table.at(row, column) - low) / (high - low);
        return Number.isFinite(at) ? Math.round(65535 * Math.min(1, Math.max(0, at))) : 0;
      })
    );
    return new Uint8Array(Uint16Array.from(levels).buffer);
  };
  const names = columnNames(dim, columns ?? undefined);
  const { innerWidth, innerHeight } = dim === 2
    ? areaOf([domains[0], domains[1]], 480)
    : { innerWidth: 480, innerHeight: dim === 1 ? 320 : 400 };
  return {
    facts: {
      kind: "points",
      frames: times,
      count: chosen.length,
      columns: shown.length,
      names: shown.map((column) => names[column]),
      domains,
      aspect: (innerHeight + 48) / (innerWidth + 56),
    },
    frames: steps(states, rows),
    target: steps(behind, spread(behind.rows, MOST_BEHIND)),
    names: shown.map((column) => names[column]),
  };
}

function images({ trajectory, target }: RunRecord, size: ImageSize): FlowData {
  const { height, width, channels } = size;
  const pixels = height * width * channels;
  const [times, paths] = trajectory.shape;
  const count = Math.min(
    MOST_IMAGES,
    paths,
    Math.max(1, Math.floor(MOST_BYTES / (times * pixels))),
  );
  const contrast = contrastOf(target);
  const ink = isInk(target, size, contrast);
  const frames = new Uint8Array(times * count * pixels);
  for (let i = 0; i < frames.length; i++) {
    const [frame, within] = [Math.floor(i / (count * pixels)), i % (count * pixels)];
    const value = trajectory.data[frame * paths * pixels + within];
    const level = Math.min(1, Math.max(0, (value - contrast[0]) / (contrast[1] - contrast[0])));
    frames[i] = Math.round(255 * (ink ? 1 - level : level));
  }
  const across = Math.ceil(Math.sqrt(count));
  const down = Math.ceil(count / across);
  return {
    facts: {
      ...{ kind: "images", frames: times, count, across, channels, height, width },
      aspect: (down * (height + 1) - 1) / (across * (width + 1) - 1),
    },
    frames,
    target: null,
    names: [],
  };
}
