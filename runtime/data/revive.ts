import { createHash } from "node:crypto";
import { InputError } from "../../dsl/error.ts";
import { type DrawAddress, fillUniform } from "../../graph/threefry.ts";
import { batchIndices, stream } from "../random/mod.ts";
import { isSameInFloat32 } from "./affine.ts";
import type {
  Dataset,
  DatasetContent,
  DistributionContent,
  PartName,
  ProgramDraw,
  Sampler,
  TableContent,
} from "./dataset.ts";
import { distributionOf } from "./distributions/mod.ts";

/**
 * Makes a data set from its plain data, such as a worker received; it draws the very same samples.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openData } from "./open.ts";
 * const circles = await openData({ kind: "circles", noise: 0.1, factor: 0.5 });
 * const copy = revive(structuredClone(circles.serialize()));
 * const at = { seed: 0, stream: "batch", step: 0 };
 * assert.deepEqual(copy.parts.train.draw(4, at), circles.parts.train.draw(4, at));
 * ```
 */
export function revive(content: DatasetContent): Dataset {
  return content.kind === "distribution" ? reviveDistribution(content) : reviveTable(content);
}

function reviveDistribution(content: DistributionContent): Dataset {
  const { spec } = content;
  const distribution = distributionOf(spec);
  const { affine } = distribution;
  const inProgram = (part: PartName): ProgramDraw | null =>
    affine === undefined || !isSameInFloat32(affine) ? null : {
      kind: "drawn",
      ...affine,
      stream: (name) => `${name}/${part}/${affine.stream}`,
    };
  const sampler = (part: PartName): Sampler => ({
    rows: Infinity,
    table: null,
    draw: (count, { seed, stream: name, step }) => ({
      data: distribution.sample(count, stream(seed, name).child(part).at(step)),
      shape: [count, distribution.dim],
    }),
    inProgram: inProgram(part),
  });
  return {
    dim: distribution.dim,
    eventShape: [distribution.dim],
    columns: null,
    parts: { train: sampler("train"), validation: sampler("validation"), test: sampler("test") },
    standardization: null,
    dequantize: null,
    density: distribution.density,
    digest: createHash("sha256").update(JSON.stringify(Object.entries(spec).sort())).digest(
      "hex",
    ),
    serialize: () => content,
  };
}

function reviveTable(content: TableContent): Dataset {
  const { dim, eventShape, columns, standardization, dequantize, digest } = content;
  let transferable: TableContent | undefined;
  return {
    dim,
    eventShape,
    columns,
    parts: {
      train: tableSampler(content, "train"),
      validation: tableSampler(content, "validation"),
      test: tableSampler(content, "test"),
    },
    standardization,
    dequantize,
    density: null,
    digest,
    serialize: () => transferable ??= { ...content, parts: shared(content.parts) },
  };
}

function tableSampler(content: TableContent, part: PartName): Sampler {
  const { dim, dequantize, standardization } = content;
  const table = content.parts[part];
  const rows = table.length / dim;
  const widths = Array.from(
    { length: dim },
    (_, j) => dequantize === null ? 0 : dequantize / (standardization?.scale[j] ?? 1),
  );
  const choose = (count: number, at: DrawAddress): Uint32Array<ArrayBuffer> => {
    if (rows === 0) {
      throw new InputError(
        `Cannot draw from the ${part} part as it holds no rows: give it some in \`split\``,
        { field: "split" },
      );
    }
    if (count > rows) {
      throw new InputError(
        `Cannot draw ${count} rows from the ${part} part as it holds ${rows}: ask for fewer, ` +
          "or give that part more rows",
      );
    }
    return batchIndices({ batchSize: count, rows }, {
      ...at,
      stream: `${at.stream}/${part}/rows`,
    });
  };
  const noise = dequantize === null
    ? null
    : { stream: (name: string) => `${name}/${part}/dequantize`, scale: widths };
  const exact = isSameInFloat32({ shift: [1], scale: widths });
  return {
    rows,
    table: { data: table, shape: [rows, dim] },
    draw(count, at) {
      const data = new Float32Array(count * dim);
      const chosen = choose(count, at);
      if (noise !== null) fillUniform(data, { ...at, stream: noise.stream(at.stream) });
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < dim; j++) {
          data[i * dim + j] = table[chosen[i] * dim + j] + widths[j] * data[i * dim + j];
        }
      }
      return { data, shape: [count, dim] };
    },
    inProgram: noise === null || exact ? { kind: "gathered", rows: choose, noise } : null,
  };
}

/** Copies of the parts in shared memory, so that workers read one and the same table. */
function shared(parts: TableContent["parts"]): TableContent["parts"] {
  const copies = new Map<Float32Array, Float32Array>();
  const share = (values: Float32Array): Float32Array => {
    if (values.buffer instanceof SharedArrayBuffer) return values;
    const copy = copies.get(values) ??
      new Float32Array(new SharedArrayBuffer(values.byteLength));
    copy.set(values);
    copies.set(values, copy);
    return copy;
  };
  return {
    train: share(parts.train),
    validation: share(parts.validation),
    test: share(parts.test),
  };
}
