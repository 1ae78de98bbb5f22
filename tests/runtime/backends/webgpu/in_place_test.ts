import assert from "node:assert/strict";
import {
  cumulativeSum,
  type Expression,
  input,
  loop,
  minus,
  plus,
  type Program,
  reverse,
  sum,
  times,
} from "../../../../graph/mod.ts";
import { openBackend } from "../../../../runtime/backends/mod.ts";
import { compileBlock, PlanParts } from "../../../../runtime/backends/webgpu/compile/block.ts";
import { LAYOUTS } from "../../../../runtime/backends/webgpu/compile/layouts.ts";
import { listing, planFor } from "../../../../runtime/backends/webgpu/listing.ts";
import type { Plan } from "../../../../runtime/backends/webgpu/plan.ts";
import { NO_ADAPTER } from "../../../adapter.ts";
import { openReference } from "../reference_backend.ts";
import { trainingProgram } from "../training_program.ts";

const [x, y] = [input("x", [100]), input("y", [100])];

/** A program that moves states on, each from all. */
function moving(
  next: (x: Expression, y: Expression) => readonly [Expression, Expression],
  outputs: Record<string, Expression> = { x: sum(x) },
): Program {
  const [a, b] = next(x, y);
  return {
    ...{ name: "moving", inputs: [], outputs },
    state: [{ input: x, next: a }, { input: y, next: b }],
  };
}

/** The same in a loop. */
function looped(next: Parameters<typeof moving>[0], collect = false): Program {
  const result = loop({
    state: [x, y],
    count: 5,
    body: (_i, a, b) => ({ state: [...next(a, b)], collect: collect ? [a] : [] }),
  });
  return moving(
    () => [result.state[0], result.state[1]],
    collect ? { rows: result.collected[0] } : { total: sum(result.state[1]) },
  );
}

const swapped = (a: Expression, b: Expression) => [b, a] as const;
const turned = (a: Expression, b: Expression) => [plus(reverse(a, [0]), b), b] as const;
const stepped = (a: Expression, b: Expression) => {
  const slope = minus(times(b, 0.5), times(a, 0.1));
  return [plus(a, slope), plus(b, times(slope, sum(a)))] as const;
};
const summed = (a: Expression, b: Expression) =>
  [plus(times(0.1, cumulativeSum(b, 0)), a), minus(b, a)] as const;

const PROGRAMS: Readonly<Record<string, Program>> = {
  "states that are swapped": moving(swapped),
  "a state read in another order": moving(turned),
  "an output that is the old state": moving(stepped, { x }),
  "states swapped in a loop": looped(swapped),
  "a state of a loop read in another order": looped(turned),
  "steps of a loop": looped(stepped),
  "steps of a loop that collects old values": looped(stepped, true),
  "running sums in a loop": looped(summed),
  "a state that is read beside the loop that carries it": moving(
    () => {
      const { state: [a] } = loop({ state: [x], count: 3, body: (_i, a) => [times(a, 1.5)] });
      return [a, plus(y, x)];
    },
  ),
  "a state that the loop that carries it reads besides": moving(
    () => {
      const { state: [a] } = loop({ state: [x], count: 3, body: (_i, a) => [plus(a, x)] });
      return [a, y];
    },
  ),
  "a state carried from loop to loop": moving(() => {
    const { state: [a, b] } = loop({ state: [x, y], count: 2, body: (_i, a, b) => stepped(a, b) });
    const second = loop({ state: [a, b], count: 2, body: (_i, a, b) => turned(a, b) });
    return [second.state[0], second.state[1]];
  }),
  "a loop within a loop": looped((a, b) => {
    const { state } = loop({ state: [a, b], count: 2, body: (_i, a, b) => stepped(a, b) });
    return [state[0], state[1]];
  }),
};

/** What float32 is apart from the reference's float64 after some ten roundings; 1.1e-6 was the most seen. */
const TOLERANCE = 4e-6;
/** Sums of up to 100 numbers that cancel are summed again, ten times over: 2.5e-5 was seen. */
const SUMMED_TOLERANCE = 1e-4;

for (const [name, program] of Object.entries(PROGRAMS)) {
  const tolerance = name === "running sums in a loop" ? SUMMED_TOLERANCE : TOLERANCE;
  Deno.test({
    name: `webgpu moves states on as the reference does: ${name}`,
    ignore: NO_ADAPTER,
    fn: async () => {
      const [backend, reference] = [await openBackend("webgpu"), openReference()];
      const [mine, exact] = [await backend.load(program), await reference.load(program)];
      const first = new Map(["x", "y"].map((state, k) => [state, {
        data: Float32Array.from({ length: 100 }, (_, i) => Math.sin(i + k)),
        shape: [100],
      }]));
      await mine.writeState(first);
      await exact.writeState(first);
      for (let call = 0; call < 2; call++) {
        const [found, expected] = [await mine.run({}), await exact.run({})];
        for (const [output, { data }] of Object.entries(expected)) {
          close(found[output].data, data, { what: `${output} of call ${call}`, tolerance });
        }
        const states = await mine.readState();
        for (const [state, { data }] of await exact.readState()) {
          close(states.get(state)!.data, data, { what: `${state} after call ${call}`, tolerance });
        }
      }
      await backend.close();
    },
  });
}

function close(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  { what, tolerance }: { readonly what: string; readonly tolerance: number },
): void {
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(found[i] - expected[i]);
    assert.ok(apart <= tolerance * (1 + Math.abs(expected[i])), `${what}, element ${i}`);
  }
}

/** Bytes that are copied at the start of a plan's loops and at its end. */
function copied({ steps, copies }: Plan): number {
  const loops = steps.flatMap((step) => step.kind === "loop" ? step.copies : []);
  return [...loops, ...copies].reduce((n, { from }) => n + 4 * from.length, 0);
}

Deno.test("a training step writes its states where they lie, and copies nothing", () => {
  for (const batch of [32, 256]) {
    const plan = planFor(trainingProgram([3, 64, 64, 2], batch), { sizes: { steps: 8 } });
    assert.equal(plan.steps.length, 1);
    assert.equal(copied(plan), 0);
    const buffers = plan.arenas.filter(({ turns }) => turns !== null);
    assert.deepEqual(buffers.filter(({ size }) => size > 0), []);
  }
});

Deno.test("a state that others read when it is written is set aside", () => {
  assert.equal(copied(planFor(PROGRAMS["states that are swapped"])), 800);
  assert.equal(copied(planFor(PROGRAMS["a state read in another order"])), 400);
  assert.match(listing(PROGRAMS["a state read in another order"]), /state\[.*aside\[i\] = /s);
});

Deno.test("a block that is told to write a state where it lies, and cannot, is not made", () => {
  const most = { mostWords: 2 ** 20, mostBindings: 8, mostShared: 16_384, mostWorkgroups: 65_535 };
  const parts = new PlanParts({ layout: LAYOUTS.hardware, ...most });
  const place = parts.give(x);
  const block = (node: Expression) =>
    compileBlock({
      ...{ parts, kept: [], level: 0, gate: null, host: () => null },
      leaves: new Map([[x, { kind: "place", place }]]),
      stores: [{ node, place }],
    });
  assert.equal(block(times(x, 2)).steps.length, 1);
  assert.throws(() => block(reverse(x, [0])), { message: /^Cannot write over an old value/ });
});
