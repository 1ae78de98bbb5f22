import assert from "node:assert/strict";
import { densityPlot, lossPlot, marginalsPlot, pathsPlot, samplesPlot } from "../../report/mod.ts";
import { densityFacts } from "../../report/density_plot.ts";
import type { Tensor } from "../../graph/mod.ts";

/** Deterministic, roughly normal values; the pictures' facts do not depend on which. */
function values(count: number, seed = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const u = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return 4 * (u - Math.floor(u)) - 2 + Math.sin(i);
  });
}

function tensor(shape: number[], seed = 1): Tensor {
  return { data: values(shape.reduce((a, b) => a * b, 1), seed), shape };
}

/** A standard normal density on a grid of `side` by `side` points over [-4, 4]^2. */
function bump(side: number): Tensor {
  const data = new Float32Array(3 * side * side);
  for (let i = 0; i < side * side; i++) {
    const x = -4 + (8 * (i % side)) / (side - 1);
    const y = -4 + (8 * Math.floor(i / side)) / (side - 1);
    data.set([x, y, -(x * x + y * y) / 2 - Math.log(2 * Math.PI)], 3 * i);
  }
  return { data, shape: [side, side, 3] };
}

/** The text shown in a picture, in order. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) =>
    match[1].replaceAll("&lt;", "<").replaceAll("&gt;", ">")
  );
}

/** Dots drawn: each is one zero-length stroke. */
function dotCount(svg: string): number {
  return svg.match(/M[\d.]+ [\d.]+h0/g)?.length ?? 0;
}

const PICTURES: Record<string, () => string> = {
  "a 2-D scatter": () =>
    samplesPlot({ samples: tensor([5_000, 2]), target: tensor([5_000, 2], 2) }),
  "a histogram": () => samplesPlot({ samples: tensor([500, 1]), target: tensor([400, 1], 2) }),
  "all pairs": () => samplesPlot({ samples: tensor([5_000, 6]), target: tensor([5_000, 6], 2) }),
  "marginals": () => marginalsPlot({ samples: tensor([500, 64]), target: tensor([400, 64], 2) }),
  "images": () => samplesPlot({ samples: tensor([200, 28, 28]), target: tensor([200, 28, 28], 2) }),
  "paths": () => pathsPlot({ trajectory: tensor([50, 1_000, 2]) }),
  "a density": () =>
    densityPlot({ density: bump(60), target: tensor([3_000, 2]), columns: ["a", "b"] }),
  "a loss": () =>
    lossPlot({
      steps: Array.from({ length: 100_000 }, (_, i) => i + 1),
      loss: [...values(100_000)].map((v) => v + 4),
    }),
};

for (const [name, draw] of Object.entries(PICTURES)) {
  Deno.test(`${name}: equal data gives equal bytes, standing alone and under 300 kB`, () => {
    const svg = draw();
    assert.equal(draw(), svg);
    assert.ok(svg.length < 300_000, `${svg.length} bytes`);
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity|href="(?!data:)|<style|<script/);
  });
}

Deno.test("samplesPlot() draws target and samples in two panels with the same axes", () => {
  const svg = samplesPlot({
    samples: tensor([300, 2]),
    target: tensor([200, 2], 2),
    columns: ["length (mm)", "mass (g)"],
    title: "Two <columns>",
  });
  const shown = texts(svg);
  assert.equal(shown[0], "Two <columns>");
  assert.equal(shown.filter((text) => text === "length (mm)").length, 2);
  assert.ok(shown.includes("target") && shown.includes("samples"));
  const ticks = shown.filter((text) => /^[−\d.]+$/.test(text));
  assert.deepEqual(ticks.slice(0, ticks.length / 2), ticks.slice(ticks.length / 2));
});

Deno.test("samplesPlot() keeps units equal on both axes of two columns", () => {
  const corners = { data: Float32Array.of(0, 0, 2, 0, 2, 1, 0, 1), shape: [4, 2] };
  const svg = samplesPlot({ samples: corners });
  const points = [...svg.matchAll(/M([\d.]+) ([\d.]+)h0/g)].map((
    m,
  ) => [Number(m[1]), Number(m[2])]);
  const span = (k: number) =>
    Math.max(...points.map((p) => p[k])) - Math.min(...points.map((p) => p[k]));
  assert.ok(Math.abs(span(0) / span(1) - 2) < 0.02, `${span(0)} by ${span(1)}`);
});

Deno.test("densityFacts() finds the mass, and the shares of points that a normal density promises", () => {
  const n = 4_000; // points at equal steps of probability and angle: no draw, no luck
  const data = Float32Array.from({ length: 2 * n }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log(1 - (Math.floor(i / 2) + 0.5) / n));
    const angle = Math.floor(i / 2) * 2.399963;
    return radius * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  const { mass, coverage } = densityFacts({ density: bump(80), target: { data, shape: [n, 2] } });
  assert.ok(Math.abs(mass - 1) < 1e-3, `mass ${mass}`); // 6e-5 lies outside the grid
  for (const { share, found } of coverage) {
    assert.ok(Math.abs(found - share) < 0.01, `${found} of ${share}`); // a cell is 0.01 wide
  }
});

Deno.test("densityPlot() leaves out what is not known, and rejects what is no grid", () => {
  const density = bump(20);
  for (let i = 0; i < 100; i++) density.data[3 * i + 2] = NaN;
  assert.doesNotMatch(densityPlot({ density }), /NaN|undefined/);
  density.data.fill(NaN);
  assert.throws(() => densityPlot({ density }), {
    name: "RangeError",
    message: /finite value.*shape \[20,20,3\]/,
  });
});

Deno.test("samplesPlot() counts the points it cannot show", () => {
  const data = values(2_000);
  data[0] = NaN;
  data[3] = Infinity;
  const svg = samplesPlot({ samples: { data, shape: [1_000, 2] } });
  const note = texts(svg).find((text) => text.endsWith("not shown"));
  assert.ok(note !== undefined);
  assert.equal(dotCount(svg) + Number.parseInt(note), 1_000);
});

Deno.test("samplesPlot() survives samples that are all equal or all not finite", () => {
  for (const value of [0, 7, NaN]) {
    for (const width of [1, 2, 3, 8]) {
      const samples = { data: new Float32Array(10 * width).fill(value), shape: [10, width] };
      assert.doesNotMatch(samplesPlot({ samples }), /NaN|undefined/);
    }
  }
});

Deno.test("samplesPlot() makes a grid of images from rows whose event is given", () => {
  const svg = samplesPlot({ samples: tensor([200, 64]), event: [8, 8] });
  assert.equal(svg.match(/href="data:image\/png;base64,/g)?.length, 1);
  assert.equal(dotCount(svg), 0);
  const flat = samplesPlot({ samples: tensor([200, 64]) });
  assert.doesNotMatch(flat, /image\/png/);
});

Deno.test("samplesPlot() prints bright strokes on an empty ground as ink on paper", async () => {
  const { decode } = await import("npm:fast-png@8.0.0");
  const data = new Float32Array(16);
  data[5] = 16;
  const svg = samplesPlot({ samples: { data, shape: [1, 4, 4] } });
  const png = decode(Uint8Array.fromBase64(svg.match(/base64,([^"]+)/)![1]));
  assert.deepEqual([png.width, png.height, png.data[5], png.data[0]], [4, 4, 0, 255]);
});

Deno.test("pictures reject shapes that do not fit, in words", () => {
  assert.throws(() => samplesPlot({ samples: { data: new Float32Array(5), shape: [2, 2] } }), {
    name: "RangeError",
    message: /the samples .* shape \[2,2\], 5 values/,
  });
  assert.throws(
    () => samplesPlot({ samples: tensor([4, 2]), target: tensor([4, 3]) }),
    { name: "RangeError", message: /same columns: 2 and 3/ },
  );
  assert.throws(
    () => marginalsPlot({ samples: tensor([4, 2]), columns: ["a"] }),
    { name: "RangeError", message: /1 names, 2 columns/ },
  );
  assert.throws(() => pathsPlot({ trajectory: tensor([1, 4, 2]) }), {
    name: "RangeError",
    message: /\[times, n, 2\].*shape \[1,4,2\]/,
  });
  assert.throws(() => lossPlot({ steps: [1, 2], loss: [NaN, NaN] }), {
    name: "RangeError",
    message: /2 steps, 2 values, 0 finite/,
  });
});

Deno.test("lossPlot() takes a log scale only for positive losses over a wide range", () => {
  const steps = Array.from({ length: 400 }, (_, i) => i + 1);
  const label = (loss: number[]) => texts(lossPlot({ steps, loss })).find((t) => /^loss/.test(t));
  assert.equal(label(steps.map((s) => 10 * Math.exp(-s / 50) + 0.01)), "loss (log scale)");
  assert.equal(label(steps.map((s) => 1 + 1 / s)), "loss");
  assert.equal(label(steps.map((s) => 10 * Math.exp(-s / 50) - 0.01)), "loss");
});

Deno.test("lossPlot() leaves out a loss that is not finite and keeps the rest", () => {
  assert.match(lossPlot({ steps: [1, 2, 3], loss: [2, NaN, 1] }), /training step/);
});

Deno.test("lossPlot() keeps a spike that thinning could hide", () => {
  const steps = Array.from({ length: 50_000 }, (_, i) => i + 1);
  const loss = steps.map(() => 1);
  loss[31_234] = 5;
  const raw = lossPlot({ steps, loss }).match(/<path d="(M[^"]+)"/g)!.map((path) =>
    new Set([...path.matchAll(/[ML,][\d.]+,([\d.]+)/g)].map((m) => m[1]))
  );
  assert.ok(raw.some((heights) => heights.size >= 2));
});
