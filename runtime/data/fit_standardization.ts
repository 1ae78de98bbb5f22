import { InputError } from "../../dsl/error.ts";
import { columnName } from "./complete.ts";
import type { RawTable } from "./raw_table.ts";
import type { Standardization } from "./standardization.ts";

/**
 * The mean and standard deviation of each column over the train rows. Dequantisation noise, uniform on
 * [0, width], is accounted for: it adds width / 2 to a mean and width^2 / 12 to a variance.
 *
 * @param train Positions of the train rows in `values`, [rows, dim].
 * @param width Width of that noise, 0 for none.
 * @throws {InputError} If a column does not vary.
 */
export function fitStandardization(
  table: RawTable,
  values: Float64Array,
  train: readonly number[],
  width: number,
): Standardization {
  const dim = table.eventShape.reduce((product, size) => product * size, 1);
  const mean = new Float64Array(dim);
  const scale = new Float64Array(dim);
  for (let j = 0; j < dim; j++) {
    const first = values[train[0] * dim + j];
    let [size, shift] = [0, 0]; // about the first value, so that a large offset costs no digits
    for (const row of train) {
      const x = values[row * dim + j] - first;
      size = Math.max(size, Math.abs(x));
      shift += x / train.length;
    }
    let squares = 0; // in units of `size`, so that none over- or underflows
    for (const row of train) {
      if (size > 0) squares += ((values[row * dim + j] - first - shift) / size) ** 2 / train.length;
    }
    const deviation = Math.hypot(size * Math.sqrt(squares), width * Math.sqrt(1 / 12));
    if (!(deviation > 0)) {
      throw new InputError(
        `Cannot standardise ${table.label}: ${columnName(table, j)} has zero variance, every one ` +
          `of its ${train.length} train rows is ${first}; leave it out, or set \`dequantize\` if ` +
          "the values are levels",
        { field: "standardize" },
      );
    }
    mean[j] = first + shift + width / 2;
    scale[j] = deviation;
  }
  return { mean, scale };
}
