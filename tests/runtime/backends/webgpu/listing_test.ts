import assert from "node:assert/strict";
import { trainingProgram as mlpTrainingProgram } from "../../../../compiler/programs/training.ts";
import { data, objective, source, training, velocity as dslVelocity } from "../../../../dsl/mod.ts";
import { gather, input, matmul, plus, type Program, sum, times } from "../../../../graph/mod.ts";
import { interpolantOf } from "../../../../nodes/interpolant/mod.ts";
import { velocityOf } from "../../../../nodes/velocity/mod.ts";
import { listing, planFor } from "../../../../runtime/backends/webgpu/listing.ts";
import { LAYOUTS } from "../../../../runtime/backends/webgpu/compile/layouts.ts";
import { trainingProgram } from "../training_program.ts";

const [x, w, b] = [input("x", ["n", 3]), input("w", [3, 2]), input("b", [2])];
const h = plus(matmul(x, w), b);
const program: Program = {
  name: "small",
  inputs: [x, w, b],
  state: [],
  outputs: { row: gather(h, input("k", [], "i32")), size: sum(times(h, h), { axes: 0 }) },
};

Deno.test("listing() shows fused groups and their kernels", () => {
  const k = program.outputs.row.inputs[1]!;
  assert.equal(listing({ ...program, inputs: [x, w, b, k] }, { sizes: { n: 100 } }), GOLDEN);
});

const GOLDEN = `// small
// 1. 2 workgroups
//   gather [2]
//   sum [2]
@group(0) @binding(0) var<storage, read> giveni: array<i32>;
@group(0) @binding(1) var<storage, read> given: array<f32>;
@group(0) @binding(2) var<storage, read_write> s0a: array<f32>;
var<workgroup> shared_: array<f32, 64>;

fn part0(group: u32, lane: u32) {
  let i = group * 64u + lane;
  if (i >= 2u) { return; }
  let v0 = giveni[0u];
  let v1 = u32(v0);
  var r2 = 0.0f;
  for (var k3 = 0u; k3 < 3u; k3++) {
    let v4 = ((v1 * 3u) + k3);
    let v5 = given[v4];
    let v6 = ((k3 * 2u) + i);
    let v7 = given[(320u + v6)];
    r2 = r2 + v5 * v7;
  }
  let v8 = given[(384u + i)];
  let v9 = (r2 + v8);
  s0a[i] = v9;
}

fn part1(group: u32, lane: u32) {
  let partner = lane / 4u; let place = lane % 4u;
  let i = group * 4u + place;
  var r0 = 0.0f;
  if (i < 2u) {
    for (var k1 = partner; k1 < 100u; k1 += 16u) {
      var r2 = 0.0f;
      for (var k3 = 0u; k3 < 3u; k3++) {
        let v4 = ((k1 * 3u) + k3);
        let v5 = given[v4];
        let v6 = ((k3 * 2u) + i);
        let v7 = given[(320u + v6)];
        r2 = r2 + v5 * v7;
      }
      let v8 = given[(384u + i)];
      let v9 = (r2 + v8);
      let v10 = (v9 * v9);
      r0 = r0 + v10;
    }
  }
  shared_[lane] = r0;
  workgroupBarrier();
  for (var half11 = 8u; half11 > 0u; half11 = half11 >> 1u) {
    if (partner < half11) {
      shared_[lane] = shared_[lane] + shared_[lane + half11 * 4u];
    }
    workgroupBarrier();
  }
  if (partner == 0u && i < 2u) {
    let v12 = shared_[lane];
    s0a[(64u + i)] = v12;
  }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) at: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let group = at.x;
  if (group < 1u) { part0(group, lane); } else { part1(group - 1u, lane); }
}
`;

Deno.test("a training step of an MLP of 3 x 256 is at most 12 dispatches", () => {
  const { steps } = planFor(trainingProgram([3, 256, 256, 256, 2], 256), { sizes: { steps: 32 } });
  const loop = steps.find((step) => step.kind === "loop");
  assert.ok(loop?.kind === "loop" && loop.body.length <= 12, `found ${loop?.body.length}`);
});

Deno.test("it is as few where the program draws noise and gathers rows, with nothing around its loop", () => {
  const interpolant = interpolantOf({ kind: "linear" });
  const ends = { source: source.gaussian({ dim: 2 }), target: data.twoMoons() };
  const net = dslVelocity.mlp({ hidden: [256, 256, 256] });
  const parts = {
    velocity: velocityOf(net, { dim: 2, seed: 0, interpolant, ...ends }),
    ...{ dim: 2, interpolant, objective: objective.flowMatching() },
    training: training({ batchSize: 256, ema: 0.999 }),
  };
  const draw = { kind: "drawn", seed: 0, shift: [0], scale: [1] } as const;
  const { steps } = planFor(mlpTrainingProgram(parts, {
    ...{ steps: 256, parts: 1 },
    x0: { ...draw, distribution: "normal", stream: "x0" },
    x1: { kind: "gathered", rows: 1_000, noise: null },
    t: { ...draw, distribution: "uniform", stream: "t" },
  }));
  const [loop, ...others] = steps;
  assert.ok(loop.kind === "loop" && loop.body.length <= 11);
  assert.deepEqual(others, []);
});

Deno.test("in software kernels stand alone, since every branch of one would be run", () => {
  const { steps } = planFor(trainingProgram([3, 8, 2], 4), {
    sizes: { steps: 2 },
    layout: LAYOUTS.software,
  });
  const loop = steps.find((step) => step.kind === "loop");
  for (const step of loop?.kind === "loop" ? loop.body : []) {
    assert.ok(step.kind === "dispatch" && !step.title.includes(";"));
  }
});
