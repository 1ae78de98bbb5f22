import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { digest } from "../../dsl/canonical.ts";
import type { PipelineSpec } from "../../dsl/mod.ts";

/** A spec's settings by their paths, such as `training.steps`. */
export type RunSettings = Readonly<Record<string, unknown>>;

/** Characters of a value up to which it is kept as it is. */
const SHORT = 200;

/**
 * The settings of a spec by their paths. A list is one setting; a long value, such as data written into the file,
 * is stood for by its SHA-256, and a file's URL by its path from the working folder, which is the same on other machines.
 */
export function settingsOf(spec: PipelineSpec): RunSettings {
  const settings: Record<string, unknown> = {};
  const collect = (path: string, value: unknown): void => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, item] of Object.entries(value)) {
        collect(path === "" ? key : `${path}.${key}`, item);
      }
      return;
    }
    const short = JSON.stringify(value).length <= SHORT;
    settings[path] = isFile(path, value)
      ? fromHere(value)
      : short
      ? value
      : `sha256:${digest(value)}`;
  };
  const { metrics, ...rest } = spec;
  collect("", rest);
  for (const [i, metric] of metrics.entries()) collect(`metrics.${i}`, metric);
  return settings;
}

function isFile(path: string, value: unknown): value is string {
  return /(^|\.)path$/.test(path) && typeof value === "string" && value.startsWith("file:");
}

function fromHere(url: string): string {
  return relative(".", fileURLToPath(url)).replaceAll("\\", "/");
}

/** One setting that two pipelines have differently; undefined where one does not have it. */
export interface DifferentSetting {
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** The settings that differ, in the order of the first, then of the second. */
export function differentSettings(a: RunSettings, b: RunSettings): DifferentSetting[] {
  const paths = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...paths]
    .filter((path) => JSON.stringify(a[path]) !== JSON.stringify(b[path]))
    .map((path) => ({ path, a: a[path], b: b[path] }));
}
