import assert from "node:assert/strict";
import { input, loop, plus, type Program, times } from "../../../../../../graph/mod.ts";
import { bogackiShampine, euler } from "../../../../../../solvers/ode/mod.ts";
import { LAYOUTS } from "../../../../../../runtime/backends/webgpu/compile/layouts.ts";
import { listing, planFor } from "../../../../../../runtime/backends/webgpu/listing.ts";
import type { RowsStep, Step } from "../../../../../../runtime/backends/webgpu/plan.ts";
import { network, solveProgram } from "../../solve_programs.ts";

const fixed = { kind: "fixed", steps: 4 } as const;

function stepsOf(hidden: readonly number[], n: number): readonly Step[] {
  return planFor(solveProgram(network(hidden), { method: euler, step: fixed }), { sizes: { n } })
    .steps;
}

function rowsStep(steps: readonly Step[]): RowsStep {
  const [step, ...others] = steps;
  assert.ok(step.kind === "rows" && others.length === 0);
  return step;
}

Deno.test("listing() shows a solve as one kernel", () => {
  const x = input("x", ["n", 2]);
  const rate = input("rate", []);
  const { state: [y] } = loop({
    state: [x],
    count: 10,
    body: (_i, x) => [plus(x, times(rate, x))],
  });
  const program: Program = { name: "decay", inputs: [x, rate], state: [], outputs: { y } };
  assert.equal(listing(program, { sizes: { n: 20 } }), GOLDEN);
});

const GOLDEN = `// decay
// 1. 3 workgroups
//   decay [8]
struct Frame { at: array<vec4<i32>, 2> }
@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<storage, read> given: array<f32>;
@group(0) @binding(2) var<storage, read_write> rows: array<f32>;

var<workgroup> tile: array<vec4<f32>, 12>;
var<workgroup> go: i32;
var<private> first: u32;
var<private> total: u32;
var<private> room: u32;
var<private> index0: i32;

fn unit0(lane: u32) {
  if (lane < 16u) {
    tile[lane >> 2u][lane & 3u] = rows[(min(first + lane / 2u, total - 1u) * 2u) + lane % 2u];
  }
}

fn unit1(lane: u32) {
  if (lane < 16u) {
    let v0 = tile[(16u + lane) >> 2u][(16u + lane) & 3u];
    let v1 = given[0u];
    let v2 = (v1 * v0);
    let v3 = (v0 + v2);
    tile[(32u + lane) >> 2u][(32u + lane) & 3u] = v3;
  }
}

fn unit2(lane: u32) {
  if (lane < 16u) {
    let v0 = tile[lane >> 2u][lane & 3u];
    tile[(16u + lane) >> 2u][(16u + lane) & 3u] = v0;
  }
}

fn unit3(lane: u32) {
  if (lane < 16u) {
    tile[(16u + lane) >> 2u][(16u + lane) & 3u] = tile[(32u + lane) >> 2u][(32u + lane) & 3u];
  }
}

fn unit4(lane: u32) {
  if (lane < 16u) {
    tile[(16u + lane) >> 2u][(16u + lane) & 3u] = rows[((room * 4u) + (min(first + lane / 2u, total - 1u) * 2u) + lane % 2u)];
  }
}

fn unit5(lane: u32) {
  if (lane < 16u) {
    if (((first * 2u) + lane) < (total * 2u)) { rows[((room * 4u) + ((first * 2u) + lane))] = tile[(16u + lane) >> 2u][(16u + lane) & 3u]; }
  }
}

fn unit6(lane: u32) {
  if (lane < 16u) {
    let v0 = tile[(16u + lane) >> 2u][(16u + lane) & 3u];
    if (((first * 2u) + lane) < (total * 2u)) { rows[((room * 2u) + ((first * 2u) + lane))] = v0; }
  }
}

@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) at: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let group = u32(frame.at[1u][1u]) + at.x;
  first = group * 8u;
  total = u32(frame.at[0u][2u]);
  room = u32(frame.at[1u][0u]);
  unit0(lane);
  workgroupBarrier();
  unit2(lane);
  workgroupBarrier();
  if (frame.at[0u][0u] > 0i) {
    unit4(lane);
    workgroupBarrier();
  }
  var ended = frame.at[0u][3u] == 1i;
  for (var i0 = frame.at[0u][0u]; i0 < frame.at[0u][1u]; i0++) {
    index0 = i0;
    unit1(lane);
    workgroupBarrier();
    unit3(lane);
    workgroupBarrier();
  }
  if (!ended) {
    unit5(lane);
    return;
  }
  unit6(lane);
  workgroupBarrier();
}
`;

Deno.test("tiles are as large as fits a workgroup's memory, while there are many of them", () => {
  assert.equal(rowsStep(stepsOf([64, 64], 100_000)).tile, 32);
  assert.equal(rowsStep(stepsOf([64, 64], 2_048)).tile, 16);
  assert.equal(rowsStep(stepsOf([64, 64], 20)).tile, 8);
  assert.equal(rowsStep(stepsOf([256, 256], 100_000)).tile, 8); // 16 KiB is what every GPU has
});

Deno.test("the text of a kernel does not depend on the number of rows, if the tile does not", () => {
  const [a, b] = [20, 21].map((n) => rowsStep(stepsOf([16, 16], n)).kernel);
  assert.equal(a.code, b.code);
});

Deno.test("a network too wide for a workgroup's memory is run op by op", () => {
  assert.ok(stepsOf([1_024, 1_024], 100_000).every(({ kind }) => kind !== "rows"));
});

Deno.test("in software solves are run op by op, as barriers cost more than they save", () => {
  const program = solveProgram(network([16]), { method: euler, step: fixed });
  const { steps } = planFor(program, { sizes: { n: 100 }, layout: LAYOUTS.software });
  assert.ok(steps.every(({ kind }) => kind !== "rows"));
});

Deno.test("a solve that ends by sample tells the host which tiles are still on their way", () => {
  const step = { kind: "adaptive", rtol: 1e-3, atol: 1e-3, maxSteps: 100, control: "sample" };
  const program = solveProgram(network([16]), { method: bogackiShampine, step: step as never });
  const { loop, tile } = rowsStep(planFor(program, { sizes: { n: 1_000 } }).steps);
  assert.equal(loop?.alive?.length, Math.ceil(1_000 / tile));
});
