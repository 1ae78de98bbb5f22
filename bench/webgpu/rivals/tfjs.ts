/** TensorFlow.js as its users write it: `variableGrads` and `train.adam`, tensors on the device, `tidy` around all. */
import * as tf from "npm:@tensorflow/tfjs@4.22.0";
import "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";
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

/** TensorFlow.js on its WebGPU backend. */
export async function tensorflow(): Promise<Rival> {
  if (!await tf.setBackend("webgpu")) throw new Error("TensorFlow.js finds no WebGPU device");
  return {
    description: `TensorFlow.js ${tf.version["tfjs-core"]}, WebGPU`,
    open: (work, numbers) =>
      Promise.resolve(work.kind === "train" ? train(work, numbers) : solve(work, numbers)),
  };
}

function network(work: Work, numbers: Numbers) {
  const layers = sizesOf(work).map(([inputs, outputs], i) => ({
    weight: tf.variable(tf.tensor2d(numbers[`w${i}`], [inputs, outputs])),
    bias: tf.variable(tf.tensor1d(numbers[`b${i}`])),
  }));
  const apply = (x: tf.Tensor2D, t: tf.Tensor2D): tf.Tensor2D =>
    layers.reduce<tf.Tensor>((h, { weight, bias }, i) => {
      const u = tf.add(tf.matMul(h, weight), bias);
      return i === layers.length - 1 ? u : tf.mul(u, tf.sigmoid(u));
    }, tf.concat([x, t], 1)) as tf.Tensor2D;
  const dispose = () => layers.forEach(({ weight, bias }) => tf.dispose([weight, bias]));
  return { apply, dispose };
}

function train(work: Work & { kind: "train" }, numbers: Numbers): Job {
  const { batch } = work;
  const net = network(work, numbers);
  const optimizer = new tf.AdamOptimizer(ADAM.rate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);
  const part = (name: string, width: number, i: number) =>
    tf.tensor2d(numbers[name].slice(i * batch * width, (i + 1) * batch * width), [batch, width]);
  const batches = Array.from({ length: BATCHES }, (_, i) => ({
    x0: part("x0", 2, i),
    x1: part("x1", 2, i),
    t: part("t", 1, i),
  }));
  const step = (i: number): tf.Scalar =>
    tf.tidy(() => {
      const { x0, x1, t } = batches[i % BATCHES];
      const { value, grads } = tf.variableGrads(() => {
        const xt = tf.add(tf.mul(tf.sub(1, t), x0), tf.mul(t, x1)) as tf.Tensor2D;
        return tf.mean(tf.square(tf.sub(net.apply(xt, t), tf.sub(x1, x0)))) as tf.Scalar;
      });
      optimizer.applyGradients(grads as never);
      return value;
    });
  return {
    async run(count) {
      for (let i = 0; i < count - 1; i++) step(i).dispose();
      const loss = step(count - 1);
      const [check] = await loss.data();
      loss.dispose();
      return { check };
    },
    close() {
      net.dispose();
      optimizer.dispose();
      tf.dispose(batches);
      return Promise.resolve();
    },
  };
}

function solve(work: Work & { kind: "euler" | "dopri5" }, numbers: Numbers): Job {
  const net = network(work, numbers);
  const start = tf.tensor2d(numbers.x, [work.samples, 2]);
  const field = (t: number, x: tf.Tensor2D) => net.apply(x, tf.fill([work.samples, 1], t));

  const euler = (): Promise<tf.Tensor2D> => {
    let x = start.clone();
    for (let i = 0; i < EULER_STEPS; i++) {
      const next = tf.tidy(() =>
        tf.add(x, tf.mul(field(i / EULER_STEPS, x), 1 / EULER_STEPS)) as tf.Tensor2D
      );
      x.dispose();
      x = next;
    }
    return Promise.resolve(x);
  };

  const dopri5 = async (): Promise<tf.Tensor2D> => {
    let x = start.clone();
    let tried: tf.Tensor2D | null = null;
    await integrate(async (t, h) => {
      tried?.dispose();
      const [next, error] = tf.tidy(() => {
        const slopes: tf.Tensor2D[] = [];
        const moved = (weights: readonly number[], from: tf.Tensor2D) =>
          weights.reduce(
            (sum, weight, i) => weight === 0 ? sum : tf.add(sum, tf.mul(slopes[i], h * weight)),
            from,
          );
        TABLEAU.a.forEach((weights, i) =>
          slopes.push(field(t + TABLEAU.c[i] * h, moved(weights, x)))
        );
        const next = moved(TABLEAU.b, x);
        const difference = moved(TABLEAU.e, tf.zerosLike(x));
        const scale = tf.add(TOLERANCE, tf.mul(TOLERANCE, tf.maximum(tf.abs(x), tf.abs(next))));
        return [next, tf.sqrt(tf.mean(tf.square(tf.div(difference, scale))))];
      });
      tried = next as tf.Tensor2D;
      const [value] = await error.data();
      error.dispose();
      return value;
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
        check = meanOf(await x.data());
        x.dispose();
      }
      return { check };
    },
    close() {
      net.dispose();
      start.dispose();
      return Promise.resolve();
    },
  };
}
