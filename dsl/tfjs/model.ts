/**
 * What is read of a TensorFlow.js layers model. The types are structural: a model of any version that has these parts
 * will do, and nothing of TensorFlow.js is loaded.
 */

/** A model of `tf.sequential()` or `tf.model()`. */
export interface TfjsModel {
  /** Its layers, in order. */
  readonly layers: readonly TfjsLayer[];
  /** What it takes. */
  readonly inputs: readonly TfjsSymbol[];
  /** What it gives. */
  readonly outputs: readonly TfjsSymbol[];
}

/** A layer. */
export interface TfjsLayer {
  /** Its name within the model. */
  readonly name: string;
  /** Its kind, such as "Dense". */
  getClassName(): string;
  /** Its settings. */
  getConfig(): object;
  /** Its weights, in the order of its kind. */
  getWeights(): readonly TfjsWeights[];
}

/** A tensor of weights. */
export interface TfjsWeights {
  /** Sizes, outermost first. */
  readonly shape: readonly number[];
  /** Its elements, fetched from wherever they are. */
  data(): Promise<ArrayLike<number>>;
}

/** A value on its way through a model: what a layer makes of other values. */
export interface TfjsSymbol {
  /** Its name. */
  readonly name: string;
  /** Sizes, null for the batch. */
  readonly shape: readonly (number | null)[];
  /** The layer it comes from. */
  readonly sourceLayer: object;
  /** What the layer made it from; none for an input. */
  readonly inputs: readonly TfjsSymbol[];
  /** Which of the layer's results it is; absent where the layer has one. */
  readonly outputTensorIndex?: number;
}

/** A layer's weights on the host, and its settings. */
export interface ReadLayer {
  readonly name: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: readonly { readonly shape: readonly number[]; readonly data: Float64Array }[];
}
