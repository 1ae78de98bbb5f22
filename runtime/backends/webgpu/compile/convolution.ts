/**
 * Convolutions and their derivatives as products of matrices: one factor is the tensor of weights or slopes, the other
 * is read off images where the product needs it, so that no image is ever laid out as a matrix.
 */
import { type Expression, type Node, reshape } from "../../../../graph/mod.ts";
import type { Emitter } from "../wgsl/emitter.ts";
import { indexAt, linearIndex, product, quotient, remainder, sum } from "../wgsl/index.ts";
import { sizesOf } from "../wgsl/sizes.ts";
import { type Factor, leafBehind, MatrixFactor, type Product } from "./product.ts";

/** Coordinates as text, outermost first. */
type Coordinates = readonly string[];

/** Features of images: sums over channels and the places of a kernel. */
export function convolutionProduct(node: Expression & Node<"convolution">): Product {
  const [x, w] = node.inputs;
  const [features, channels, high, wide] = sizesOf(w);
  const [images, , rows, columns] = sizesOf(node);
  const kernel = [channels, high, wide];
  const terms = channels * high * wide;
  return {
    ...{ batch: 1, rows: features, columns: images * rows * columns, terms },
    factors: (emitter) => [
      matrix(emitter, reshape(w, [features, terms])),
      new ImageFactor(emitter, x, {
        termsInner: false,
        line: (line) => split(emitter, line, [images, rows, columns]),
        term: (term) => split(emitter, term, kernel),
        at: ([s, r, q], [c, u, v]) => ({ image: [s, c], place: forward(node, [r, q], [u, v]) }),
      }),
    ],
    place: placeIn(features, rows * columns),
  };
}

/** Slopes by images: sums over features and the places of a kernel that reach a pixel. */
export function convolutionInputProduct(node: Expression & Node<"convolutionInput">): Product {
  const [g, w] = node.inputs;
  const [features, channels, high, wide] = sizesOf(w);
  const [images, , height, width] = sizesOf(node);
  const size = high * wide;
  return {
    ...{ batch: 1, rows: channels, columns: images * height * width, terms: features * size },
    factors: (emitter) => {
      const kernels = reshape(w, [features, channels, size]);
      return [
        {
          termsInner: true,
          at: (line, term) => {
            const [f, at] = split(emitter, term, [features, size]);
            return emitter.at(kernels, indexAt(sizesOf(kernels), [f, line, at]));
          },
          four: () => null,
        },
        new ImageFactor(emitter, g, {
          termsInner: false,
          line: (line) => split(emitter, line, [images, height, width]),
          term: (term) => split(emitter, term, [features, high, wide]),
          at: ([s, i, j], [f, u, v]) => ({ image: [s, f], ...backward(node, [i, j], [u, v]) }),
        }),
      ];
    },
    place: placeIn(channels, height * width),
  };
}

/** Slopes by kernels: sums over images and places. */
export function convolutionWeightProduct(node: Expression & Node<"convolutionWeight">): Product {
  const [x, g] = node.inputs;
  const [features, channels, high, wide] = sizesOf(node);
  const [images, , rows, columns] = sizesOf(g);
  const size = rows * columns;
  const lines = channels * high * wide;
  return {
    ...{ batch: 1, rows: features, columns: lines, terms: images * size },
    factors: (emitter) => {
      const slopes = reshape(g, [images, features, size]);
      return [
        {
          termsInner: true,
          at: (line, term) => {
            const [s, at] = split(emitter, term, [images, size]);
            return emitter.at(slopes, indexAt(sizesOf(slopes), [s, line, at]));
          },
          four: () => null,
        },
        new ImageFactor(emitter, x, {
          termsInner: true,
          line: (line) => split(emitter, line, [channels, high, wide]),
          term: (term) => split(emitter, term, [images, rows, columns]),
          at: ([c, u, v], [s, r, q]) => ({ image: [s, c], place: forward(node, [r, q], [u, v]) }),
        }),
      ];
    },
    place: (_emitter, [, row, column]) => sum(product(row, lines), column),
  };
}

function matrix(emitter: Emitter, x: Expression): Factor {
  return new MatrixFactor(emitter, x, { batch: [], termsInner: true });
}

/** Images one after the other within each row: a result [images, rows, places]. */
function placeIn(rows: number, places: number): Product["place"] {
  return (emitter, [, row, column]) => {
    const [image, place] = split(emitter, column, [Infinity, places]);
    return sum(product(sum(product(image, rows), row), places), place);
  };
}

/** A number as coordinates in row-major order. */
function split(emitter: Emitter, linear: string, sizes: readonly number[]): Coordinates {
  return emitter.coordinates(linearIndex(sizes, linear));
}

/** Where in an image an element lies, by axis: a number and the padding to be taken off it. */
interface Reach {
  readonly place: readonly { readonly at: string; readonly before: number }[];
  /** What a place is divided by, where only its multiples count. */
  readonly strides?: readonly number[];
}

/** What all three have in common. */
interface Window {
  readonly attributes: Pick<Node<"convolution">["attributes"], "strides" | "padding">;
}

/** The pixel under a place of the kernel, for a place of the result. */
function forward({ attributes }: Window, place: Coordinates, offset: Coordinates): Reach["place"] {
  const { strides, padding } = attributes;
  return place.map((at, axis) => ({
    at: sum(product(at, strides[axis]), offset[axis]),
    before: padding[axis][0],
  }));
}

/** The place of the result for which a pixel is under a place of the kernel, times the strides. */
function backward({ attributes }: Window, pixel: Coordinates, offset: Coordinates): Reach {
  const { strides, padding } = attributes;
  const place = pixel.map((at, axis) => ({
    at: `${sum(at, `${padding[axis][0]}u`)} - ${offset[axis]}`,
    before: 0,
  }));
  return { place, strides };
}

/** Images as a factor: zero wherever a place is not on one. */
class ImageFactor implements Factor {
  readonly termsInner: boolean;
  readonly #emitter: Emitter;
  readonly #x: Expression;
  readonly #options: ImageOptions;

  constructor(emitter: Emitter, x: Expression, options: ImageOptions) {
    this.#emitter = emitter;
    this.#x = x;
    this.#options = options;
    this.termsInner = options.termsInner;
  }

  settle(line: string): void {
    this.#options.line(this.#emitter.define(line));
  }

  at(line: string, term: string): string {
    const emitter = this.#emitter;
    const options = this.#options;
    const sizes = sizesOf(this.#x);
    const [l, t] = [emitter.define(line), emitter.define(term)];
    const { image, place, strides = [1, 1] } = options.at(options.line(l), options.term(t));
    const conditions: string[] = [];
    const own = place.map(({ at, before }, axis) => {
      const whole = emitter.define(before === 0 ? at : `${at} - ${before}u`);
      const stride = strides[axis];
      // A number below 0 has wrapped to a large one, so that one comparison is enough.
      conditions.push(`${whole} < ${sizes[axis + 2] * stride}u`);
      if (stride > 1) conditions.push(`${remainder(whole, stride)} == 0u`);
      return stride > 1 ? emitter.define(quotient(whole, stride)) : whole;
    });
    const index = indexAt(sizes, [...image, ...own]);
    if (leafBehind(emitter, this.#x)?.kind === "place") {
      // What lies beyond a buffer reads as something in it: that is cheaper to leave out than to go round.
      const value = emitter.at(this.#x, index);
      return emitter.define(`select(0.0f, ${value}, ${conditions.join(" && ")})`);
    }
    const value = emitter.variable("0.0f");
    emitter.block(`if (${conditions.join(" && ")})`, () => {
      emitter.line(`${value} = ${emitter.at(this.#x, index)};`);
    });
    return value;
  }

  four(): null {
    return null;
  }
}

/** How images are a factor. */
interface ImageOptions {
  readonly termsInner: boolean;
  line(line: string): Coordinates;
  term(term: string): Coordinates;
  /** The image and its channel, and the place on it. */
  at(line: Coordinates, term: Coordinates): Reach & { readonly image: Coordinates };
}
