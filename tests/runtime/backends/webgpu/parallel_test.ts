import assert from "node:assert/strict";
import {
  argMax,
  convolution,
  convolutionInput,
  convolutionWeight,
  cumulativeSum,
  type Expression,
  input,
  plus,
  scatterAdd,
  silu,
  times,
} from "../../../../graph/mod.ts";
import type { RunTensor } from "../../../../runtime/backends/mod.ts";
import { openWebGpu } from "../../../../runtime/backends/webgpu/backend.ts";
import { LAYOUTS } from "../../../../runtime/backends/webgpu/compile/layouts.ts";
import { planFor } from "../../../../runtime/backends/webgpu/listing.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { testInBrowser } from "../../../browser.ts";
import { checkCase, programOf } from "../conformance.ts";
import type { Case } from "../op_cases.ts";

const reals = (...shape: number[]): RunTensor => ({
  data: Float32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    (_, i) => Math.sin(1 + 2.3 * i),
  ),
  shape,
});
const integers = (below: number, ...shape: number[]): RunTensor => ({
  data: Int32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    (_, i) => (i * 7919 + 3) % below,
  ),
  shape,
});

/** Images, kernels and windows: sizes that tiles divide and others; strides; a batch that is split among parts. */
const WINDOWS:
  readonly (readonly [image: number[], kernel: number[], stride: number, pad: number])[] = [
    [[4, 8, 12, 12], [16, 8, 3, 3], 1, 1],
    [[8, 3, 9, 7], [10, 3, 3, 2], 2, 1],
    [[2, 16, 5, 5], [9, 16, 1, 1], 1, 0],
  ];

function* convolutions(): Generator<Case> {
  for (const [image, kernel, stride, pad] of WINDOWS) {
    const options = {
      strides: [stride, stride] as const,
      padding: [[pad, pad], [pad, 0]] as const,
    };
    const [x, w] = [input("x", image), input("w", kernel)];
    const y = convolution(x, w, options);
    const shape = y.shape as number[];
    const [bias, g] = [input("b", [kernel[0], 1, 1]), input("g", shape)];
    yield {
      name: `[${image}] with [${kernel}]`,
      ys: [
        silu(plus(y, bias)),
        convolution(times(x, 0.5), w, options),
        convolutionInput(g, w, { ...options, shape: image }),
        times(2, convolutionWeight(x, g, { ...options, shape: kernel })),
      ],
      inputs: {
        x: reals(...image),
        w: reals(...kernel),
        b: reals(kernel[0], 1, 1),
        g: reals(...shape),
      },
      tolerance: 2e-5,
    };
  }
}

function* scatters(): Generator<Case> {
  const at = (k: Expression, u: Expression, axis: number, size: number): Expression =>
    scatterAdd(k, u, { axis, size });
  yield {
    name: "rows of a table",
    ys: [times(0.5, at(input("k", [600], "i32"), input("u", [600, 24]), 0, 50))],
    inputs: { k: integers(50, 600), u: reals(600, 24) },
    tolerance: 1e-5,
  };
  yield {
    name: "numbers in the middle",
    ys: [at(input("k", [10, 30], "i32"), input("u", [3, 10, 30, 5]), 1, 7)],
    inputs: { k: integers(7, 10, 30), u: reals(3, 10, 30, 5) },
    tolerance: 2e-5,
  };
  yield {
    name: "a histogram",
    ys: [at(input("k", [2000], "i32"), input("u", [2000], "i32"), 0, 300)],
    inputs: { k: integers(300, 2000), u: integers(9, 2000) },
  };
}

function* scans(): Generator<Case> {
  for (
    const [shape, axis] of [[[3000], 0], [[40, 50], 1], [[700, 3], 0], [[3, 130, 4], 1]] as const
  ) {
    yield {
      name: `sums up to each of [${shape}] along ${axis}`,
      ys: [times(0.5, cumulativeSum(input("x", shape), axis))],
      inputs: { x: reals(...shape) },
      tolerance: 2e-5,
    };
  }
  yield {
    name: "sums of integers",
    ys: [cumulativeSum(input("k", [5000], "i32"), 0)],
    inputs: { k: integers(1000, 5000) },
  };
}

function* greatest(): Generator<Case> {
  const ties = integers(17, 6, 500);
  for (const [axis, shape] of [[1, [6, 500]], [0, [500, 6]]] as const) {
    const data = Float32Array.from(ties.data);
    yield {
      name: `of several greatest along ${axis} the first`,
      ys: [argMax(input("x", shape), axis), argMax(input("k", shape, "i32"), axis)],
      inputs: { x: { data, shape }, k: { data: ties.data, shape } },
    };
  }
  const odd = reals(4, 200);
  const data = Float32Array.from(odd.data as Float32Array);
  data[0] = NaN; // nothing is greater
  data[250] = NaN; // it is no greater than others
  data.fill(-Infinity, 400, 600);
  yield {
    name: "NaN and infinities",
    ys: [argMax(input("x", [4, 200]), 1)],
    inputs: { x: { data, shape: [4, 200] } },
  };
}

const CASES = { convolutions, scatters, scans, greatest };

for (const kind of ["software", "hardware"] as const) {
  Deno.test({
    name: `webgpu convolves, scatters, scans and compares in parallel, laid out for ${kind}`,
    ignore: NO_ADAPTER,
    fn: async () => {
      const backend = await openWebGpu("a test asked for it", { layout: LAYOUTS[kind] });
      assert.ok(typeof backend !== "string", String(backend));
      for (const cases of Object.values(CASES)) {
        for (const test of cases()) await checkCase(backend, test);
      }
      assert.deepEqual(backend.elsewhere, []);
      await backend.close();
    },
  });
}

Deno.test({
  name: "webgpu convolves, scatters and scans with the same bits twice",
  ignore: NO_ADAPTER,
  fn: async () => {
    const results = async (): Promise<RunTensor[]> => {
      const backend = await openWebGpu("a test asked for it");
      assert.ok(typeof backend !== "string", String(backend));
      const found: RunTensor[] = [];
      for (const cases of [convolutions, scatters, scans]) {
        const [test] = cases();
        const executable = await backend.load(programOf(test));
        found.push(...Object.values(await executable.run(test.inputs)));
      }
      await backend.close();
      return found;
    };
    assert.deepEqual(await results(), await results());
  },
});

/** The kernels of all cases, by name: those of a GPU, since a browser is stricter about barriers than Deno is. */
function kernels(): (readonly [name: string, code: string])[] {
  return Object.values(CASES).flatMap((cases) => [...cases()]).flatMap((test) =>
    planFor(programOf(test)).steps.flatMap((step) =>
      step.kind === "dispatch" ? [[`${test.name}: ${step.title}`, step.code] as const] : []
    )
  );
}

testInBrowser("kernels that many invocations share compile in a browser, too", async (open) => {
  const html = { headers: { "content-type": "text/html" } };
  await using server = Deno.serve({ port: 0, onListen() {} }, () => new Response("", html));
  const { page } = await open(`http://localhost:${server.addr.port}/`);
  const codes = kernels();
  assert.ok(codes.length > 10);
  const problems = await page.evaluate(async (codes) => {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter!.requestDevice();
    const found: string[] = [];
    for (const [name, code] of codes) {
      const module = device.createShaderModule({ code });
      const { messages } = await module.getCompilationInfo();
      found.push(...messages.map(({ lineNum, message }) => `${name}, line ${lineNum}: ${message}`));
    }
    return found;
  }, codes);
  assert.deepEqual(problems, []);
}, { flags: ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"] });
