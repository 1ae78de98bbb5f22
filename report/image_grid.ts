import { encode } from "npm:fast-png@8.0.0";
import type { Tensor } from "../graph/mod.ts";
import { theme } from "./theme.ts";

/** Height, width and channels (1 or 3) of one image. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/**
 * The image size of an event shape: [height, width], [1, height, width] or [3, height, width].
 *
 * @returns null for every other shape, and for sizes under 4 pixels, which are tables rather than images.
 */
export function imageSizeOf(event: readonly number[]): ImageSize | null {
  const [height, width] = event.slice(-2);
  const channels = event.length === 2 ? 1 : event.length === 3 ? event[0] : 0;
  if ((channels !== 1 && channels !== 3) || height < 4 || width < 4) return null;
  return { height, width, channels };
}

/** Black and white points: the central 99 % of the values, so that one outlier leaves the contrast alone. */
export function contrastOf(tensor: Tensor): [number, number] {
  const sorted = Float32Array.from(tensor.data).sort();
  const tail = Math.floor(sorted.length * 0.005);
  const low = sorted[tail];
  const high = sorted[sorted.length - 1 - tail];
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}

/** Whether single-channel images are bright strokes on an empty ground, better printed as ink on paper. */
export function isInk(tensor: Tensor, size: ImageSize, [low, high]: [number, number]): boolean {
  if (size.channels !== 1) return false;
  const sorted = Float32Array.from(tensor.data).sort();
  return sorted[Math.floor(sorted.length / 2)] < low + 0.35 * (high - low);
}

/**
 * Images side by side in one PNG, as an SVG fragment that keeps pixels sharp.
 *
 * @param tensor [images, ...event], with `size` images in row order.
 * @param options.columns Images in a row; `options.limit` images at most are drawn.
 * @param options.contrast Values shown as the darkest and the brightest.
 * @param options.side Width of the panel in pixels of the picture.
 */
export function imageGrid(
  tensor: Tensor,
  size: ImageSize,
  options: {
    columns: number;
    limit: number;
    contrast: [number, number];
    ink: boolean;
    side: number;
  },
): { svg: string; width: number; height: number } {
  const { height, width, channels } = size;
  const count = Math.min(options.limit, tensor.shape[0]);
  const columns = Math.min(options.columns, count);
  const rows = Math.ceil(count / columns);
  const gap = 1;
  const across = columns * (width + gap) - gap;
  const down = rows * (height + gap) - gap;
  const pixels = new Uint8Array(across * down * channels).fill(255);
  const [low, high] = options.contrast;
  for (let image = 0; image < count; image++) {
    const left = (image % columns) * (width + gap);
    const top = Math.floor(image / columns) * (height + gap);
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const value = tensor.data[((image * channels + c) * height + y) * width + x];
          const level = Math.min(1, Math.max(0, (value - low) / (high - low)));
          pixels[((top + y) * across + left + x) * channels + c] = Math.round(
            255 * (options.ink ? 1 - level : level),
          );
        }
      }
    }
  }
  const png = encode({ width: across, height: down, data: pixels, channels, depth: 8 });
  const shownHeight = Math.round((options.side * down) / across);
  const svg =
    `<image width="${options.side}" height="${shownHeight}" style="image-rendering:pixelated" ` +
    `href="data:image/png;base64,${png.toBase64()}"/>` +
    `<rect width="${options.side}" height="${shownHeight}" fill="none" stroke="${theme.frame}"/>`;
  return { svg, width: options.side, height: shownHeight };
}
