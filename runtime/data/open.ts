import { InputError } from "../../dsl/error.ts";
import type { DataSpec, SourceSpec } from "../../dsl/spec.ts";
import type { Dataset } from "./dataset.ts";
import { type DistributionSpec, isToy } from "./distributions/mod.ts";
import { openTable } from "./open_table.ts";
import { revive } from "./revive.ts";
import { tableContent } from "./table_content.ts";

/** Where to look for the files that a spec names. */
export interface OpenOptions {
  /** The folder, or its URL, that relative paths are taken from; the working folder when left out. */
  readonly base?: string;
}

/** How to open a source. */
export interface OpenSourceOptions extends OpenOptions {
  /** Numbers in a sample, for a source whose spec leaves them to the target. */
  readonly dim?: number;
}

/**
 * Opens what a spec describes: a toy distribution, or a data set that is read, checked, selected,
 * split and standardised.
 *
 * Shapes: what is drawn is [count, dim]; axes of a file after the first are flattened.
 * Units: model units, standardised where the spec says so; `unstandardize` leads back.
 *
 * @throws {InputError} If the file, or what is in it, is not what the spec says; the message names the
 * file and the row or the field, what was found and what is accepted.
 *
 * @example A toy distribution
 * ```ts
 * import assert from "node:assert/strict";
 * const board = await openData({ kind: "checkerboard", cells: 4, extent: 4 });
 * const x = board.parts.test.draw(5, { seed: 0, stream: "look", step: 0 });
 * assert.deepEqual(x.shape, [5, 2]);
 * assert.ok(Math.abs(board.density!.logDensity(x)[0] + Math.log(32)) < 1e-12);
 * ```
 */
export async function openData(spec: DataSpec, options: OpenOptions = {}): Promise<Dataset> {
  if (isToy(spec)) return openDistribution(spec);
  return revive(tableContent(await openTable(spec, options.base), spec));
}

/**
 * Opens a source: a Gaussian, a uniform distribution, or whatever {@linkcode openData} opens.
 *
 * @throws {InputError} As {@linkcode openData}, and if neither the spec nor `dim` says how many numbers
 * a sample has, or both do and disagree.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const source = await openSource({ kind: "gaussian", dim: null, mean: 0, scale: 1 }, { dim: 2 });
 * const origin = { data: new Float32Array(2), shape: [1, 2] };
 * assert.equal(source.density!.logDensity(origin)[0], -Math.log(2 * Math.PI));
 * ```
 */
export async function openSource(
  spec: SourceSpec,
  options: OpenSourceOptions = {},
): Promise<Dataset> {
  const opened = spec.kind === "gaussian" || spec.kind === "uniform"
    ? openDistribution({ ...spec, dim: spec.dim ?? knownDim(spec, options.dim) })
    : await openData(spec, options);
  if (options.dim !== undefined && opened.dim !== options.dim) {
    throw new InputError(
      `The source and the target must have the same dimension: the source (${spec.kind}) has ` +
        `${opened.dim}, the target ${options.dim}`,
      { field: "source.dim" },
    );
  }
  return opened;
}

function openDistribution(spec: DistributionSpec): Dataset {
  return revive({ kind: "distribution", spec });
}

function knownDim({ kind }: SourceSpec, dim: number | undefined): number {
  if (dim !== undefined) return dim;
  throw new InputError(`The dimension of the source (${kind}) is not known: set its dim`, {
    field: "source.dim",
  });
}
