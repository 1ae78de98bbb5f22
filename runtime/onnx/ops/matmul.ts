import type { LoweringTable } from "../lowering.ts";

/** The matrix product: Gemm where both are matrices, since it takes transposed factors without a copy. */
export const product: LoweringTable<"matmul"> = {
  matmul: (node, [a, b], { scope }) => {
    const { transposeA, transposeB } = node.attributes;
    const [rankA, rankB] = node.inputs.map((x) => x.shape.length);
    if (rankA === 2 && rankB === 2) {
      if (!transposeA && !transposeB) return scope.node("MatMul", [a, b]);
      return scope.node("Gemm", [a, b], {
        transA: Number(transposeA),
        transB: Number(transposeB),
      });
    }
    const turned = (x: string, rank: number, flag: boolean): string =>
      flag ? scope.node("Transpose", [x], { perm: swapLast(rank) }) : x;
    return scope.node("MatMul", [turned(a, rankA, transposeA), turned(b, rankB, transposeB)]);
  },
};

function swapLast(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, i) => i);
  return [...axes.slice(0, -2), rank - 1, rank - 2];
}
