import { createHash } from "node:crypto";
import { InputError } from "../../dsl/error.ts";
import type { DataSetSpec } from "../../dsl/spec.ts";
import { columnName, completeRows, fillWithMeans } from "./complete.ts";
import type { TableContent } from "./dataset.ts";
import { fitStandardization } from "./fit_standardization.ts";
import type { RawTable } from "./raw_table.ts";
import { selectRows } from "./select_rows.ts";
import { splitRows } from "./split_rows.ts";

/** What a model sees of a file: rows selected, completed, split and standardised, in this order. */
export function tableContent(table: RawTable, spec: DataSetSpec): TableContent {
  const dim = table.eventShape.reduce((product, size) => product * size, 1);
  checkDimension(table, dim, spec);
  const selected = selectRows(table, "select" in spec ? spec.select : []);
  const missing = "missing" in spec ? spec.missing : "reject";
  const { rows, values } = completeRows(table, selected, missing);
  const position = new Map(rows.map((row, i) => [row, i]));
  const positions = (part: readonly number[]) => part.map((row) => position.get(row)!);
  const split = splitRows(table, rows, spec.split);
  const train = positions(split.train);
  if (missing === "mean") fillWithMeans(table, values, train);
  const standardization = spec.standardize
    ? fitStandardization(table, values, train, spec.dequantize ?? 0)
    : null;
  const gathered = (part: readonly number[]): Float32Array => {
    const out = new Float32Array(part.length * dim);
    part.forEach((row, i) => {
      for (let j = 0; j < dim; j++) {
        const x = values[row * dim + j];
        out[i * dim + j] = standardization === null
          ? x
          : (x - standardization.mean[j]) / standardization.scale[j];
        if (Number.isFinite(out[i * dim + j])) continue;
        throw new InputError(
          `Cannot standardise ${table.label}: ${table.place(rows[row])}, ${columnName(table, j)} ` +
            `holds ${x}, too far from the train part, whose standard deviation is ` +
            `${standardization?.scale[j]}`,
          { field: "standardize" },
        );
      }
    });
    return out;
  };
  const trainValues = gathered(train);
  const content: Omit<TableContent, "digest"> = {
    kind: "table",
    dim,
    eventShape: table.eventShape,
    columns: table.columns,
    standardization,
    dequantize: spec.dequantize,
    parts: spec.split === null
      ? { train: trainValues, validation: trainValues, test: trainValues }
      : {
        train: trainValues,
        validation: gathered(positions(split.validation)),
        test: gathered(positions(split.test)),
      },
  };
  return { ...content, digest: digestOf(content) };
}

function checkDimension(table: RawTable, dim: number, spec: DataSetSpec): void {
  const { label, eventShape } = table;
  if (dim === 0) {
    throw new InputError(`Cannot read ${label}: its rows hold no values`, { field: "path" });
  }
  if (spec.dim !== null && spec.dim !== dim) {
    throw new InputError(
      `Cannot read ${label} as rows of dim ${spec.dim}: its rows hold ${dim} values` +
        (table.columns ? ` (${table.columns.join(", ")})` : ` ([${eventShape}])`),
      { field: "dim" },
    );
  }
}

/** SHA-256 of everything that draws depend on. */
function digestOf(content: Omit<TableContent, "digest">): string {
  const { dim, eventShape, columns, standardization, dequantize, parts } = content;
  const hash = createHash("sha256");
  hash.update(JSON.stringify({ dim, eventShape, columns, dequantize }));
  for (const values of [parts.train, parts.validation, parts.test]) {
    hash.update(`${values.length}`).update(new Uint8Array(values.buffer));
  }
  if (standardization !== null) {
    hash.update(new Uint8Array(standardization.mean.buffer));
    hash.update(new Uint8Array(standardization.scale.buffer));
  }
  return hash.digest("hex");
}
