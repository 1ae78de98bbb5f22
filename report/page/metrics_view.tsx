/** @jsxRuntime automatic */
/** @jsxImportSource npm:hono@4.13.19/jsx */
import type { Html } from "../html.ts";
import type { MetricRecord } from "../../runtime/record.ts";
import { formatMeasured, formatNumber } from "../format.ts";
import { theme } from "../theme.ts";

/** The metrics of a run: values with their errors, their floors beside them, and what they mean. */
export function MetricsView({ metrics }: { metrics: readonly MetricRecord[] }): Html {
  if (metrics.length === 0) return <p>The pipeline measures nothing.</p>;
  const floors = metrics.some(({ floor }) => floor !== null);
  const units = Object.entries(UNITS)
    .filter(([unit]) => metrics.some((metric) => metric.unit.replace("^2", "") === unit))
    .map(([unit, text]) => `${unit} ${text}`);
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Value ± standard error</th>
            {floors && <th scope="col">Floor</th>}
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => (
            <>
              <tr>
                <th scope="row">{metric.title[0].toUpperCase() + metric.title.slice(1)}</th>
                <td>
                  {formatMeasured(metric.value, metric.standardError)}
                  {unitOf(metric)}
                  {metric.floor !== null && <Interval metric={metric} floor={metric.floor} />}
                </td>
                {floors && <td>{metric.floor === null ? "none" : formatNumber(metric.floor, 3)}
                </td>}
              </tr>
              <tr class="meaning">
                <td colSpan={floors ? 3 : 2}>
                  {metric.meaning} {reading(metric)} {conditions(metric)}
                  {metric.warning !== null && <p class="warning">Warning: {metric.warning}</p>}
                </td>
              </tr>
            </>
          ))}
        </tbody>
      </table>
      {floors && (
        <p class="quiet">
          In the small graphs the dot is the value, the line two standard errors to both sides, and
          the upright stroke the floor: the same number between two fresh sets of points of the
          target.
        </p>
      )}
      {units.length > 0 && <p class="quiet">Units: {units.join("; ")}.</p>}
    </>
  );
}

/** What units mean, also of their squares. */
const UNITS: Readonly<Record<string, string>> = {
  x: "is the unit of the data's columns",
  sd:
    "is one standard deviation of a column, as the columns of the data are brought to mean 0 and standard deviation 1",
  nats: "are units of information, of which log 2 make a bit",
};

function unitOf({ unit }: MetricRecord): string {
  return unit === "1" ? "" : ` ${unit.replace("^2", "²")}`;
}

/** What value, error and floor say together. */
function reading({ value, standardError, floor, lowerIsBetter, samples }: MetricRecord): string {
  const direction = lowerIsBetter ? "Lower is better." : "Higher is better.";
  if (floor === null) return direction;
  if (standardError !== null && value - floor <= 2 * standardError) {
    return `${direction} It is at its floor: ${
      formatNumber(samples)
    } samples do not tell the model from the target by it.`;
  }
  return floor > 0
    ? `${direction} It is ${formatNumber(value / floor, 2)} times its floor.`
    : `${direction} It is above its floor.`;
}

function conditions({ samples, repeats }: MetricRecord): string {
  return `Measured on ${formatNumber(samples)} samples${repeats > 1 ? `, ${repeats} times` : ""}.`;
}

const WIDTH = 150;
const PAD = 8;

/** The value, its error and its floor on a line of its own. */
function Interval({ metric, floor }: { metric: MetricRecord; floor: number }): Html | null {
  const { value, standardError } = metric;
  const error = 2 * (standardError ?? 0);
  const marks = [value - error, value + error, value, floor];
  if (!marks.every(Number.isFinite)) return null;
  const start = Math.min(0, ...marks);
  const end = Math.max(...marks);
  if (end === start) return null;
  const x = (at: number): number =>
    Math.round(10 * (PAD + ((at - start) / (end - start)) * (WIDTH - 2 * PAD))) / 10;
  return (
    <svg
      width={WIDTH}
      height="18"
      viewBox={`0 0 ${WIDTH} 18`}
      style="display:block;max-width:100%"
      aria-hidden="true"
    >
      <path d={`M${PAD} 9H${WIDTH - PAD}`} stroke={theme.grid} stroke-width="1" />
      <path d={`M${x(floor)} 2V16`} stroke={theme.targetInk} stroke-width="2.5" />
      <path
        d={`M${x(value - error)} 9H${x(value + error)}`}
        stroke={theme.samples}
        stroke-width="2"
      />
      <circle cx={x(value)} cy="9" r="4" fill={theme.samples} />
    </svg>
  );
}
