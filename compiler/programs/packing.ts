/**
 * Small parameters packed into one vector, for training only.
 *
 * An optimizer runs a dozen elementwise ops over each tensor. On a bias of 256 numbers such an op is all overhead (3 to
 * 6 microseconds to start, nothing to do), so tensors below a size are laid end to end in one vector, which is
 * optimised as one; large matrices stay as they are, for packing them would copy them at every step. On an MLP of
 * three layers of 256 this takes some 80 of 190 nodes out of a training step.
 *
 * @module
 */
import { concat, type Expression, reshape, sliceAxis, type Tensor } from "../../graph/mod.ts";
import type { Parameter } from "../../nodes/velocity/mod.ts";

/** A tensor as training holds it: a parameter, or the vector of the small ones. */
export interface PackedTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** How the parameters of a velocity are laid out while they are trained. */
export interface Packing {
  readonly tensors: readonly PackedTensor[];
  /** The parameters, in their own order, from the tensors. */
  unpack(tensors: readonly Expression[]): Expression[];
  /** Tensors from one expression for each parameter, such as gradients. */
  pack(parameters: readonly Expression[]): Expression[];
  /** As `unpack`, on values by name. */
  unpackValues(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor>;
  /** As `pack`, on values by name. */
  packValues(parameters: ReadonlyMap<string, Tensor>): Map<string, Tensor>;
}

/** Parameters with fewer numbers are packed. */
const SMALL = 16_384;

/** Name of the vector of small parameters; no velocity has a parameter of this name. */
const VECTOR = "small";

/** The packing of these parameters. */
export function packingOf(parameters: readonly Parameter[]): Packing {
  const sizes = parameters.map((p) => p.shape.reduce((a, b) => a * b, 1));
  const isSmall = sizes.map((size) => size < SMALL);
  const offsets: number[] = [];
  let length = 0;
  for (const [i, size] of sizes.entries()) {
    offsets.push(length);
    if (isSmall[i]) length += size;
  }
  const large = parameters.filter((_, i) => !isSmall[i]);
  const tensors: PackedTensor[] = [
    ...large.map(({ name, shape }) => ({ name, shape })),
    ...(length > 0 ? [{ name: VECTOR, shape: [length] }] : []),
  ];
  return {
    tensors,
    unpack(packed) {
      const vector = packed[large.length];
      let next = 0;
      return parameters.map(({ shape }, i) => {
        if (!isSmall[i]) return packed[next++];
        const range = { axis: 0, start: offsets[i], end: offsets[i] + sizes[i] };
        return reshape(sliceAxis(vector, range), shape);
      });
    },
    pack(all) {
      const small = all.filter((_, i) => isSmall[i]).map((e) => reshape(e, [sizeOf(e)]));
      return [
        ...all.filter((_, i) => !isSmall[i]),
        ...(small.length > 0 ? [concat(small, 0)] : []),
      ];
    },
    unpackValues(packed) {
      return new Map(parameters.map(({ name, shape }, i) => {
        if (!isSmall[i]) return [name, packed.get(name)!];
        const data = packed.get(VECTOR)!.data.slice(offsets[i], offsets[i] + sizes[i]);
        return [name, { data, shape: [...shape] }];
      }));
    },
    packValues(all) {
      const packed = new Map(large.map(({ name }) => [name, all.get(name)!]));
      if (length > 0) {
        const vector = new Float32Array(length);
        for (const [i, { name }] of parameters.entries()) {
          if (isSmall[i]) vector.set(all.get(name)!.data, offsets[i]);
        }
        packed.set(VECTOR, { data: vector, shape: [length] });
      }
      return packed;
    },
  };
}

function sizeOf({ shape }: Expression): number {
  return shape.reduce<number>((product, size) => product * (size as number), 1);
}
