/** The text of a pipeline file, part by part. */
export interface FileText {
  /** What it imports the language from. */
  readonly mod: string;
  /** Name of the file itself. */
  readonly file: string;
  readonly name: string;
  /** Lines of its first comment. */
  readonly about: readonly string[];
  /** The parts of the pipeline, as expressions. */
  readonly parts: Readonly<Record<string, string | readonly string[]>>;
}

/** A field of a call, and why it is as it is: a line of comment, or several, above it. */
export interface Field {
  readonly field: string;
  readonly value: string;
  readonly why?: string | readonly string[];
}

/** A call with one field on a line. */
export function callOf(name: string, fields: readonly (Field | null)[]): string {
  const lines = fields.flatMap((field) => {
    if (field === null) return [];
    const { field: key, value, why = [] } = field;
    const comments = typeof why === "string" ? [why] : why;
    return [...comments.map((line) => `  // ${inComment(line)}`), `  ${key}: ${value},`];
  });
  return `${name}({\n${lines.join("\n")}\n})`;
}

/** Text that stays in the comment it is written into, whatever names and values a data file has. */
function inComment(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").replaceAll("*/", "* /");
}

/** What a pipeline file may import, in the order in which it does. */
const IMPORTS = [
  ...["coupling", "data", "metric", "optimizer", "schedule", "solver", "source", "training"],
  "velocity",
];

/** Writes a pipeline file. */
export function fileText({ mod, file, name, about, parts }: FileText): string {
  const body = Object.entries(parts).map(([field, value]) => {
    if (typeof value === "string") return `${field}: ${value},`;
    return `${field}: [\n${value.map((item) => `  ${item},`).join("\n")}\n],`;
  }).join("\n");
  const used = IMPORTS.filter((word) => new RegExp(`\\b${word}[.(]`).test(body));
  const imported = [...used, "main", "pipeline"].sort();
  return `/**
${about.map((line) => ` * ${inComment(line)}`).join("\n")}
 *
 *     deno run --allow-read --allow-write=runs --allow-ffi ${inComment(file)}
 *     deno run --allow-read --allow-write=runs --allow-ffi ${inComment(file)} --help
 */
${importText(imported, mod)}

const spec = pipeline({
  name: ${JSON.stringify(name)},
  seed: 0, // the same seed gives the same numbers
${indent(body)}
});

export default spec;
if (import.meta.main) await main(spec);
`;
}

/** An import on one line where it fits, as `deno fmt` would have it. */
function importText(words: readonly string[], mod: string): string {
  const from = `from ${JSON.stringify(mod)};`;
  const line = `import { ${words.join(", ")} } ${from}`;
  if (line.length <= 80) return line;
  return `import {\n${words.map((word) => `  ${word},`).join("\n")}\n} ${from}`;
}

function indent(text: string): string {
  return text.split("\n").map((line) => `  ${line}`).join("\n");
}
