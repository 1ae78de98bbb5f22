import { list, suggestion } from "../../dsl/schema/words.ts";
import type { OnnxVelocitySpec } from "../../dsl/spec.ts";
import type { GraphProto } from "../onnx/proto.ts";
import type { Trouble } from "./trouble.ts";

/**
 * The name of the output that is the velocity: the one that the spec names, or the only one.
 *
 * @throws {InputError} If there is no such output, or several and none is named.
 */
export function outputOf(graph: GraphProto, spec: OnnxVelocitySpec, trouble: Trouble): string {
  const names = (graph.output ?? []).map(({ name }) => name ?? "");
  if (spec.output === null && names.length === 1) return names[0];
  if (spec.output !== null && names.includes(spec.output)) return spec.output;
  if (names.length === 0) throw trouble("it has no output");
  throw trouble(
    spec.output === null
      ? `it has ${names.length} outputs: say which is the velocity, as in { output: "${
        names[0]
      }" }; they are ${list(names)}`
      : `it has no output "${spec.output}"${suggestion(spec.output, names)}; its outputs are ${
        list(names)
      }`,
    { field: "output" },
  );
}
