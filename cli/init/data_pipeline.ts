import type { Column } from "./column.ts";
import { callOf, fileText } from "./file_text.ts";
import type { Survey } from "./survey.ts";

/** A pipeline for a data file: its text, and what was decided. */
export interface DataPipeline {
  readonly text: string;
  /** Columns that the model gets; null for an array. */
  readonly columns: readonly string[] | null;
  /** Why each of the other columns is left out. */
  readonly leftOut: Readonly<Record<string, string>>;
}

/** Rows below which none are held out: metrics would be measured on a handful. */
const FEW = 50;

/**
 * Writes a pipeline for what a file was found to hold.
 *
 * @param names `file`: of the pipeline file; `pipeline`: its name; `data`: the data file as the text names it, an expression.
 */
export function dataPipeline(
  survey: Survey,
  names: {
    readonly file: string;
    readonly pipeline: string;
    readonly data: string;
    readonly mod: string;
  },
): DataPipeline {
  const reasons = new Map(survey.columns.map((column) => [column, reasonToLeaveOut(column)]));
  const used = survey.columns.filter((column) => reasons.get(column) === null);
  const table = survey.rowShape === null;
  const dim = survey.rowShape?.reduce((a, b) => a * b, 1) ?? used.length;
  const missing = used.reduce((sum, { missing }) => sum + missing, 0);
  const split = survey.rows >= FEW;
  const kept = Math.max(1, survey.rows - missing); // at least: a row may lack several values
  const train = split ? Math.floor(kept * 0.8) : kept;
  const test = split ? Math.floor(kept * 0.2) : kept;
  const batchSize = Math.min(256, 2 ** Math.floor(Math.log2(train)));
  const samples = Math.min(2_000, test);
  const levels = new Set(used.map(({ level }) => level));
  const level = levels.size === 1 ? [...levels][0] : null;
  const quantised = used.some((column) => column.level !== null);
  const labels = survey.columns.filter(({ kind }) => kind === "labels");
  const leftOut = Object.fromEntries(
    survey.columns.flatMap((column) => {
      const reason = reasons.get(column);
      return reason === null || reason === undefined ? [] : [[column.name, reason]];
    }),
  );
  const target = callOf(`data.${survey.kind}`, [
    { field: "path", value: names.data },
    survey.array === null ? null : { field: "array", value: JSON.stringify(survey.array) },
    survey.csv === null || survey.csv.delimiter === ","
      ? null
      : { field: "delimiter", value: JSON.stringify(survey.csv.delimiter) },
    survey.csv?.header === false
      ? { field: "header", value: "false", why: "columns are named 0, 1, ..." }
      : null,
    table
      ? {
        field: "columns",
        value: `[${used.map(({ name }) => JSON.stringify(name)).join(", ")}]`,
        why: Object.entries(leftOut).map(([name, reason]) => `${name} is left out: ${reason}`),
      }
      : { field: "dim", value: String(dim) },
    labels.length === 0 ? null : {
      field: "select",
      value: "[]",
      why: labels.map(({ name, values }) =>
        `to take one ${name} alone: { column: ${JSON.stringify(name)}, equals: ${
          JSON.stringify(values[0])
        } } (there are ${values.join(", ")})`
      ),
    },
    missing === 0 ? null : {
      field: "missing",
      value: '"drop"',
      why: `${missing} values are missing; "mean" would fill them in instead`,
    },
    {
      field: "standardize",
      value: "true",
      why: "train on mean 0 and deviation 1; samples come back in your units",
    },
    level === null ? null : {
      field: "dequantize",
      value: String(level),
      why: `all values are multiples of ${level}: without this a density of them means nothing`,
    },
    split
      ? {
        field: "split",
        value: "{ train: 0.8, test: 0.2 }",
        why: "metrics see the test part only",
      }
      : null,
  ]);
  const likelihood = dim <= 20 && (level !== null || !quantised);
  const shape = survey.rowShape === null ? "" : ` of shape [${survey.rowShape.join(", ")}]`;
  const text = fileText({
    mod: names.mod,
    file: names.file,
    name: names.pipeline,
    about: [
      `${survey.rows} rows${shape} of ${survey.path}: a flow from noise to data like them.`,
      ...(split ? [] : ["The rows are few, so none are held out: metrics flatter the model."]),
      ...(quantised && level === null
        ? [
          "No likelihood is measured: the values are quantised, at different levels in each column.",
        ]
        : []),
    ],
    parts: {
      target,
      coupling: "coupling.optimalTransport()",
      velocity: `velocity.mlp({ hidden: [${dim <= 10 ? "128, 128, 128" : "256, 256, 256"}] })`,
      training: callOf("training", [
        {
          field: "steps",
          value: "3_000",
          why: "more while samples still come closer to the target: the loss alone flattens early",
        },
        { field: "batchSize", value: String(batchSize) },
        { field: "optimizer", value: "optimizer.adam({ learningRate: 1e-3 })" },
      ]),
      solver: "solver.tsit5({ rtol: 1e-4, atol: 1e-4 })",
      metrics: [
        `metric.slicedWasserstein({ samples: ${samples} })`,
        `metric.energyDistance({ samples: ${samples} })`,
        ...(likelihood ? [`metric.negativeLogLikelihood({ samples: ${samples} })`] : []),
      ],
    },
  });
  return { text, columns: table ? used.map(({ name }) => name) : null, leftOut };
}

/** Why a column is of no use to a model; null if it is. */
function reasonToLeaveOut({ kind, constant, counts }: Column): string | null {
  if (kind !== "numbers") return kind === "labels" ? "labels, not numbers" : "text, not numbers";
  if (constant) return "every value is the same";
  if (counts) return "it counts the rows";
  return null;
}
