import { join } from "node:path";
import { CODE, type Code } from "../compiler/compile.ts";
import { ancestorsOf } from "../compiler/execution_graph.ts";
import { partOf } from "../compiler/part.ts";
import { digest } from "../dsl/canonical.ts";
import type { Elsewhere } from "./backends/mod.ts";
import type { Prepared } from "./prepare.ts";

/** What a result was made of: all that its hash covers. */
export interface Basis {
  readonly code: Code;
  readonly backend: string;
  readonly seed: number;
  /** Parts by the field of the spec they stand in; of the metrics the one that it is. */
  readonly parts: Readonly<Record<string, unknown>>;
  /** Digests of what source and target draw. */
  readonly contents: Readonly<Record<string, string>>;
  /** Hashes of the node and those before it, by id. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** How a stored result came to be. */
export interface Made {
  /** Wall-clock seconds that making it took. */
  readonly seconds: number;
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** SHA-256 of the spec that it was first made for. */
  readonly spec: string;
  /** Id of the node. */
  readonly node: string;
  readonly basis: Basis;
  /** Programs that another backend ran for it; left out where there were none. */
  readonly elsewhere?: readonly Elsewhere[];
}

/** The file of a stored result that says how it came to be. */
const FILE = "made.json";

/** A text longer than this, such as data written into the spec, is kept as its digest. */
const LONGEST_TEXT = 1_000;

/** What the result of a node is made of. */
export function basisOf(
  { graph, source, target, network }: Prepared,
  backend: string,
  id: string,
): Basis {
  const nodes = ancestorsOf(graph, id);
  return {
    code: CODE,
    backend,
    seed: graph.spec.seed,
    parts: Object.fromEntries(
      nodes.map((node) => partOf(graph, node)).map(({ field, part }) => [field, short(part)]),
    ),
    contents: {
      source: source.digest,
      target: target.digest,
      ...(network === undefined ? {} : { velocity: network.digest }),
    },
    hashes: Object.fromEntries(nodes.map((node) => [node.id, node.hash])),
  };
}

/** Writes how the result in a folder came to be. */
export async function writeMade(folder: string, made: Made): Promise<void> {
  await Deno.writeTextFile(join(folder, FILE), JSON.stringify(made));
}

/** How the result in a folder came to be; null where that was not noted. */
export async function readMade(folder: string): Promise<Made | null> {
  try {
    const made = JSON.parse(await Deno.readTextFile(join(folder, FILE))) as Partial<Made>;
    return made.basis === undefined || made.spec === undefined ? null : made as Made;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return null;
    throw error;
  }
}

function short(part: unknown): unknown {
  const text = JSON.stringify(
    part,
    (_key, value) =>
      typeof value === "string" && value.length > LONGEST_TEXT
        ? `sha256 ${digest(value).slice(0, 12)}`
        : value,
  );
  return text === undefined ? null : JSON.parse(text);
}
