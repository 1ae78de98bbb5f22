import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  evaluate,
  inputsOf,
  type OpName,
  type Program,
  type Tensor64,
} from "../../../graph/mod.ts";
import type { Backend, RunTensor } from "../../../runtime/backends/mod.ts";
import { type Case, OP_CASES } from "./op_cases.ts";
import { COMPOSITE_CASES } from "./composite_cases.ts";
import { DERIVATIVE_CASES } from "./derivative_cases.ts";
import { RANDOM_GRAPHS, randomGraphs } from "./random_graphs.ts";

/** A few roundings of float32, relative to 1 + |expected|: sums and products here have at most 30 terms. */
const TOLERANCE = 2e-6;

/** A program without state that gives expressions; outputs are named 0, 1, ... */
export function programOf({ name, ys }: Pick<Case, "name" | "ys">): Program {
  return {
    name,
    inputs: inputsOf(ys),
    state: [],
    outputs: Object.fromEntries(ys.map((y, i) => [String(i), y])),
  };
}

/** Asserts that a tensor is the expected one: shape, and elements within the tolerance; NaN is NaN. */
export function assertClose(
  actual: RunTensor,
  expected: Tensor64,
  { name, tolerance }: { readonly name: string; readonly tolerance: number },
): void {
  assert.deepEqual([...actual.shape], expected.shape, `${name}: shape`);
  expected.data.forEach((b, i) => {
    const a = actual.data[i];
    const same = Math.fround(b) === a || Number.isNaN(a) && Number.isNaN(b);
    const close = Number.isFinite(b) && Math.abs(a - b) <= tolerance * (1 + Math.abs(b));
    assert.ok(same || close, `${name}, element ${i}: found ${a}, expected ${b}`);
  });
}

/** Runs a case and compares every result with the float64 reference. */
export async function checkCase(backend: Backend, test: Case): Promise<void> {
  const program = programOf(test);
  const executable = await backend.load(program);
  const outputs = await executable.run(test.inputs);
  await executable.close();
  evaluate(test.ys, test.inputs).forEach((expected, i) => {
    assertClose(outputs[i], expected, {
      name: `${test.name}, result ${i}`,
      tolerance: test.tolerance ?? TOLERANCE,
    });
  });
}

/** Closes a backend that must have run everything by itself but for these programs. */
async function closeAlone(backend: Backend, elsewhere: Reasons = {}): Promise<void> {
  const others = (backend.elsewhere ?? []).filter(({ program }) =>
    !Object.hasOwn(elsewhere, program)
  );
  assert.deepEqual(others, []);
  await backend.close();
}

/** Why, by the name of a case. */
type Reasons = Readonly<Record<string, string>>;

/**
 * The tests that every backend passes: each op, then what is made of several ops, against the reference.
 *
 * @param options `skips`: why a case is skipped, by its name; `elsewhere`: why the backend has another one run it; `ignore`: whether the backend cannot be had on this machine.
 */
export function testBackend(
  name: string,
  open: () => Promise<Backend>,
  { skips = {}, elsewhere = {}, ignore = false }: {
    readonly skips?: Reasons;
    readonly elsewhere?: Reasons;
    readonly ignore?: boolean;
  } = {},
): void {
  const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });
  const groups = [
    ...Object.entries(OP_CASES).map(([op, cases]) => ({
      subject: op,
      cases: () => [...cases, ...DERIVATIVE_CASES.get(op as OpName) ?? []],
    })),
    ...Object.entries(COMPOSITE_CASES).map(([subject, cases]) => ({ subject, cases })),
  ];
  for (const { subject, cases } of groups) {
    test(`${name} agrees with the reference: ${subject}`, async () => {
      const backend = await open();
      for (const each of cases()) {
        if (!Object.hasOwn(skips, each.name)) await checkCase(backend, each);
      }
      await closeAlone(backend, elsewhere);
    });
  }
  test(`${name} agrees with the reference on random graphs and their gradients`, async () => {
    const backend = await open();
    await fc.assert(
      fc.asyncProperty(randomGraphs, (graph) => checkCase(backend, graph)),
      RANDOM_GRAPHS,
    );
    await closeAlone(backend);
  });
  Deno.test(`${name} leaves aside only cases that exist`, () => {
    const names = new Set(groups.flatMap(({ cases }) => cases().map((test) => test.name)));
    const aside = Object.keys({ ...skips, ...elsewhere });
    assert.deepEqual(aside.filter((name) => !names.has(name)), []);
  });
}
