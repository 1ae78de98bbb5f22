/** @jsxRuntime automatic */
/** @jsxImportSource npm:hono@4.13.19/jsx */
import type { Html } from "../html.ts";
import type { Timing } from "../../runtime/run.ts";
import { formatDuration } from "../format.ts";
import { theme } from "../theme.ts";

const WIDTH = 220;

/** How long each node took. */
export function TimingsView({ timings }: { timings: readonly Timing[] }): Html {
  const rows = timings.map((timing) => ({ ...timing, took: timing.made ?? timing.seconds }));
  const longest = Math.max(...rows.map(({ took }) => took), 1e-9);
  const total = rows.reduce((sum, { took }) => sum + took, 0);
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ node, stored, took }) => (
            <tr>
              <th scope="row" class="long">{node}</th>
              <td class="time">
                {formatDuration(took)}
                {stored && <span class="quiet">, in an earlier run</span>}
                <svg
                  width={WIDTH}
                  height="8"
                  style="display:block;max-width:100%"
                  aria-hidden="true"
                >
                  <rect
                    width={Math.max(1, Math.round((took / longest) * WIDTH))}
                    height="8"
                    rx="2"
                    fill={theme.samples}
                  />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">{formatDuration(total)} in all.</p>
    </>
  );
}
