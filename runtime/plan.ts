import { join } from "node:path";
import {
  ancestorsOf,
  type ExecutionGraph,
  type ExecutionNode,
} from "../compiler/execution_graph.ts";
import { partOf } from "../compiler/part.ts";
import type { NodeKind } from "../compiler/ports.ts";
import { show } from "../dsl/schema/words.ts";
import { fileOperation, isThere } from "./files.ts";
import { type Basis, type Made, readMade } from "./made.ts";

/** What is to be done for a node, and why. */
export interface Planned {
  /** Id of the node. */
  readonly node: string;
  readonly hash: string;
  readonly stored: boolean;
  /** Seconds that making the stored result took; null where there is none, or that was not noted. */
  readonly seconds: number | null;
  /** Why it is to be run; empty where its result is stored. */
  readonly reasons: readonly string[];
  /** The result of other settings that the reasons compare with; null where they compare with none. */
  readonly since: Earlier | null;
}

/** An earlier result of a node. */
export interface Earlier {
  /** SHA-256 of the spec that it was made for. */
  readonly hash: string;
  /** When it was made, ISO 8601. */
  readonly made: string;
}

/** Kinds of node whose results are stored. */
export const STORED: readonly NodeKind[] = ["training", "solver", "metric"];

/** What a plan is made from. */
export interface PlanContext {
  readonly graph: ExecutionGraph;
  /** Folder of the store. */
  readonly root: string;
  /** The folder of a node's result, or null. */
  readonly stored: (node: string) => Promise<string | null>;
  /** What a node's result is made of now. */
  readonly basis: (node: string) => Basis;
}

/**
 * Says of each node with a result whether it is stored, and if not, what has changed since this pipeline's result of that
 * node whose settings are nearest: those of this very spec, where there are any.
 */
export async function planOf(context: PlanContext): Promise<Planned[]> {
  const { graph, root, stored } = context;
  const before = await resultsOf(root, graph.spec.name);
  const plan: Planned[] = [];
  for (const node of graph.nodes.filter(({ kind }) => STORED.includes(kind))) {
    const folder = await stored(node.id);
    if (folder === null) {
      const stale = new Set(plan.filter((planned) => !planned.stored).map(({ node }) => node));
      const found = await reasonsOf(node, context, before.get(node.id) ?? [], stale);
      plan.push({ node: node.id, hash: node.hash, stored: false, seconds: null, ...found });
    } else {
      const made = await readMade(folder);
      const seconds = made?.seconds ?? null;
      plan.push({
        node: node.id,
        hash: node.hash,
        stored: true,
        seconds,
        reasons: [],
        since: null,
      });
    }
  }
  return plan;
}

/** A result that is stored, and when it was put there. */
interface Result {
  readonly made: Made;
  readonly time: number;
}

/** What is another than in an earlier result. */
interface Change {
  readonly reasons: readonly string[];
  /** How many of the reasons are settings. */
  readonly settings: number;
  readonly result: Result;
}

async function reasonsOf(
  node: ExecutionNode,
  context: PlanContext,
  before: readonly Result[],
  stale: ReadonlySet<string>,
): Promise<Pick<Planned, "reasons" | "since">> {
  const begun = await isThere(join(context.root, `${node.hash.slice(0, 32)}.partial`));
  if (begun) return { reasons: ["it was stopped; it goes on from its checkpoint"], since: null };
  const [nearest] = before
    .map((result) => changeSince(result, node, context, stale))
    .sort((a, b) =>
      a.settings - b.settings || a.reasons.length - b.reasons.length ||
      b.result.time - a.result.time
    );
  if (nearest === undefined) return { reasons: ["it has not been run yet"], since: null };
  const { reasons, settings, result: { made, time } } = nearest;
  if (reasons.length === 0) {
    return { reasons: ["its result is not in the store any more"], since: null };
  }
  const earlier = { hash: made.spec, made: new Date(time).toISOString() };
  return { reasons, since: settings === 0 ? null : earlier };
}

function changeSince(
  result: Result,
  node: ExecutionNode,
  { graph, basis }: PlanContext,
  stale: ReadonlySet<string>,
): Change {
  const { made: { basis: before } } = result;
  const now = basis(node.id);
  const nearest = nearestResults(graph, node);
  const changed = nearest
    .filter(({ id, hash }) => before.hashes[id] !== hash)
    .map(({ id }) => stale.has(id) ? `${id} is to be run` : `${id} changed`);
  const covered = new Set(nearest.flatMap(({ id }) => ancestorsOf(graph, id).map((a) => a.id)));
  // What an input with a result of its own covers is the input's own reason.
  const own = ancestorsOf(graph, node.id).filter(({ id }) => !covered.has(id));
  const settings = own.flatMap((a) => settingChanges(graph, a, before, now));
  const contents = own.flatMap((a) => contentChanges(graph, a, before, now));
  // What concerns every node is the reason of the first.
  const seed = changed.length > 0 ? [] : changes("seed", before.seed, now.seed);
  const machine = changed.length > 0 ? [] : machineChanges(before, now);
  return {
    reasons: [...changed, ...settings, ...contents, ...seed, ...machine],
    settings: settings.length + seed.length,
    result,
  };
}

/** The nodes with results that a node is made from, without those that another of them is made from. */
function nearestResults(graph: ExecutionGraph, node: ExecutionNode): ExecutionNode[] {
  const before = ancestorsOf(graph, node.id).filter(({ id, kind }) =>
    id !== node.id && STORED.includes(kind)
  );
  const further = new Set(
    before.flatMap(({ id }) => ancestorsOf(graph, id).map((a) => a.id).filter((a) => a !== id)),
  );
  return before.filter(({ id }) => !further.has(id));
}

/** What of a node's own settings is another. */
function settingChanges(
  graph: ExecutionGraph,
  node: ExecutionNode,
  before: Basis,
  now: Basis,
): string[] {
  const { field, path } = partOf(graph, node);
  return changes(path, before.parts[field], now.parts[field]);
}

/** Whether the data that a node draws are others, though its settings are the same. */
function contentChanges(
  graph: ExecutionGraph,
  node: ExecutionNode,
  before: Basis,
  now: Basis,
): string[] {
  const { field, path } = partOf(graph, node);
  const same = settingChanges(graph, node, before, now).length > 0 ||
    before.contents[field] === now.contents[field];
  return same ? [] : [`the file of ${path} changed`];
}

/** What concerns every node besides the seed: backend and version. */
function machineChanges(before: Basis, now: Basis): string[] {
  const versions = [before, now].map(({ code }) => `${code.release} (revision ${code.revision})`);
  return [
    ...(before.backend === now.backend ? [] : [`backend ${before.backend} -> ${now.backend}`]),
    ...(versions[0] === versions[1] ? [] : [`pushforward ${versions[0]} -> ${versions[1]}`]),
  ];
}

/** Each field that differs, as `training.steps 2000 -> 3000`; of a part of another kind the kind alone. */
function changes(path: string, before: unknown, now: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  if (!isObject(before) || !isObject(now)) {
    return [`${path} ${show(before)} -> ${show(now)}`];
  }
  if (before.kind !== now.kind) return [`${path}.kind ${show(before.kind)} -> ${show(now.kind)}`];
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].flatMap((name) => changes(`${path}.${name}`, before[name], now[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** This pipeline's results by the node's id. */
async function resultsOf(
  root: string,
  pipeline: string,
): Promise<ReadonlyMap<string, readonly Result[]>> {
  const results: Result[] = [];
  if (!await isThere(root)) return new Map();
  await fileOperation("look at", root, async () => {
    for await (const { name, isDirectory } of Deno.readDir(root)) {
      if (!isDirectory || !/^[0-9a-f]{32}$/.test(name)) continue;
      const folder = join(root, name);
      const made = await readMade(folder);
      if (made === null || made.pipeline !== pipeline) continue;
      results.push({ made, time: (await Deno.stat(folder)).mtime?.getTime() ?? 0 });
    }
  });
  return Map.groupBy(results, ({ made }) => made.node);
}
