import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Option } from "npm:commander@15.1.0";
import { InputError } from "../../dsl/mod.ts";
import { fileOperation } from "../../runtime/files.ts";
import type { CommandDefinition } from "../command.ts";
import { dataPipeline } from "../init/data_pipeline.ts";
import { fileText } from "../init/file_text.ts";
import { surveyFile } from "../init/survey.ts";
import { TEMPLATES } from "../init/templates.ts";
import type { Terminal } from "../terminal/mod.ts";

/** A pipeline file to start from. */
export const init: CommandDefinition = {
  name: "init",
  description: "write a commented pipeline file, from a template or for a data file",
  on: "nothing",
  flags: [],
  examples: [
    ["moons.ts", "two moons, to play with"],
    ["--data cells.csv", "cells.ts for the numeric columns of a table"],
    ["--template closed-form mixture.ts", "another template"],
  ],
  configure: (command) => {
    const templates = Object.entries(TEMPLATES).map(([name, { shows }]) => `${name}: ${shows}`);
    command
      .argument("[file]", "file to write; by default named after the template or the data")
      .addOption(
        new Option("--template <name>", `what to start from (${templates.join("; ")})`)
          .choices(Object.keys(TEMPLATES)).default("two-moons").conflicts("data"),
      )
      .option("--data <file>", "a .csv, .tsv, .parquet, .npy or .npz file to model instead")
      .option("--force", "overwrite the file if it is there");
  },
  action: async ({ args, options, terminal }) => {
    const { template, data, force } = options as {
      readonly template: string;
      readonly data?: string;
      readonly force?: boolean;
    };
    const name = nameOf(args[0] ?? data ?? template);
    const file = args[0] ?? `${name}.ts`;
    if (!/\.[mc]?[jt]s$/.test(file)) {
      throw new InputError(`Cannot write '${file}': a pipeline file ends in .ts`);
    }
    const mod = moduleFor(file);
    if (data === undefined) {
      await writeNew(
        file,
        fileText({ ...TEMPLATES[template], mod, file: basename(file), name }),
        force ?? false,
      );
      next(terminal, file);
      return { file, template };
    }
    const survey = await surveyFile(data);
    const written = dataPipeline(survey, {
      file: basename(file),
      pipeline: name,
      data: placeOf(data, file),
      mod,
    });
    if (written.columns?.length === 0) {
      throw new InputError(
        `Cannot model '${data}': none of its columns holds numbers that vary (${
          Object.entries(written.leftOut).map(([name, why]) => `${name}: ${why}`).join("; ")
        })`,
      );
    }
    await writeNew(file, written.text, force ?? false);
    const { columns, leftOut } = written;
    terminal.info(`${data}: ${survey.rows} rows`);
    if (columns === null) terminal.info(`rows of shape [${survey.rowShape!.join(", ")}]`);
    else {
      terminal.table(
        ["column", "use"],
        survey.columns.map(({ name, missing }) => [
          name,
          (leftOut[name] === undefined ? "modelled" : `left out: ${leftOut[name]}`) +
          (missing === 0 ? "" : `, ${missing} missing`),
        ]),
      );
    }
    next(terminal, file);
    return { file, data, rows: survey.rows, columns, leftOut };
  },
};

function next(terminal: Terminal, file: string): void {
  terminal.info(
    `wrote ${file}; run it: deno run --allow-read --allow-write=runs --allow-ffi ${file}`,
  );
}

/** A name that is safe for a pipeline and its folder. */
function nameOf(path: string): string {
  const stem = basename(new URL(path, "file:///").pathname).replace(/\.\w+$/, "");
  return stem.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 100) || "pipeline";
}

/** What a file imports the language from: the place that this code was loaded from. */
function moduleFor(file: string): string {
  const mod = new URL("../../mod.ts", import.meta.url);
  if (mod.protocol !== "file:") return mod.href;
  return relativeTo(file, fileURLToPath(mod));
}

/** A data file as an expression: a URL beside the pipeline file, wherever it is run from. */
function placeOf(data: string, file: string): string {
  if (/^https?:/.test(data)) return JSON.stringify(data);
  const path = data.startsWith("file:") ? fileURLToPath(data) : resolve(data);
  return `new URL(${JSON.stringify(relativeTo(file, path))}, import.meta.url)`;
}

/** A path as a relative URL from a file. */
function relativeTo(file: string, path: string): string {
  const way = relative(dirname(resolve(file)), path).replaceAll("\\", "/");
  const escaped = encodeURI(way).replace(/[?#]/g, encodeURIComponent);
  return escaped.startsWith("../") ? escaped : `./${escaped}`;
}

async function writeNew(file: string, text: string, force: boolean): Promise<void> {
  await fileOperation("write", file, async () => {
    try {
      await Deno.writeTextFile(file, text, { createNew: !force });
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      throw new InputError(
        `Cannot write '${file}': it is there already; name another file, or --force to overwrite it`,
      );
    }
  });
}
