import type { Paint } from "./paint.ts";

/** One node of a printed tree. */
export interface TreeNode {
  /** The text of the node. */
  readonly label: string;
  /** Shown fainter after the label, such as shapes and counts. */
  readonly detail?: string;
  /** What hangs below it, in order. */
  readonly children?: readonly TreeNode[];
}

/** The column of details begins here at the latest. */
const WIDEST = 56;

/**
 * A tree with lines from each node to its children, the details in one column. Ends with a line break.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createPaint } from "./paint.ts";
 * const tree = { label: "training", children: [{ label: "data" }, { label: "source" }] };
 * assert.equal(drawTree(tree, createPaint(false)), "training\n├─ data\n└─ source\n");
 * ```
 */
export function drawTree(root: TreeNode, paint: Paint): string {
  const lines = linesOf(root, "", "");
  const widths = lines.map((line) => line.branch.length + line.node.label.length);
  const width = Math.max(...widths.filter((w) => w <= WIDEST), 0); // longer lines do not move the column
  return lines.map(({ branch, node }) => {
    const text = paint.faint(branch) + node.label;
    if (node.detail === undefined || node.detail === "") return text;
    const gap = " ".repeat(Math.max(0, width - branch.length - node.label.length) + 2);
    return text + gap + paint.faint(node.detail);
  }).join("\n") + "\n";
}

function linesOf(
  node: TreeNode,
  branch: string,
  below: string,
): { branch: string; node: TreeNode }[] {
  const children = node.children ?? [];
  return [
    { branch, node },
    ...children.flatMap((child, i) => {
      const last = i === children.length - 1;
      return linesOf(child, below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
    }),
  ];
}
