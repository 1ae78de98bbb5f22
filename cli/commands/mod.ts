/**
 * The commands, in the order in which `--help` lists them. A new one is a file here and a line below.
 *
 * @module
 */
import type { CommandDefinition } from "../command.ts";
import { compare } from "./compare.ts";
import { doctor } from "./doctor.ts";
import { exportCommand } from "./export.ts";
import { graph } from "./graph.ts";
import { init } from "./init.ts";
import { likelihood } from "./likelihood.ts";
import { metrics } from "./metrics.ts";
import { report } from "./report.ts";
import { run } from "./run.ts";
import { sample } from "./sample.ts";
import { schemaCommand } from "./schema.ts";
import { status } from "./status.ts";
import { train } from "./train.ts";
import { verify } from "./verify.ts";

/** Every command. */
export const COMMANDS: readonly CommandDefinition[] = [
  run,
  train,
  sample,
  likelihood,
  metrics,
  exportCommand,
  graph,
  status,
  verify,
  compare,
  report,
  schemaCommand,
  init,
  doctor,
];
