import { type Command, Option } from "npm:commander@15.1.0";
import { InputError } from "../../dsl/mod.ts";
import { BACKEND_NAMES, type BackendChoice } from "../../runtime/backends/mod.ts";
import { isThere, writablePlace } from "../../runtime/files.ts";
import type { Difference } from "../../runtime/replay/difference.ts";
import { lockOf, readLock, writeLock } from "../../runtime/replay/lock.ts";
import { replay, verify as verifyRun, type VerifyOptions } from "../../runtime/replay/verify.ts";
import type { CommandContext, CommandDefinition } from "../command.ts";
import { lockFileOf } from "../lock_file.ts";
import { withOptions } from "../session.ts";
import { formatNumber, type Terminal } from "../terminal/mod.ts";

/** A replay, held against the lock file. */
export const verify: CommandDefinition = {
  name: "verify",
  description: "replay the pipeline from its first step and compare it with its lock file",
  on: "pipeline",
  flags: ["threads", "folder", "lock"],
  examples: [
    ["", "exit with 1 if a number moved"],
    ["--quick", "evaluate the stored weights instead of training anew"],
    ["--update", "accept what moved"],
    ["--json", "as a JSON document, for a script"],
  ],
  configure: (command: Command) => {
    command
      .addOption(
        new Option("--backend <name>", "what runs the programs; by default the lock's backend")
          .choices(["auto", ...BACKEND_NAMES]),
      )
      .option("--quick", "evaluate the stored weights of the last run instead of training anew")
      .addOption(
        new Option("--update", "write what the replay gives as the new lock").conflicts("quick"),
      );
  },
  action: async (context) => {
    const { quick = false, update = false, backend } = context.options as {
      quick?: boolean;
      update?: boolean;
      backend?: BackendChoice;
    };
    const file = lockFileOf(context);
    if (update) await writablePlace(file); // known before anything long is begun
    const spec = await context.spec();
    return await withOptions(context, async ({ force: _, checkpointEvery: __, ...common }) => {
      const options: VerifyOptions = { ...common, backend, quick };
      return update
        ? await accept(context, file, spec, options)
        : await check(context, file, spec, options);
    });
  },
};

type Spec = Awaited<ReturnType<CommandContext["spec"]>>;

/** Replays and compares. */
async function check(
  context: CommandContext,
  file: string,
  spec: Spec,
  options: VerifyOptions,
): Promise<unknown> {
  if (!await isThere(file)) {
    throw new InputError(
      `There is no lock to verify '${spec.name}' with: '${file}' is not there. ` +
        `Write it with \`run --write-lock\`, or name another with --lock`,
    );
  }
  const lock = await readLock(file);
  const { passed, exact, rows, reasons, outcome, backend } = await verifyRun(spec, lock, options);
  const { terminal } = context;
  terminal.info(
    `${spec.name} ${outcome.hash.slice(0, 12)} ${
      options.quick ? "evaluated with its stored weights" : "replayed"
    } on ${backend.name}, held against ${file}; ${
      exact ? "bits are promised" : "bits are not promised: metrics have tolerances"
    }`,
  );
  showDifferences(terminal, rows);
  if (reasons.length > 0) terminal.info(`why it may have moved: ${reasons.join("; ")}`);
  if (!passed) {
    const moved = rows.filter(({ verdict }) => verdict === "moved").length;
    context.fail(
      `${moved} of ${rows.length} moved from ${file}. If they should have, accept them with \`verify --update\``,
    );
  }
  return { passed, quick: options.quick, exact, lock: file, rows, reasons, outcome };
}

/** Replays, and writes what comes out as the new lock. */
async function accept(
  { terminal }: CommandContext,
  file: string,
  spec: Spec,
  options: VerifyOptions,
): Promise<unknown> {
  const lock = !await isThere(file) ? null : await readLock(file).catch((error) => {
    if (!(error instanceof InputError)) throw error;
    terminal.warn(error.message);
    return null;
  });
  const same = lock?.pipeline === spec.name ? lock : null;
  const backend = options.backend ?? (lock?.backend as BackendChoice | undefined);
  const found = same === null
    ? { ...await replay(spec, { ...options, backend }), rows: [] }
    : await verifyRun(spec, same, options);
  if (found.rows.length > 0) showDifferences(terminal, found.rows);
  await writeLock(file, lockOf(found.outcome));
  terminal.info(`locked in ${file}`);
  return { updated: true, lock: file, rows: found.rows, outcome: found.outcome };
}

function showDifferences(terminal: Terminal, rows: readonly Difference[]): void {
  const { good, warn, bad } = terminal.paint;
  const verdicts = {
    same: good("same"),
    tolerated: warn("tolerated"),
    moved: bad("moved"),
  };
  terminal.table(
    ["", "locked", "found", "change", "tolerance", "verdict"],
    rows.map(({ what, locked, found, change, tolerance, verdict }) => [
      what,
      shown(locked),
      shown(found),
      change === null ? "" : `${change > 0 ? "+" : ""}${formatNumber(change, 3)}`,
      tolerance === null ? "" : formatNumber(tolerance, 2),
      verdicts[verdict],
    ]),
    ["locked", "found", "change", "tolerance"],
  );
}

/** A value as a cell: digests by their first characters. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (typeof value === "number") return formatNumber(value, 6);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text;
}
