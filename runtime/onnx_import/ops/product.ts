import { expandDims, type Expression, matmul, plus, squeeze, times } from "../../../graph/mod.ts";
import { withSameRows } from "../fixed_rows.ts";
import type { NodeView } from "../node_view.ts";
import { ofTensors, type OnnxOps } from "../op.ts";

/** A matrix product as NumPy's: a vector is a row on the left and a column on the right. */
function product(a: Expression, b: Expression): Expression {
  const [isRow, isColumn] = [a.shape.length === 1, b.shape.length === 1];
  const y = matmul(isRow ? expandDims(a, 0) : a, isColumn ? expandDims(b, 1) : b);
  const kept = isColumn ? squeeze(y, -1) : y;
  return isRow ? squeeze(kept, isColumn ? -1 : -2) : kept;
}

/** alpha A B + beta C. */
function gemm(node: NodeView): Expression {
  const scaled = (y: Expression, factor: number): Expression => factor === 1 ? y : times(factor, y);
  const y = scaled(
    matmul(node.tensor(0), node.tensor(1), {
      transposeA: node.int("transA", 0) !== 0,
      transposeB: node.int("transB", 0) !== 0,
    }),
    node.float("alpha", 1),
  );
  if (!node.has(2)) return y;
  const [product, shift] = withSameRows([y, node.tensor(2)], node.reading);
  return plus(product, scaled(shift, node.float("beta", 1)));
}

/** Matrix products. */
export const products: OnnxOps = {
  Gemm: ofTensors(gemm),
  MatMul: ofTensors((node) => product(node.tensor(0), node.tensor(1))),
};
