/** onnxruntime-web on WebGPU: the ONNX files that we export, weights and state kept on the device. */
import ort from "npm:onnxruntime-web@1.30.0/webgpu";
import { solver } from "../../../dsl/mod.ts";
import { input, type Program, simplifyProgram } from "../../../graph/mod.ts";
import { lower, nextName } from "../../../runtime/onnx/mod.ts";
import { solve, SOLVERS } from "../../../solvers/ode/mod.ts";
import { oneStep } from "../one_step.ts";
import { type Job, meanOf, type Rival } from "../rival.ts";
import { BATCHES, EULER_STEPS, type Numbers, TOLERANCE, type Work } from "../work.ts";
import { parametersOf, velocityOfNet } from "./ours.ts";

/** onnxruntime-web with its WebGPU execution provider. */
export function onnxruntime(): Promise<Rival> {
  ort.env.logLevel = "error";
  return Promise.resolve({
    description: `onnxruntime-web ${ort.env.versions.web}, WebGPU`,
    open: (work, numbers) => work.kind === "train" ? train(work, numbers) : open(work, numbers),
  });
}

function session(
  program: Program,
  fixed: NonNullable<Parameters<typeof lower>[1]>["fixed"],
  preferredOutputLocation?: Record<string, "gpu-buffer" | "cpu">,
): Promise<ort.InferenceSession> {
  const bytes = lower(program, { fixed, deploy: {} });
  return ort.InferenceSession.create(bytes, {
    executionProviders: ["webgpu"],
    preferredOutputLocation,
    logSeverityLevel: 3,
  });
}

function nameOf(x: Program["inputs"][number]): string {
  return (x.attributes as { readonly name: string }).name;
}

async function train(work: Work & { kind: "train" }, numbers: Numbers): Promise<Job> {
  const { batch } = work;
  const net = velocityOfNet(work);
  const program = simplifyProgram(oneStep(net, batch));
  const locations = Object.fromEntries(
    program.state.map(({ input }) => [nextName(input), "gpu-buffer" as const]),
  );
  const running = await session(program, {}, { ...locations, loss: "cpu" });
  const first = parametersOf(net, numbers);
  let state = new Map<string, ort.Tensor>(program.state.map(({ input }) => {
    const shape = input.shape as number[];
    const data = first.get(nameOf(input))?.data ??
      new Float32Array(shape.reduce((a, b) => a * b, 1));
    return [nameOf(input), new ort.Tensor("float32", data, shape)];
  }));
  const part = (name: string, width: number, i: number) =>
    new ort.Tensor(
      "float32",
      numbers[name].subarray(i * batch * width, (i + 1) * batch * width),
      [batch, width],
    );
  let done = 0;
  return {
    async run(count) {
      let check = NaN;
      for (let i = 0; i < count; i++) {
        done++;
        const at = i % BATCHES;
        const results = await running.run({
          ...Object.fromEntries(state),
          x0: part("x0", 2, at),
          x1: part("x1", 2, at),
          t: part("t", 1, at),
          step: new ort.Tensor("float32", Float32Array.of(done), []),
        });
        for (const tensor of state.values()) if (tensor.location === "gpu-buffer") tensor.dispose();
        state = new Map(
          program.state.map(({ input }) => [nameOf(input), results[nextName(input)]]),
        );
        [check] = results.loss.data as Float32Array;
      }
      return { check };
    },
    close: () => running.release(),
  };
}

/** The sampler: noise in, samples out, the loop inside the file. */
async function open(
  work: Work & { kind: "euler" | "dopri5" },
  numbers: Numbers,
): Promise<Job> {
  const net = velocityOfNet(work);
  const x = input("x", [work.samples, 2]);
  const inputs = net.parameters.map(({ name, shape }) => input(name, shape));
  const { kind, step } = work.kind === "euler"
    ? solver.euler({ steps: EULER_STEPS })
    : solver.dopri5({ rtol: TOLERANCE, atol: TOLERANCE });
  const end = solve((t, x) => net.apply(inputs, t, x as never), x, {
    ...{ method: SOLVERS[kind], from: 0, to: 1, times: [] },
    step,
  }).x;
  const program = simplifyProgram({
    name: "sampler",
    inputs: [x, ...inputs],
    state: [],
    outputs: { end },
  });
  const running = await session(program, Object.fromEntries(parametersOf(net, numbers)));
  return {
    async run(count) {
      let check = NaN;
      for (let i = 0; i < count; i++) {
        const results = await running.run({
          x: new ort.Tensor("float32", numbers.x, [work.samples, 2]),
        });
        check = meanOf(results.end.data as Float32Array);
      }
      return { check };
    },
    close: () => running.release(),
  };
}
