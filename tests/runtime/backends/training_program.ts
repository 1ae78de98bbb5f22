import {
  cast,
  divide,
  type Expression,
  gather,
  gradient,
  input,
  loop,
  matmul,
  mean,
  minus,
  plus,
  power,
  type Program,
  silu,
  size,
  sqrt,
  square,
  type Tensor,
  times,
} from "../../../graph/mod.ts";
import { fillNormal, fillUniform } from "../../../graph/threefry.ts";
import type { RunTensors } from "../../../runtime/backends/mod.ts";

/** A training of a network that maps x to y, many steps per run: forward, backward, Adam, average. */
export function trainingProgram(widths: readonly number[], batch: number): Program {
  const layers = widths.slice(1).map((width, i) => [[widths[i], width], [width]]);
  const shapes = layers.flat();
  const groups = ["", "mean/", "square/", "ema/"].map((prefix) =>
    shapes.map((shape, i) => input(`${prefix}p${i}`, shape))
  );
  const xs = input("x", ["steps", batch, widths[0]]);
  const ys = input("y", ["steps", batch, widths.at(-1)!]);
  const done = input("done", []);
  const n = shapes.length;
  const result = loop({
    state: groups.flat(),
    count: size("steps"),
    body: (index, ...state) => {
      const [p, m, v, e] = [0, 1, 2, 3].map((k) => state.slice(k * n, (k + 1) * n));
      let h: Expression = gather(xs, index);
      for (let k = 0; k < layers.length; k++) {
        const z = plus(matmul(h, p[2 * k]), p[2 * k + 1]);
        h = k + 1 < layers.length ? silu(z) : z;
      }
      const loss = mean(square(minus(h, gather(ys, index))));
      const gradients = gradient(loss, p);
      const step = plus(plus(done, cast(index, "f32")), 1);
      const means = m.map((x, i) => plus(times(0.9, x), times(0.1, gradients[i])));
      const squares = v.map((x, i) => plus(times(0.999, x), times(0.001, square(gradients[i]))));
      const rate = divide(1e-2, minus(1, power(0.9, step)));
      const root = sqrt(minus(1, power(0.999, step)));
      const next = p.map((x, i) =>
        minus(x, times(rate, divide(means[i], plus(divide(sqrt(squares[i]), root), 1e-8))))
      );
      const averages = e.map((x, i) => plus(times(0.99, x), times(0.01, next[i])));
      return { state: [...next, ...means, ...squares, ...averages], collect: [loss] };
    },
  });
  return {
    name: "training",
    inputs: [xs, ys, done],
    state: groups.flat().map((from, i) => ({ input: from, next: result.state[i] })),
    outputs: { loss: result.collected[0] },
  };
}

/** A first state: drawn parameters, averages equal to them, the rest zeros. */
export function firstState(program: Program): Map<string, Tensor> {
  const state = new Map<string, Tensor>();
  for (const { input } of program.state) {
    if (input.op !== "input") continue;
    const shape = input.attributes.shape as number[];
    const name = input.attributes.name;
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    if (!/^(mean|square)/.test(name)) {
      fillUniform(data, { seed: 1, stream: name.replace("ema/", ""), step: 0 });
      const bound = 1 / Math.sqrt(shape[0]);
      for (let i = 0; i < data.length; i++) data[i] = bound * (2 * data[i] - 1);
    }
    state.set(name, { data, shape: [...shape] });
  }
  return state;
}

/** Batches of `steps` steps from number `done` on: y is a function of x. */
export function batches(
  program: Program,
  { steps, done }: { readonly steps: number; readonly done: number },
): RunTensors {
  const [xs, ys] = program.inputs;
  const [batch, wide] = xs.shape.slice(1) as number[];
  const narrow = ys.shape[2] as number;
  const x = new Float32Array(steps * batch * wide);
  fillNormal(x, { seed: 2, stream: "x", step: done });
  const y = Float32Array.from(
    { length: steps * batch * narrow },
    (_, i) => x[Math.floor(i / narrow) * wide + i % narrow] ** 2 / 4,
  );
  return {
    x: { data: x, shape: [steps, batch, wide] },
    y: { data: y, shape: [steps, batch, narrow] },
    done: { data: Float32Array.of(done), shape: [] },
  };
}
