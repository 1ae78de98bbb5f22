/** Trains two moons in the page that loads it, and draws what the model samples. */
import {
  type BrowserBackend,
  coupling,
  data,
  openInBrowser,
  optimizer,
  pipeline,
  solver,
  training,
  trainInMemory,
  velocity,
} from "../../browser.ts";

/** What is used of the page; Deno's own types have no documents. */
interface Page {
  readonly body: { readonly dataset: Record<string, string> };
  querySelector(name: "output"): { textContent: string };
  querySelector(name: "canvas"): {
    readonly width: number;
    getContext(kind: "2d"): {
      fillStyle: string;
      fillRect(x: number, y: number, width: number, height: number): void;
    };
  };
}

const { document } = globalThis as unknown as { readonly document: Page };
const asked = new URLSearchParams(location.search);
const canvas = document.querySelector("canvas");
const status = document.querySelector("output");

const moons = pipeline({
  name: "two-moons",
  target: data.twoMoons({ noise: 0.05 }),
  coupling: coupling.optimalTransport(),
  velocity: velocity.mlp({ hidden: (asked.get("hidden") ?? "64,64,64").split(",").map(Number) }),
  training: training({
    steps: Number(asked.get("steps") ?? 1_000),
    batchSize: 128,
    optimizer: optimizer.adam({ learningRate: 3e-3 }),
  }),
  solver: solver.euler({ steps: 20 }),
  metrics: [],
});

try {
  const backend = await openInBrowser(
    (asked.get("backend") ?? "webgpu") as BrowserBackend,
    { onWarning: console.warn },
  );
  const model = await trainInMemory(moons, backend, {
    onProgress: ({ step, loss }) => {
      status.textContent = `${backend.describe()}: step ${step}, loss ${loss.toFixed(3)}`;
    },
  });
  const samples = await model.sample(Number(asked.get("samples") ?? 1_000), { seed: 1 });
  draw(samples.data);
  // For whoever reads the page by program, such as its test.
  Object.assign(globalThis, { samples: [...samples.data], loss: [...model.loss] });
  status.textContent += `; ${samples.shape[0]} samples`;
  document.body.dataset.state = "done";
  await backend.close();
} catch (error) {
  status.textContent = (error as Error).message;
  document.body.dataset.state = "failed";
}

/** Points on the plane, five units wide and high around the moons. */
function draw(points: Float32Array): void {
  const context = canvas.getContext("2d");
  const at = (value: number): number => canvas.width * (value + 2.5) / 5;
  context.fillStyle = "#2a6fb0";
  for (let i = 0; i < points.length; i += 2) {
    context.fillRect(at(points[i] - 0.5) - 1, at(0.25 - points[i + 1]) - 1, 2, 2);
  }
}
