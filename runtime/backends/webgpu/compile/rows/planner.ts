import type { Program } from "../../../../../graph/mod.ts";
import type { FixedTensor } from "../../../../onnx/mod.ts";
import type { Plan } from "../../plan.ts";
import type { Settings } from "../block.ts";
import { simplified } from "../bound.ts";
import { rowsPlan } from "./plan.ts";
import { rowsOf } from "./rowwise.ts";

/** Plans of one program for any number of rows. */
export interface RowsPlanner {
  /** The plan for these sizes, one kernel, or null if it does not fit. */
  planFor(sizes: Readonly<Record<string, number>>): Plan | null;
}

/** The planner of a program that works row by row, null for any other. */
export function rowsPlannerOf(
  program: Program,
  options: {
    readonly settings: Settings;
    readonly fixed: Readonly<Record<string, FixedTensor>>;
  },
): RowsPlanner | null {
  if (options.settings.layout.whole === null) return null;
  const simple = simplified(program);
  const rows = rowsOf(simple);
  if (rows === null) return null;
  let last: { readonly total: number; readonly plan: Plan | null } | null = null;
  return {
    planFor(sizes) {
      const total = sizes[rows];
      if (last?.total !== total) {
        last = { total, plan: rowsPlan(simple, { ...options, rows, total }) };
      }
      return last.plan;
    },
  };
}
