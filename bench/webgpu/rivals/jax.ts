/** jax-js on WebGPU: the whole training step, and the whole solver step, under `jit`. */
import {
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from "npm:@jax-js/jax@0.1.25";
import { integrate, TABLEAU } from "../batch_dopri5.ts";
import { type Job, meanOf, type Rival } from "../rival.ts";
import {
  ADAM,
  BATCHES,
  EULER_STEPS,
  type Numbers,
  sizesOf,
  TOLERANCE,
  type Work,
} from "../work.ts";

type Layers = { weight: np.Array; bias: np.Array }[];

/** jax-js on WebGPU. */
export async function jax(): Promise<Rival> {
  const devices = await init("webgpu");
  if (!devices.includes("webgpu")) throw new Error("jax-js finds no WebGPU device");
  defaultDevice("webgpu");
  return {
    description: "jax-js 0.1.25, WebGPU",
    open: (work, numbers) =>
      Promise.resolve(work.kind === "train" ? train(work, numbers) : solve(work, numbers)),
  };
}

function layersOf(work: Work, numbers: Numbers): Layers {
  return sizesOf(work).map(([inputs, outputs], i) => ({
    weight: np.array(numbers[`w${i}`]).reshape([inputs, outputs]),
    bias: np.array(numbers[`b${i}`]),
  }));
}

/** Takes ownership of all that it is given, as functions of jax-js do. */
function apply(layers: Layers, x: np.Array, t: np.Array): np.Array {
  return layers.reduce((h, { weight, bias }, i) => {
    const u = np.matmul(h, weight).add(bias);
    return i === layers.length - 1 ? u : nn.silu(u);
  }, np.concatenate([x, t], 1));
}

function train(work: Work & { kind: "train" }, numbers: Numbers): Job {
  const { batch } = work;
  const { rate, beta1, beta2, epsilon } = ADAM;
  const lossOf = (layers: Layers, x0: np.Array, x1: np.Array, t: np.Array): np.Array => {
    const xt = np.subtract(1, t.ref).mul(x0.ref).add(t.ref.mul(x1.ref));
    const difference = apply(layers, xt, t).sub(x1.sub(x0));
    return np.mean(np.square(difference));
  };
  const step = jit((
    layers: Layers,
    means: Layers,
    squares: Layers,
    corrections: { mean: np.Array; square: np.Array },
    x0: np.Array,
    x1: np.Array,
    t: np.Array,
  ) => {
    const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(layers), x0, x1, t);
    const nextMeans = tree.map(
      (m: np.Array, g: np.Array) => m.mul(beta1).add(g.mul(1 - beta1)),
      means,
      tree.ref(gradients),
    ) as Layers;
    const nextSquares = tree.map(
      (v: np.Array, g: np.Array) => v.mul(beta2).add(np.square(g).mul(1 - beta2)),
      squares,
      gradients,
    ) as Layers;
    const next = tree.map(
      (p: np.Array, m: np.Array, v: np.Array) =>
        p.sub(
          m.mul(corrections.mean.ref).mul(rate).div(
            np.sqrt(v.mul(corrections.square.ref)).add(epsilon),
          ),
        ),
      layers,
      tree.ref(nextMeans),
      tree.ref(nextSquares),
    ) as Layers;
    corrections.mean.dispose();
    corrections.square.dispose();
    return { loss, next, means: nextMeans, squares: nextSquares };
  });
  const part = (name: string, width: number, i: number) =>
    np.array(numbers[name].slice(i * batch * width, (i + 1) * batch * width))
      .reshape([batch, width]);
  const batches = Array.from({ length: BATCHES }, (_, i) => ({
    x0: part("x0", 2, i),
    x1: part("x1", 2, i),
    t: part("t", 1, i),
  }));
  let layers = layersOf(work, numbers);
  const zeros = () => tree.map((x: np.Array) => np.zeros(x.shape), layers) as Layers;
  let [means, squares] = [zeros(), zeros()];
  let done = 0;
  return {
    async run(count) {
      let last: np.Array | null = null;
      for (let i = 0; i < count; i++) {
        done++;
        const { x0, x1, t } = batches[i % BATCHES];
        const result = step(
          layers,
          means,
          squares,
          {
            mean: np.array(1 / (1 - beta1 ** done)),
            square: np.array(1 / (1 - beta2 ** done)),
          },
          x0.ref,
          x1.ref,
          t.ref,
        );
        ({ next: layers, means, squares } = result);
        last?.dispose();
        last = result.loss;
      }
      const [check] = await last!.data() as Float32Array;
      return { check };
    },
    close() {
      tree.dispose([layers, means, squares, batches]);
      step.dispose();
      return Promise.resolve();
    },
  };
}

function solve(work: Work & { kind: "euler" | "dopri5" }, numbers: Numbers): Job {
  const layers = layersOf(work, numbers);
  const start = np.array(numbers.x).reshape([work.samples, 2]);
  const column = (t: np.Array) => np.broadcastTo(t.reshape([1, 1]), [work.samples, 1]);
  const eulerStep = jit((layers: Layers, x: np.Array, t: np.Array) =>
    x.ref.add(apply(layers, x, column(t)).mul(1 / EULER_STEPS))
  );
  const dopri5Step = jit((layers: Layers, x: np.Array, t: np.Array, h: np.Array) => {
    const slopes: np.Array[] = [];
    const moved = (weights: readonly number[], from: np.Array) =>
      weights.reduce(
        (sum, weight, i) => weight === 0 ? sum : sum.add(slopes[i].ref.mul(h.ref).mul(weight)),
        from,
      );
    for (const [i, weights] of TABLEAU.a.entries()) {
      const at = t.ref.add(h.ref.mul(TABLEAU.c[i]));
      slopes.push(apply(tree.ref(layers), moved(weights, x.ref), column(at)));
    }
    const next = moved(TABLEAU.b, x.ref);
    const difference = moved(TABLEAU.e, np.zeros(x.shape));
    const scale = np.maximum(np.abs(x), np.abs(next.ref)).mul(TOLERANCE).add(TOLERANCE);
    const error = np.sqrt(np.mean(np.square(difference.div(scale))));
    tree.dispose([layers, slopes, t, h]);
    return { next, error };
  });

  const euler = (): Promise<np.Array> => {
    let x = start.ref;
    for (let i = 0; i < EULER_STEPS; i++) {
      x = eulerStep(tree.ref(layers), x, np.array(i / EULER_STEPS));
    }
    return Promise.resolve(x);
  };
  const dopri5 = async (): Promise<np.Array> => {
    let x = start.ref;
    let tried: np.Array | null = null;
    await integrate(async (t, h) => {
      tried?.dispose();
      const { next, error } = dopri5Step(tree.ref(layers), x.ref, np.array(t), np.array(h));
      tried = next;
      return (await error.data() as Float32Array)[0];
    }, () => {
      x.dispose();
      x = tried!;
      tried = null;
    });
    return x;
  };
  return {
    async run(count) {
      let check = NaN;
      for (let i = 0; i < count; i++) {
        const x = await (work.kind === "euler" ? euler() : dopri5());
        check = meanOf(await x.data() as Float32Array);
      }
      return { check };
    },
    close() {
      tree.dispose([layers, start]);
      eulerStep.dispose();
      dopri5Step.dispose();
      return Promise.resolve();
    },
  };
}
