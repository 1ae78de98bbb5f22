import type { Expression, Node } from "../../../../graph/mod.ts";
import { Held } from "../held.ts";
import type { Frame, KernelTable } from "../kernel.ts";
import { joined } from "./layout.ts";

/** Loops, run here one iteration after the other, and their results. */
export const loops: KernelTable<"loop" | "item"> = {
  loop,
  item: ([x]) => x.retain(),
};

async function loop(
  inputs: readonly Held[],
  node: Node<"loop">,
  frame: Frame,
): Promise<readonly Held[]> {
  const { counted, body, length } = node.attributes;
  const most = counted ? await inputs[0].read() : Infinity;
  const values = counted ? inputs.slice(1) : inputs;
  const states = body.state.length;
  const used = frame.used(node as Expression);
  const collecting = body.collect.map((_, k) => used.has(states + k));
  const collect = body.collect.filter((_, k) => collecting[k]);
  const rows: Held[][] = [];
  const variables = new Map<Expression, Held>();
  body.captured.forEach((variable, k) => variables.set(variable, values[states + k]));

  let state = values.slice(0, states).map((value) => value.retain());
  let iterations = 0;
  for (; iterations < most; iterations++) {
    const index = Held.scalar(frame.library, "i32", iterations);
    body.state.forEach((variable, k) => variables.set(variable, state[k]));
    variables.set(body.index, index);
    const goOn = body.condition === null || await holds(body.condition, variables, frame);
    const results = goOn ? await frame.run([...body.next, ...collect], variables) : null;
    index.release();
    if (results === null) break;
    state.forEach((value) => value.release());
    state = results.slice(0, states);
    rows.push(results.slice(states));
  }
  if (typeof length === "string") frame.sizes.set(length, iterations);
  let taken = 0;
  const collected = body.collect.map((value, k) => {
    if (!collecting[k]) return Held.scalar(frame.library, "i32", 0); // nobody asks for it
    const at = taken++;
    return stacked(rows.map((row) => row[at]), value, frame);
  });
  return [...state, ...collected, Held.scalar(frame.library, "i32", iterations)];
}

/** Whether a condition holds: the iterations after it wait for the device. */
async function holds(
  condition: Expression,
  variables: ReadonlyMap<Expression, Held>,
  frame: Frame,
): Promise<boolean> {
  const [value] = await frame.run([condition], variables);
  const number = await value.read();
  value.release();
  return number !== 0;
}

/** Rows on a new first axis; they are let go of. */
function stacked(rows: readonly Held[], { dtype, shape }: Expression, frame: Frame): Held {
  const { library } = frame;
  if (rows.length === 0 || rows.every(({ number }) => number !== null)) {
    const data = rows.map(({ number }) => number!);
    return Held.of(library, dtype, { data, shape: [rows.length, ...frame.shape(shape)] });
  }
  const tensors = rows.map(({ tensor }) => tensor);
  const { tf } = library;
  const stack = library.run(() =>
    dtype === "f32"
      ? tf.stack(tensors)
      : joined(tf, tensors.map((row) => tf.reshape(row, [1, ...row.shape])), 0)
  );
  rows.forEach((row) => row.release());
  return Held.tensor(library, dtype, stack);
}
