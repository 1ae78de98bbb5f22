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
 * Says of each node with a result whether it is stored, and if not, what has changed since this pipeline's last result
 * of that node.
 */
export async function planOf(context: PlanContext): Promise<Planned[]> {
  const { graph, root, stored } = context;
  const before = await lastMade(root, graph.spec.name);
  const plan: Planned[] = [];
  for (const node of graph.nodes.filter(({ kind }) => STORED.includes(kind))) {
    const folder = await stored(node.id);
    if (folder === null) {
      const stale = new Set(plan.filter((planned) => !planned.stored).map(({ node }) => node));
      const reasons = await reasonsOf(node, context, before.get(node.id) ?? null, stale);
      plan.push({ node: node.id, hash: node.hash, stored: false, seconds: null, reasons });
    } else {
      const made = await readMade(folder);
      const seconds = made?.seconds ?? null;
      plan.push({ node: node.id, hash: node.hash, stored: true, seconds, reasons: [] });
    }
  }
  return plan;
}

async function reasonsOf(
  node: ExecutionNode,
  { graph, root, basis }: PlanContext,
  before: Made | null,
  stale: ReadonlySet<string>,
): Promise<string[]> {
  const begun = await isThere(join(root, `${node.hash.slice(0, 32)}.partial`));
  if (begun) return ["it was stopped; it goes on from its checkpoint"];
  if (before === null) return ["it has not been run yet"];
  const now = basis(node.id);
  const nearest = nearestResults(graph, node);
  const changed = nearest
    .filter(({ id, hash }) => before.basis.hashes[id] !== hash)
    .map(({ id }) => stale.has(id) ? `${id} is to be run` : `${id} changed`);
  const covered = new Set(nearest.flatMap(({ id }) => ancestorsOf(graph, id).map((a) => a.id)));
  // What an input with a result of its own covers is the input's own reason.
  const own = ancestorsOf(graph, node.id).filter(({ id }) => !covered.has(id));
  const reasons = [...changed, ...own.flatMap((a) => partChanges(graph, a, before.basis, now))];
  if (changed.length === 0) {
    reasons.push(...commonChanges(before.basis, now));
  }
  return reasons.length === 0 ? ["its result is not in the store any more"] : reasons;
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

/** What of a node's own settings, and of the data it draws, is another. */
function partChanges(
  graph: ExecutionGraph,
  node: ExecutionNode,
  before: Basis,
  now: Basis,
): string[] {
  const { field, path } = partOf(graph, node);
  const settings = changes(path, before.parts[field], now.parts[field]);
  const data = settings.length === 0 && before.contents[field] !== now.contents[field];
  return data ? [`the file of ${path} changed`] : settings;
}

/** What concerns every node: seed, backend and version. */
function commonChanges(before: Basis, now: Basis): string[] {
  const versions = [before, now].map(({ code }) => `${code.release} (revision ${code.revision})`);
  return [
    ...changes("seed", before.seed, now.seed),
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

/** This pipeline's latest result of each node, by the node's id. */
async function lastMade(root: string, pipeline: string): Promise<ReadonlyMap<string, Made>> {
  const latest = new Map<string, { readonly made: Made; readonly time: number }>();
  if (!await isThere(root)) return new Map();
  await fileOperation("look at", root, async () => {
    for await (const { name, isDirectory } of Deno.readDir(root)) {
      if (!isDirectory || !/^[0-9a-f]{32}$/.test(name)) continue;
      const folder = join(root, name);
      const made = await readMade(folder);
      if (made === null || made.pipeline !== pipeline) continue;
      const time = (await Deno.stat(folder)).mtime?.getTime() ?? 0;
      if (time >= (latest.get(made.node)?.time ?? -1)) latest.set(made.node, { made, time });
    }
  });
  return new Map([...latest].map(([node, { made }]) => [node, made]));
}
