/** Key of the type-only mark of {@link Dimension}; no value has it. */
export declare const dimension: unique symbol;

/**
 * Marks a distribution or a field with its number of coordinates D, so that the compiler refuses
 * parts that do not fit together. It exists in types only; `number` stands for "known at run time".
 */
export interface Dimension<D extends number = number> {
  /** Never there at run time. */
  readonly [dimension]?: D;
}

/** The number of coordinates of a marked type; `number` for one without a mark. */
export type DimensionOf<X> = X extends { readonly [dimension]?: infer D }
  ? unknown extends D ? number : Extract<D, number>
  : number;

/** The settings of a part: its fields but for `kind`, each with a default. */
export type Settings<T> = { readonly [K in Exclude<keyof T, "kind">]?: T[K] };
