/**
 * Writes docs/language.md from the schema of the language, so that no option or default is stated twice.
 *
 *     deno run -A scripts/language_reference.ts
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { schema } from "../dsl/mod.ts";

/** The part of a JSON Schema that is read. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly additionalProperties?: unknown;
}

const INTRODUCTION = `# The language

<!-- Written by scripts/language_reference.ts from the schema: change that, not this. -->

A pipeline file calls \`pipeline({ ... })\` with the parts below. Each builder checks its options, fills in the defaults
and returns plain, immutable data; \`stringify(spec)\` is canonical JSON, \`hash(spec)\` its SHA-256, \`parse(json)\` reads it
back. In JSON a part is an object with its \`kind\`, such as \`{ "kind": "twoMoons", "noise": 0.05 }\`, and an editor
completes it from the JSON Schema that \`schema()\` returns.

An option without a default must be given. Coordinates are in the units of the data and time has none: it runs from the
source at t = 0 to the target at t = 1.
`;

/** Sections in the order in which a pipeline names its parts: prefix of the builders, and what they are for. */
const SECTIONS: readonly (readonly [prefix: string, heading: string, about: string])[] = [
  [
    "source",
    "Sources",
    "The distribution at t = 0. Any data set or toy distribution can be a source, too.",
  ],
  [
    "data",
    "Data",
    "The distribution at t = 1. Toy distributions are drawn afresh at every step; files are described in [data_files.md](data_files.md).",
  ],
  [
    "select",
    "Selections",
    'A condition on the rows of a table, in a list: `select: [{ column: "day", equals: 0 }]`.',
  ],
  [
    "split",
    "Splits",
    "How the rows of a data set are divided, as a plain object: `split: { train: 0.8, test: 0.2 }`.",
  ],
  ["coupling", "Couplings", "How source and target samples are paired in training."],
  ["interpolant", "Interpolants", "The path between a pair."],
  ["velocity", "Velocities", "The field whose flow carries source to target."],
  [
    "time",
    "Time features",
    'How time enters a network, as a plain object: `time: { kind: "fourier", features: 32 }`.',
  ],
  ["objective", "Objectives", "What training minimises."],
  ["training", "Training", "How the velocity is fitted."],
  [
    "optimizer",
    "Optimizers",
    "What turns a gradient into an update. A plain number is a constant learning rate.",
  ],
  ["schedule", "Schedules", "A learning rate over the steps of training."],
  [
    "solver",
    "Solvers",
    "What integrates the velocity; which to take is said in [solvers.md](solvers.md).",
  ],
  ["metric", "Metrics", "What is measured at the end; formulas are in [metrics.md](metrics.md)."],
];

/** Builders that take something before their options, or in another form than the spec keeps it. */
const SIGNATURES: Readonly<
  Record<string, { readonly call: string; readonly hides: readonly string[] }>
> = {
  "data.array": { call: "data.array(rows, { ... })", hides: ["shape", "data"] },
  "interpolant.custom": { call: "interpolant.custom({ a: (t) => ..., b: (t) => ... })", hides: [] },
  "velocity.custom": { call: "velocity.custom((t, x) => ..., { ... })", hides: ["field"] },
  "velocity.onnx": { call: 'velocity.onnx("net.onnx", { ... })', hides: ["path"] },
  "schedule.constant": { call: "schedule.constant(value)", hides: [] },
  "objective.flowMatching": { call: "objective.flowMatching({ ... })", hides: [] },
  training: { call: "training({ ... })", hides: [] },
};

/** What a builder accepts beyond the spec it makes. */
const NOTES: Readonly<Record<string, string>> = {
  "data.gaussianMixture":
    "Without `weights` all are equal. A number for `covariances` is that variance in every coordinate; left out it is 1.",
  "data.array": "`rows` are nested lists of numbers, or `{ data, shape }` such as a tensor.",
  "interpolant.custom":
    "Both functions are written with those of the tensor graph and traced once; a(0) = b(1) = 1, a(1) = b(0) = 0.",
  "velocity.custom":
    "The function is written with those of the tensor graph and traced once; t is [n, 1], x and the result are [n, dim]. `await velocity.tfjs(model, { ... })` makes one of a [TensorFlow.js layers model](tensorflow_js.md).",
  "velocity.onnx":
    "Nothing is trained; the file is read when the pipeline runs. What it may hold is said in [import.md](import.md).",
};

/** Parts that are written as plain objects rather than by a builder. */
const PLAIN = new Set(["select", "split", "time"]);

/**
 * The text of docs/language.md.
 *
 * @param root The JSON Schema of a pipeline.
 */
export function languageReference(root: Record<string, unknown>): string {
  const definitions = root.definitions as Readonly<Record<string, Schema>>;
  const parts: string[] = [INTRODUCTION, pipelineSection(definitions)];
  for (const [prefix, heading, about] of SECTIONS) {
    const names = Object.keys(definitions).filter((name) =>
      name === prefix || name.startsWith(`${prefix}.`)
    );
    parts.push(`## ${heading}\n\n${about}\n`);
    parts.push(...names.map((name) => entry(name, definitions)));
  }
  return parts.join("\n");
}

function pipelineSection(definitions: Readonly<Record<string, Schema>>): string {
  const rows = Object.entries(definitions.pipeline.properties!)
    .filter(([name]) => name !== "$schema" && name !== "version")
    .map(([name, field]) => {
      const value = name === "metrics" ? "list of metrics" : PART_LINKS[name] ?? typeOf(field);
      return [name, value, defaultOf(name, field, definitions.pipeline), field.description ?? ""];
    });
  return `## pipeline({ ... })\n\n${table(rows)}`;
}

/** Fields of a pipeline that take any part of a section. */
const PART_LINKS: Readonly<Record<string, string>> = {
  source: "a [source](#sources) or [data](#data)",
  target: "[data](#data)",
  coupling: "a [coupling](#couplings)",
  interpolant: "an [interpolant](#interpolants)",
  velocity: "a [velocity](#velocities)",
  objective: "an [objective](#objectives), `null` for a closed form",
  training: "[training](#training), `null` for a closed form",
  solver: "a [solver](#solvers)",
};

function entry(name: string, definitions: Readonly<Record<string, Schema>>): string {
  const definition = definitions[name];
  const signature = SIGNATURES[name];
  const fields = optionsOf(definition, definitions).filter(([field]) =>
    !signature?.hides.includes(field)
  );
  const plain = PLAIN.has(name.split(".")[0]);
  const call = signature?.call ?? (plain ? name : `${name}(${fields.length > 0 ? "{ ... }" : ""})`);
  const rows = fields.map(([field, schema]) => [
    field,
    typeOf(schema),
    defaultOf(field, schema, definition),
    schema.description ?? "",
  ]);
  const about = [definition.description ?? "", NOTES[name] ?? ""].join(" ").trim();
  const text = `### ${plain ? call : `\`${call}\``}\n\n${about}\n`;
  return rows.length > 0 ? `${text}\n${table(rows)}` : text;
}

/** The options of a builder: the fields of its record but `kind`, with a solver's step spread out. */
function optionsOf(
  definition: Schema,
  definitions: Readonly<Record<string, Schema>>,
): [string, Schema][] {
  return Object.entries(definition.properties ?? {})
    .filter(([name]) => name !== "kind")
    .flatMap(([name, field]): [string, Schema][] => {
      if (name !== "step") return [[name, field]];
      const chosen = (field.default as { kind?: string } | undefined)?.kind;
      return referencesOf(field).flatMap((step) =>
        optionsOf(definitions[step], definitions).map(([option, schema]): [string, Schema] =>
          step === `step.${chosen}` ? [option, schema] : [option, {
            ...schema,
            default: undefined,
            description: `${schema.description} Instead of tolerances.`,
          }]
        )
      );
    });
}

function referencesOf(schema: Schema): string[] {
  if (schema.$ref !== undefined) return [schema.$ref.split("/").pop()!];
  const inner = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return inner.flatMap(referencesOf);
}

/** The values a field takes, in words. */
function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) {
    return schema.enum.map((v) => `\`${JSON.stringify(v)}\``).join(", ");
  }
  const references = referencesOf(schema);
  const nullable = (schema.anyOf ?? []).some((option) => option.type === "null");
  if (references.length > 0) {
    const groups = [...new Set(references.map((name) => name.split(".")[0]))];
    const names = groups.map((group) => `[${group}](#${anchorOf(group)})`).join(" or ");
    return nullable ? `${names}, \`null\`` : names;
  }
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(", ");
  switch (schema.type) {
    case "null":
      return "`null`";
    case "boolean":
      return "`true`, `false`";
    case "string":
      return "text";
    case "array":
      return `list of ${schema.items ? plural(typeOf(schema.items)) : "values"}`;
    case "integer":
      return bounded("whole number", schema);
    case "number":
      return bounded("number", schema);
    default:
      return "a traced function";
  }
}

function plural(type: string): string {
  return type.replace(/^(whole number|number)/, "$1s").replace(/^text/, "texts")
    .replace(/^list of/, "lists of");
}

function bounded(word: string, schema: Schema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const bounds = [
    ...(minimum !== undefined && minimum > -Number.MAX_SAFE_INTEGER ? [`≥ ${minimum}`] : []),
    ...(exclusiveMinimum !== undefined ? [`> ${exclusiveMinimum}`] : []),
    ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? [`≤ ${maximum}`] : []),
    ...(exclusiveMaximum !== undefined ? [`< ${exclusiveMaximum}`] : []),
  ];
  return bounds.length > 0 ? `${word} ${bounds.join(", ")}` : word;
}

function anchorOf(prefix: string): string {
  const section = SECTIONS.find(([name]) => name === prefix);
  if (section === undefined) throw new RangeError(`No section of the language is called ${prefix}`);
  return section[1].toLowerCase().replaceAll(" ", "-");
}

function defaultOf(name: string, field: Schema, owner: Schema): string {
  if (field.default === undefined) return owner.required?.includes(name) ? "" : "–";
  const value = field.default as { kind?: unknown } | null;
  if (typeof value !== "object" || value === null || !("kind" in value)) {
    return `\`${literal(value)}\``;
  }
  const { kind, ...rest } = value;
  return kind === "constant"
    ? `\`${JSON.stringify(Object.values(rest)[0])}\``
    : `\`${String(kind)}\``;
}

function literal(value: unknown): string {
  return typeof value === "number" && value > 0 && value < 1e-2
    ? value.toExponential()
    : JSON.stringify(value);
}

function table(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) =>
    `| \`${row[0]}\` | ${row.slice(1).map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
  );
  return ["| option | value | default | meaning |", "| --- | --- | --- | --- |", ...lines, ""].join(
    "\n",
  );
}

if (import.meta.main) {
  const file = new URL("../docs/language.md", import.meta.url);
  Deno.writeTextFileSync(file, languageReference(schema()));
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", fileURLToPath(file)] })
    .output();
}
