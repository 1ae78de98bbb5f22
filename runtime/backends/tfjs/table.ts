import type { KernelTable } from "./kernel.ts";
import { convolution } from "./kernels/convolution.ts";
import { elementwise } from "./kernels/elementwise.ts";
import { layout } from "./kernels/layout.ts";
import { leaf } from "./kernels/leaf.ts";
import { loops } from "./kernels/loop.ts";
import { product } from "./kernels/matmul.ts";
import { randomNumbers } from "./kernels/random.ts";
import { reduction } from "./kernels/reduction.ts";

/** How each op is run; an op without a line here does not compile. */
export const KERNELS: KernelTable = {
  ...leaf,
  ...elementwise,
  ...reduction,
  ...product,
  ...convolution,
  ...layout,
  ...loops,
  ...randomNumbers,
};
