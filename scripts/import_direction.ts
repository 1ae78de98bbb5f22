/**
 * Checks that imports point down the list of folders, that third-party code is pinned, that a file whose name starts
 * with an underscore stays in its folder, and that no two files need each other.
 *
 *     deno run -A scripts/import_direction.ts
 *
 * Prints `file:line: what is wrong` for each finding and exits 1 if there is any. The imports are those that Deno's own
 * module graph reports (`deno info --json`), so nothing is parsed here.
 *
 * @module
 */
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * What each folder may import, besides itself. `types` names folders of which only types may be imported.
 * "*" stands for every folder.
 */
export const LAYERS: Readonly<
  Record<string, { readonly code: readonly string[]; readonly types?: readonly string[] }>
> = {
  "mod.ts": { code: ["*"] },
  "browser.ts": { code: ["*"] },
  cli: { code: ["report", "runtime", "compiler", "dsl"], types: ["solvers", "nodes", "graph"] },
  report: { code: ["dsl"], types: ["graph", "compiler", "runtime"] },
  runtime: { code: ["compiler", "nodes", "solvers", "dsl", "graph"] },
  compiler: { code: ["nodes", "solvers", "dsl", "graph"] },
  nodes: { code: ["solvers", "dsl", "graph"] },
  solvers: { code: ["dsl", "graph"] },
  dsl: { code: ["graph"] },
  graph: { code: [] },
  examples: { code: ["mod.ts", "browser.ts"] },
  scripts: { code: ["*"] },
  tests: { code: ["*"] },
  bench: { code: ["*"] },
};

/** One import that breaks a rule. */
export interface Finding {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** The part of `deno info --json` that is read. */
export interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly Dependency[];
  }[];
}

interface Dependency {
  readonly specifier: string;
  readonly code?: Target;
  readonly type?: Target;
  readonly isDynamic?: boolean;
}

interface Target {
  readonly specifier?: string;
  readonly span?: { readonly start: { readonly line: number } };
}

/** One import from one file of the project to another, by paths relative to its root. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly line: number;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

/**
 * Every import of the graph that breaks a rule, in the order of files and lines.
 *
 * @param graph What `deno info --json` printed.
 * @param root The project's folder as a file URL ending in a slash.
 */
export function findingsOf(graph: ModuleGraph, root: string): Finding[] {
  const findings: Finding[] = [];
  const edges: Edge[] = [];
  const broken = new Map<string, string>();
  for (const module of graph.modules) {
    const from = inside(module.specifier, root);
    if (from === null) continue;
    if (module.error !== undefined) broken.set(from, module.error.split("\n")[0]);
    for (const dependency of module.dependencies ?? []) {
      const target = dependency.code ?? dependency.type;
      const line = (target?.span?.start.line ?? 0) + 1;
      const to = inside(target?.specifier ?? "", root);
      if (to === null) {
        const message = foreign(dependency.specifier);
        if (message !== null) findings.push({ file: from, line, message });
      } else {
        const typeOnly = dependency.code === undefined;
        edges.push({ from, to, line, typeOnly, dynamic: dependency.isDynamic === true });
      }
    }
  }
  for (const edge of edges) {
    const message = broken.get(edge.to) ?? direction(edge) ?? privacy(edge);
    if (message !== null) findings.push({ file: edge.from, line: edge.line, message });
  }
  for (const [file, message] of broken) {
    if (!edges.some((edge) => edge.to === file)) findings.push({ file, line: 1, message });
  }
  findings.push(...cycles(edges));
  return findings.sort((a, b) => a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1);
}

function inside(specifier: string, root: string): string | null {
  return specifier.startsWith(root) ? decodeURIComponent(specifier.slice(root.length)) : null;
}

function direction(edge: Edge): string | null {
  const from = layerOf(edge.from);
  const to = layerOf(edge.to);
  const rule = LAYERS[from];
  if (rule === undefined) {
    return `"${from}" has no rule: add it to LAYERS in scripts/import_direction.ts`;
  }
  if (from === to || rule.code.includes("*") || rule.code.includes(to)) return null;
  if (rule.types?.includes(to)) {
    return edge.typeOnly ? null : `${from}/ may import only types from ${to}/: ${edge.to}`;
  }
  const allowed = [...rule.code, ...(rule.types ?? []).map((layer) => `${layer} (types)`)];
  return `${from}/ may not import ${edge.to}: it may import ${
    allowed.join(", ") || "nothing of ours"
  }`;
}

function layerOf(path: string): string {
  return path.split("/")[0];
}

function privacy(edge: Edge): string | null {
  const folder = edge.to.slice(0, edge.to.lastIndexOf("/") + 1);
  const isPrivate = edge.to.slice(folder.length).startsWith("_");
  const mirrored = edge.from.startsWith(`tests/${folder}`); // a private file has its test, too
  if (!isPrivate || edge.from.startsWith(folder) || mirrored) return null;
  return `${edge.to} is private to ${folder || "the root"}`;
}

function foreign(specifier: string): string | null {
  if (
    specifier.startsWith("node:") ||
    /^npm:(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+(-[\w.]+)?(\/.*)?$/.test(specifier)
  ) {
    return null;
  }
  if (specifier.startsWith("npm:")) return `"${specifier}" must name one exact version`;
  if (/^[a-z]+:/.test(specifier)) {
    return `"${specifier}" may not be imported: only npm: and node: are`;
  }
  return `"${specifier}" is not found in this project`;
}

/** One finding per group of files that need each other when they load; types and dynamic imports do not count. */
function cycles(edges: readonly Edge[]): Finding[] {
  const next = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (edge.typeOnly || edge.dynamic) continue;
    next.set(edge.from, [...(next.get(edge.from) ?? []), edge]);
  }
  const findings: Finding[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string) => {
    if (done.has(file)) return;
    path.push(file);
    for (const edge of next.get(file) ?? []) {
      const start = path.indexOf(edge.to);
      if (start === -1) visit(edge.to);
      else {
        const loop = [...path.slice(start), edge.to].join(" -> ");
        findings.push({
          file: edge.from,
          line: edge.line,
          message: `files need each other: ${loop}`,
        });
      }
    }
    path.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
  return findings;
}

/** Every TypeScript file under `folder`, but for hidden folders, run folders and fixtures. */
function typescriptFiles(folder: string): string[] {
  return [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) {
      const skipped = entry.name.startsWith(".") ||
        ["node_modules", "runs", "fixtures", "coverage"].includes(entry.name);
      return skipped ? [] : typescriptFiles(path);
    }
    return entry.isFile && /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** The module graph of all `files`, through one entry that imports each. */
function moduleGraph(files: readonly string[]): ModuleGraph {
  const folder = Deno.makeTempDirSync();
  try {
    const entry = `${folder}/entry.ts`;
    Deno.writeTextFileSync(
      entry,
      files.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`).join(""),
    );
    const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--no-lock", entry],
    }).outputSync();
    if (!success) throw new Error(`deno info failed: ${new TextDecoder().decode(stderr)}`);
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const root = new URL("../", import.meta.url);
  const files = typescriptFiles(fileURLToPath(root).replace(/[\\/]$/, ""));
  const findings = findingsOf(moduleGraph(files), root.href);
  for (const { file, line, message } of findings) console.error(`${file}:${line}: ${message}`);
  console.log(
    findings.length === 0
      ? `Imports of ${files.length} files point down, and third-party code is pinned.`
      : `${findings.length} imports break a rule (see CONTRIBUTING.md).`,
  );
  Deno.exit(findings.length === 0 ? 0 : 1);
}
