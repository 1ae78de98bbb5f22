import type { DType, Tensor } from "../../../graph/mod.ts";
import type { RunTensor } from "../backend.ts";
import type { Library, TfTensor } from "./library.ts";

/** What dtypes are called in TensorFlow.js. */
export const TF_DTYPES = { f32: "float32", i32: "int32", bool: "bool" } as const;

const ARRAYS = { f32: Float32Array, i32: Int32Array, bool: Uint8Array } as const;

/**
 * A value of an expression: a scalar that the host knows, or a tensor on the device. It counts its owners, and is freed
 * when the last one lets go.
 */
export class Held {
  readonly #library: Library;
  /** What its elements are. */
  readonly dtype: DType;
  /** The number, of a scalar that the host knows. */
  readonly number: number | null;
  #tensor: TfTensor | null;
  #owners = 1;

  private constructor(
    library: Library,
    dtype: DType,
    value: { readonly number: number } | { readonly tensor: TfTensor },
  ) {
    this.#library = library;
    this.dtype = dtype;
    this.number = "number" in value ? value.number : null;
    this.#tensor = "tensor" in value ? value.tensor : null;
  }

  /** A scalar that the host knows; an f32 is rounded as one. */
  static scalar(library: Library, dtype: DType, number: number): Held {
    return new Held(library, dtype, { number: dtype === "f32" ? Math.fround(number) : number });
  }

  /** A tensor of the device, which belongs to the value from now on. */
  static tensor(library: Library, dtype: DType, tensor: TfTensor): Held {
    return new Held(library, dtype, { tensor });
  }

  /** A tensor of the host, copied. */
  static of(
    library: Library,
    dtype: DType,
    { data, shape }: { readonly data: ArrayLike<number>; readonly shape: readonly number[] },
  ): Held {
    if (shape.length === 0) return Held.scalar(library, dtype, data[0]);
    const copy = ARRAYS[dtype].from(data);
    const make = () => library.tf.tensor(copy, [...shape], TF_DTYPES[dtype]);
    return Held.tensor(library, dtype, library.run(make));
  }

  /** The value on the device: that of a scalar is brought there when first asked for. */
  get tensor(): TfTensor {
    const { tf, run } = this.#library;
    return this.#tensor ??= run(() => tf.scalar(this.number!, TF_DTYPES[this.dtype]));
  }

  /** One more owner. */
  retain(): Held {
    this.#owners++;
    return this;
  }

  /** One owner less. */
  release(): void {
    if (--this.#owners === 0) this.#tensor?.dispose();
  }

  /** The number of a scalar, fetched from the device if the host does not know it. */
  async read(): Promise<number> {
    return this.number ?? (await this.tensor.data())[0];
  }

  /** A copy on the host. */
  async fetch(): Promise<RunTensor> {
    if (this.number !== null) return { data: ARRAYS[this.dtype].of(this.number), shape: [] };
    const { shape } = this.tensor;
    return { data: ARRAYS[this.dtype].from(await this.tensor.data()), shape: [...shape] };
  }

  /** A copy on the host, of an f32. */
  async fetchReal(): Promise<Tensor> {
    const { data, shape } = await this.fetch();
    return { data: data as Float32Array, shape: [...shape] };
  }
}
