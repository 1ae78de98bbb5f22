/** Our own backends, by name: the very programs that `run()` loads. */
import { packingOf } from "../../../compiler/programs/packing.ts";
import { trainingProgram } from "../../../compiler/programs/training.ts";
import {
  data,
  objective,
  optimizer,
  solver,
  source,
  training,
  velocity,
} from "../../../dsl/mod.ts";
import { input, type Tensor } from "../../../graph/mod.ts";
import { interpolantOf } from "../../../nodes/interpolant/mod.ts";
import { type Velocity, velocityOf } from "../../../nodes/velocity/mod.ts";
import { type Backend, type BackendName, openBackend } from "../../../runtime/backends/mod.ts";
import { openIntegrator } from "../../../runtime/solving/integrate.ts";
import { type Job, meanOf, type Rival } from "../rival.ts";
import {
  ADAM,
  BATCHES,
  EULER_STEPS,
  type Net,
  type Numbers,
  TOLERANCE,
  type Work,
} from "../work.ts";

/** The backend of that name. */
export async function ours(name: BackendName): Promise<Rival> {
  const backend = await openBackend(name);
  return {
    description: backend.describe(),
    open: (work, numbers) =>
      work.kind === "train" ? train(backend, work, numbers) : solve(backend, work, numbers),
  };
}

/** The network of a row, as the language has it. */
export function velocityOfNet({ layers, width }: Net): Velocity {
  return velocityOf(velocity.mlp({ hidden: new Array(layers).fill(width) }), {
    dim: 2,
    seed: 0,
    interpolant: interpolantOf({ kind: "linear" }),
    source: source.gaussian({ dim: 2 }),
    target: data.twoMoons(),
  });
}

/** Weights and biases of a row by the names of our parameters. */
export function parametersOf(
  net: Velocity,
  numbers: Numbers,
): Map<string, Tensor> {
  return new Map(net.parameters.map(({ name, shape }, i) => [
    name,
    { data: numbers[`${i % 2 === 0 ? "w" : "b"}${i >> 1}`], shape: [...shape] },
  ]));
}

async function train(
  backend: Backend,
  work: Work & { kind: "train" },
  numbers: Numbers,
): Promise<Job> {
  const net = velocityOfNet(work);
  const program = trainingProgram({
    dim: 2,
    interpolant: interpolantOf({ kind: "linear" }),
    velocity: net,
    objective: objective.flowMatching(),
    training: training({
      steps: 1_000_000,
      batchSize: work.batch,
      optimizer: optimizer.adam({ learningRate: ADAM.rate }),
      ema: null,
    }),
  });
  const executable = await backend.load(program, { threads: undefined });
  const first = packingOf(net.parameters).packValues(parametersOf(net, numbers));
  await executable.writeState(
    new Map(program.state.map(({ input }) => {
      const { name } = input.attributes as { readonly name: string };
      const shape = input.shape as number[];
      const zeros = new Float32Array(shape.reduce((a, b) => a * b, 1));
      return [name, { data: first.get(name)?.data ?? zeros, shape: [...shape] }];
    })),
  );
  let done = 0;
  return {
    async run(count) {
      let loss = NaN;
      for (let left = count; left > 0; left -= BATCHES) {
        const steps = Math.min(left, BATCHES);
        const part = (name: string, width: number) => ({
          data: numbers[name].subarray(0, steps * work.batch * width),
          shape: [steps, work.batch, width],
        });
        const outputs = await executable.run({
          x0: part("x0", 2),
          x1: part("x1", 2),
          t: part("t", 1),
          done: { data: Float32Array.of(done), shape: [] },
        });
        done += steps;
        loss = outputs.loss.data[steps - 1];
      }
      return { check: loss };
    },
    close: () => executable.close(),
  };
}

async function solve(
  backend: Backend,
  work: Work & { kind: "euler" | "dopri5" },
  numbers: Numbers,
): Promise<Job> {
  const net = velocityOfNet(work);
  const inputs = net.parameters.map(({ name, shape }) => input(name, shape));
  const integrator = await openIntegrator(backend, {
    field: (t, x) => net.apply(inputs, t, x as never),
    parameters: inputs,
    values: parametersOf(net, numbers),
    flops: net.flops(1),
  }, {
    width: 2,
    solver: work.kind === "euler"
      ? solver.euler({ steps: EULER_STEPS })
      : solver.dopri5({ rtol: TOLERANCE, atol: TOLERANCE }),
    from: 0,
    to: 1,
    times: [],
  });
  return {
    async run(count) {
      let check = NaN;
      for (let i = 0; i < count; i++) {
        const { x } = await integrator.run({ data: numbers.x, shape: [work.samples, 2] });
        check = meanOf(x.data);
      }
      return { check };
    },
    close: () => integrator.close(),
  };
}
