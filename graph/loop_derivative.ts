/**
 * Derivatives of loops.
 *
 * Forward: the loop with the tangents of its state as further state.
 *
 * Reverse: the loop again, now leaving behind the states that the derivative of an iteration reads;
 * then a counted loop from the last iteration to the first, whose state is the cotangent of the
 * state and the cotangents that the captured values have gathered so far. Memory grows with the
 * number of iterations times the size of the state, time is that of the loop times a constant: what
 * an iteration computes inside is computed again.
 */
import { minus, plus } from "./build/elementwise.ts";
import { gather } from "./build/layout.ts";
import { variable } from "./build/leaf.ts";
import { loop } from "./build/loop.ts";
import { zerosLike } from "./build/reduction.ts";
import { topological } from "./expression.ts";
import { pullback } from "./gradient.ts";
import { pushforward } from "./jvp.ts";
import { splitInputs } from "./loop_body.ts";
import { controlOf, openBody } from "./open_body.ts";
import type { Derivation } from "./op.ts";
import type { Expression, Node } from "./types.ts";

type Maybe = Expression | null;

/** Forward derivative: tangents of the inputs to tangents of the results. */
export function loopJvp(tangents: readonly Maybe[], node: Node<"loop">): Maybe[] {
  const { body } = node.attributes;
  const { initial } = splitInputs(node, node.inputs);
  const given = splitInputs(node, tangents);
  const moving = given.initial.map((d) => d !== null);
  const roots = [...body.next, ...body.collect];
  const states = body.state.length;
  let seeds: Map<Expression, Expression>;
  let moves: Maybe[];
  do {
    seeds = new Map();
    body.state.forEach((x, k) => moving[k] && seeds.set(x, directionOf(x, k)));
    body.captured.forEach((x, k) => given.captured[k] && seeds.set(x, directionOf(x, states + k)));
    moves = pushforward(roots, seeds);
  } while (grow(moving, moves));

  const movingStates = body.state.flatMap((_, k) => moving[k] ? [k] : []);
  const movingRows = body.collect.flatMap((_, k) => moves[states + k] ? [k] : []);
  const directions = movingStates.map((k) => moves[k] ?? zerosLike(body.next[k]));
  const rows = movingRows.map((k) => moves[states + k]!);
  const result = loop({
    state: [...initial, ...movingStates.map((k) => given.initial[k] ?? zerosLike(initial[k]))],
    ...controlOf(node),
    body: (index, ...state) => {
      const others = new Map<Expression, Expression>();
      movingStates.forEach((k, j) => others.set(seeds.get(body.state[k])!, state[states + j]));
      body.captured.forEach((x, k) => {
        if (seeds.has(x)) others.set(seeds.get(x)!, given.captured[k]!);
      });
      const opened = openBody(node, [...body.next, ...directions, ...rows], index, state, others);
      const all = states + directions.length;
      return { state: opened.slice(0, all), collect: opened.slice(all) };
    },
  });
  return [
    ...body.state.map((_, k) => moving[k] ? result.state[states + movingStates.indexOf(k)] : null),
    ...body.collect.map((_, k) => result.collected[movingRows.indexOf(k)] ?? null),
    null,
  ];
}

/** Marks what moves now and did not before; whether there was any. */
function grow(marks: boolean[], moves: readonly Maybe[]): boolean {
  let grown = false;
  marks.forEach((mark, k) => {
    if (mark || moves[k] === null) return;
    marks[k] = true;
    grown = true;
  });
  return grown;
}

/**
 * A stand-in for a derivative while that of the body is taken; keys below 0 are those of
 * derivatives.
 */
function directionOf(x: Expression, k: number): Expression {
  return variable(`d${k}`, x.shape, x.dtype, -1 - k);
}

/** Reverse derivative: cotangents of the results to cotangents of the inputs. */
export function loopVjp(
  cotangents: readonly Maybe[],
  node: Node<"loop">,
  { needs }: Derivation,
): Maybe[] {
  const { body, counted } = node.attributes;
  const { count, initial } = splitInputs(node, node.inputs);
  const needed = splitInputs(node, needs);
  const states = body.state.length;
  const given = body.state.map((_, k) => cotangents[k] ?? null);
  const rows = body.collect.map((_, k) => cotangents[states + k] ?? null);

  const wanted = dependent(node, needed.initial, needed.captured);
  const captured = body.captured.filter((x, k) => needed.captured[k] && x.dtype === "f32");
  const variables = [...body.state.filter((_, k) => wanted[k]), ...captured];
  const stateAt = (k: number) => variables.indexOf(body.state[k]);
  const active = given.map((g, k) => g !== null && wanted[k]);
  let pulled: Maybe[];
  do {
    const gs = [
      ...body.next.map((x, k) => active[k] ? directionOf(x, k) : null),
      ...body.collect.map((x, k) => rows[k] && directionOf(x, states + k)),
    ];
    pulled = pullback([...body.next, ...body.collect], variables, gs);
  } while (grow(active, body.state.map((_, k) => wanted[k] ? pulled[stateAt(k)] : null)));

  const activeStates = body.state.flatMap((_, k) => active[k] ? [k] : []);
  const fed = captured.filter((x) => pulled[variables.indexOf(x)] !== null);
  const before = activeStates.map((k) => pulled[stateAt(k)] ?? zerosLike(body.state[k]));
  const shares = fed.map((x) => pulled[variables.indexOf(x)]!);
  const read = new Set(topological([...before, ...shares]));
  const readStates = body.state.flatMap((x, k) => read.has(x) ? [k] : []);

  const forward = loop({
    state: initial,
    ...controlOf(node),
    body: (index, ...state) => ({
      state: openBody(node, body.next, index, state),
      collect: readStates.map((k) => state[k]),
    }),
  });
  const iterations = counted && body.condition === null && count!.op === "constant"
    ? count!
    : forward.iterations;
  const { state: results } = loop({
    state: [
      ...activeStates.map((k) => given[k] ?? zerosLike(initial[k])),
      ...fed.map((x) => zerosLike(x)),
    ],
    count: iterations,
    body: (j, ...state) => {
      const index = minus(minus(iterations, 1), j);
      const past = body.state.map((x, k) =>
        read.has(x) ? gather(forward.collected[readStates.indexOf(k)], index) : x
      );
      const others = new Map<Expression, Expression>();
      activeStates.forEach((k, m) => others.set(directionOf(body.next[k], k), state[m]));
      rows.forEach((row, k) => {
        if (row) others.set(directionOf(body.collect[k], states + k), gather(row, index));
      });
      const opened = openBody(node, [...before, ...shares], index, past, others);
      const gathered = opened.slice(before.length);
      return [
        ...opened.slice(0, before.length),
        ...gathered.map((share, m) => plus(state[before.length + m], share)),
      ];
    },
  });
  return [
    ...(counted ? [null] : []),
    ...body.state.map((_, k) => active[k] ? results[activeStates.indexOf(k)] : null),
    ...body.captured.map((x) => fed.includes(x) ? results[before.length + fed.indexOf(x)] : null),
  ];
}

/** For each state, whether it is real and depends on what the derivative is taken by. */
function dependent(
  { attributes: { body } }: Node<"loop">,
  initial: readonly boolean[],
  captured: readonly boolean[],
): boolean[] {
  const wanted = body.state.map((x, k) => initial[k] && x.dtype === "f32");
  for (;;) {
    const depends = new Set<Expression>();
    body.state.forEach((x, k) => wanted[k] && depends.add(x));
    body.captured.forEach((x, k) => captured[k] && x.dtype === "f32" && depends.add(x));
    for (const node of topological(body.next)) {
      if ((node.inputs as readonly Expression[]).some((x) => depends.has(x))) depends.add(node);
    }
    const grown = body.next.map((x, k) => wanted[k] || (x.dtype === "f32" && depends.has(x)));
    if (grown.every((mark, k) => mark === wanted[k])) return wanted;
    wanted.splice(0, wanted.length, ...grown);
  }
}
