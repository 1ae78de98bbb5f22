import { displayed } from "../compiler/display.ts";
import { type Dataset, unstandardize } from "./data/mod.ts";
import type { Execution } from "./execution.ts";
import type { Solved } from "./model.ts";

/** The samples that a run keeps, in units of the data, [n, ...event]. */
export function samplesOf(
  target: Dataset,
  { x, report }: Awaited<ReturnType<Execution["samples"]>>,
): Solved {
  return displayed("samples", {
    data: unstandardize(x, target.standardization).data,
    shape: [x.shape[0], ...target.eventShape],
    solve: report,
  });
}
