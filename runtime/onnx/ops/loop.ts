import type { Expression, Node } from "../../../graph/mod.ts";
import { type Context, elementType, type LoweringTable } from "../lowering.ts";
import { ELEMENT_TYPES, valueInfo } from "../proto.ts";
import { Scope } from "../scope.ts";
import { INT32 } from "./leaf.ts";

/** Loops become one ONNX Loop; a result of one is picked by its number. */
export const loops: LoweringTable<"loop" | "item"> = {
  loop: lowerLoop,
  item: (node, _inputs, context) => context.results(node.inputs[0])[node.attributes.index],
};

/**
 * One ONNX Loop: inputs are the greatest number of iterations, whether to begin, and the initial states; the
 * body maps (iteration, whether to go on, states) to (whether to go on, states, what is collected). Values
 * of the graph around are seen by name. What nobody uses is not collected; the number of iterations is
 * carried along only where somebody uses it and the count does not tell it.
 */
function lowerLoop(
  node: Node<"loop">,
  names: readonly string[],
  context: Context,
): readonly string[] {
  const { scope } = context;
  const { counted, body } = node.attributes;
  const [count, ...rest] = counted ? names : ["", ...names];
  const initial = rest.slice(0, body.state.length);
  const outer = node.inputs.slice(Number(counted) + body.state.length);
  const captured = new Map(body.captured.map((variable, i) => [variable, outer[i]]));
  const inner = new Scope(scope);

  const iteration = inner.fresh();
  const going = inner.fresh();
  const states = body.state.map(() => inner.fresh());
  const variables = new Map(body.state.map((variable, i) => [variable, states[i]]));
  variables.set(body.index, inner.node("Cast", [iteration], { to: INT32 }));

  const kept = body.collect.map((_, i) => context.isUsed(node, body.state.length + i));
  const collect = body.collect.filter((_, i) => kept[i]);
  const results = context.bodies.lower(inner, [...body.next, ...collect], { variables, captured });
  const next = results.slice(0, body.next.length);
  const goOn = (at: Scope, state: readonly string[]): string => {
    if (body.condition === null) return "";
    const variables = new Map(body.state.map((variable, i) => [variable, state[i]]));
    return context.bodies.lower(at, [body.condition], { variables, captured })[0];
  };
  const begin = goOn(scope, initial);
  const proceed = goOn(inner, next);

  const steps = body.state.length + body.collect.length;
  const counts = context.isUsed(node, steps) && !(counted && body.condition === null);
  const done = counts ? inner.fresh() : "";

  const carried = body.state.map((variable, i) => ({ variable, name: states[i] }));
  const graph = inner.graph(
    "body",
    [
      valueInfo(iteration, "int64", []),
      valueInfo(going, "bool", []),
      ...carried.map(({ variable, name }) => describe(variable, name)),
      ...(counts ? [valueInfo(done, "int32", [])] : []),
    ],
    [
      valueInfo(inner.leaving(proceed === "" ? going : proceed), "bool", []),
      ...body.next.map((value, i) => describe(value, inner.leaving(next[i]))),
      ...(counts
        ? [valueInfo(inner.node("Add", [done, inner.constant(Int32Array.of(1), [])]), "int32", [])]
        : []),
      ...collect.map((value, i) => describe(value, inner.leaving(results[next.length + i]))),
    ],
  );
  const limit = counted ? scope.node("Cast", [count], { to: ELEMENT_TYPES.int64 }) : "";
  const outputs = scope.nodes(
    "Loop",
    [limit, begin, ...initial, ...(counts ? [scope.constant(Int32Array.of(0), [])] : [])],
    { body: graph },
    body.next.length + Number(counts) + collect.length,
  );

  const gathered = outputs.slice(next.length + Number(counts));
  let taken = 0;
  const collected = kept.map((keep) => keep ? gathered[taken++] : "");
  const iterations = counts
    ? outputs[next.length]
    : counted && context.isUsed(node, steps)
    ? scope.node("Max", [count, scope.constant(Int32Array.of(0), [])])
    : "";
  return [...outputs.slice(0, next.length), ...collected, iterations];
}

function describe(value: Expression, name: string) {
  return valueInfo(name, elementType(value.dtype), value.shape);
}
