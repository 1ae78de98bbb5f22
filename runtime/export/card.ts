import type { Manifest, ValueLine } from "./manifest.ts";

/** The card of a model for people, in Markdown: what the files are, what goes in and comes out, and where it all comes from. */
export function cardOf(manifest: Manifest): string {
  const { name, hash, seed, library, licence, precision, metrics, files, leftOut } = manifest;
  const { target, solver, standardization } = manifest;
  const step = solver.step.kind === "fixed"
    ? `${solver.step.steps} equal steps`
    : `adaptive, rtol ${solver.step.rtol}, atol ${solver.step.atol}`;
  return [
    `# ${name}`,
    `A flow model in ONNX files, written by ${library}. Every file is complete: the solver (${solver.kind}, ${step}) runs ` +
    "inside it, and inputs and outputs are in units of the data. Opset 18, IR version 8, standard operators only: " +
    "ONNX Runtime 1.17 and later run them.",
    sourceText(manifest),
    ...files.map((file) =>
      [`## ${file.file}`, file.text, "Inputs:", table(file.inputs), "Outputs:", table(file.outputs)]
        .join("\n\n")
    ),
    leftOut.length === 0
      ? ""
      : ["## Left out", ...leftOut.map(({ file, reason }) => `- \`${file}\`: ${reason}.`)].join(
        "\n\n",
      ),
    "## Facts",
    [
      "| fact | value |",
      "| --- | --- |",
      `| data | ${target.kind}, [${target.shape.join(", ")}] a sample |`,
      `| licence of the data | ${licence} |`,
      `| spec hash | \`${hash}\` |`,
      `| seed | ${seed} |`,
      `| weights | ${precision} |`,
      `| standardised | ${standardization === null ? "no" : "yes, undone inside the files"} |`,
    ].join("\n"),
    metrics.length === 0 ? "" : ["## Metrics", metricTable(manifest)].join("\n\n"),
  ].filter((part) => part !== "").join("\n\n") + "\n";
}

function sourceText({ source }: Manifest): string {
  const shape = `[n, ${source.shape.join(", ")}]`;
  switch (source.kind) {
    case "gaussian":
      return `Draw \`source\` ${shape} as mean + scale * z with z standard normal, mean ${
        short(source.mean)
      } and scale ${short(source.scale)}.`;
    case "uniform":
      return `Draw \`source\` ${shape} uniformly between ${short(source.low)} and ${
        short(source.high)
      }.`;
    default:
      return `\`source\` ${shape} are samples of ${source.kind}, the distribution that the model starts from; ` +
        "its settings are in `manifest.json`.";
  }
}

function short(value: number | readonly number[]): string {
  return typeof value === "number" ? String(value) : "as `manifest.json` says for each coordinate";
}

function table(lines: readonly ValueLine[]): string {
  return [
    "| name | type | shape | what |",
    "| --- | --- | --- | --- |",
    ...lines.map(({ name, type, shape, text, default: given }) =>
      `| \`${name}\`${given === null ? "" : " (optional)"} | ${type} | [${
        shape.join(", ")
      }] | ${text} |`
    ),
  ].join("\n");
}

function metricTable({ metrics }: Manifest): string {
  return [
    "| metric | value | standard error | unit | better |",
    "| --- | --- | --- | --- | --- |",
    ...metrics.map(({ name, value, standardError, unit, lowerIsBetter }) =>
      `| ${name} | ${number(value)} | ${
        standardError === null ? "" : number(standardError)
      } | ${unit} | ${lowerIsBetter ? "lower" : "higher"} |`
    ),
  ].join("\n");
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}
