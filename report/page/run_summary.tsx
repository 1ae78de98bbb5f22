/** @jsxRuntime automatic */
/** @jsxImportSource npm:hono@4.13.19/jsx */
import { raw, textOf } from "../html.ts";
import type { RunRecord } from "../../runtime/record.ts";
import { figure } from "../figure.ts";
import { samplesPicture } from "../samples_plot.ts";
import { MetricsView } from "./metrics_view.tsx";

/**
 * A run in short, for a cell of a notebook: metrics, and target against samples.
 *
 * @returns A piece of HTML with no script in it.
 */
export function runSummary(record: RunRecord): string {
  const { spec, samples, target, folder, columns } = record;
  const picture = samplesPicture({ samples, target, columns: columns ?? undefined });
  return textOf(
    <div>
      <p>
        <strong>{spec.name}</strong> in <code>{folder}</code>
      </p>
      <MetricsView metrics={record.metrics} />
      {raw(figure(picture))}
    </div>,
  );
}
