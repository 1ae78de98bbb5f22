import type { OnnxVelocitySpec } from "../../dsl/spec.ts";
import { suggestion } from "../../dsl/schema/words.ts";
import { concat, type Dim, type Expression, input, reshape } from "../../graph/mod.ts";
import type { GraphProto, ValueInfo } from "../onnx/proto.ts";
import { elementName, kindOf } from "./constant.ts";
import { ROWS } from "./count.ts";
import { numberOf } from "./protobuf.ts";
import type { Trouble } from "./trouble.ts";
import { tensor, type Value } from "./value.ts";

/** How a network takes time and state. */
export interface Signature {
  /** The number of rows that the file was exported for; null if it takes any. */
  readonly fixedRows: number | null;
  /** Values of the inputs, made of "t" ([] where rows share a time, else ["n", 1]) and "x" ["n", dim]. */
  readonly given: ReadonlyMap<string, Value>;
}

/** An input or output as the file declares it. */
interface Port {
  readonly name: string;
  readonly shape: readonly Dim[];
}

/** Names under which time is known. */
const TIME_NAMES = /^(t|time|times|timestep|timesteps|t_?\d)$/i;

/** `"x" [batch, 2]`. */
function show({ name, shape }: Port): string {
  return `"${name}" [${shape.join(", ")}]`;
}

/**
 * Finds out which input is the time and which the state, from what the spec says, else from names and shapes.
 *
 * @param dim Number of coordinates that the pipeline needs.
 * @throws {InputError} If there is no such input, it is not clear which it is, or it has another dimension.
 */
export function signatureOf(
  graph: GraphProto,
  spec: OnnxVelocitySpec,
  { dim, trouble }: { readonly dim: number; readonly trouble: Trouble },
): Signature {
  const weights = new Set((graph.initializer ?? []).map(({ name }) => name));
  const inputs = (graph.input ?? []).filter(({ name }) => !weights.has(name))
    .map((info) => portOf(info, trouble));
  const names = inputs.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw trouble(`two of its inputs are called "${twice}"`);
  const { time, state } = spec.joined === null
    ? separate(inputs, spec, trouble)
    : { time: null, state: joinedInput(inputs, spec, trouble) };
  checkState(state, { dim, joined: spec.joined !== null, trouble });
  const rows = state.shape[0];
  const fixedRows = typeof rows === "number" ? rows : null;
  const x = input("x", [ROWS, dim]);
  const given = new Map<string, Value>();
  if (spec.joined !== null) {
    const t = input("t", [ROWS, 1]);
    given.set(state.name, tensor(concat(spec.joined === "timeFirst" ? [t, x] : [x, t], 1)));
  } else {
    const event = state.shape.slice(1).map((size) => typeof size === "number" ? size : dim);
    given.set(state.name, tensor(reshape(x, [ROWS, ...event])));
    if (time !== null) given.set(time.name, tensor(timeInput(time, fixedRows, trouble)));
  }
  return { fixedRows, given };
}

function portOf(info: ValueInfo, trouble: Trouble): Port {
  const name = info.name ?? "";
  const type = info.type?.tensorType;
  if (!type || !type.shape) {
    throw trouble(`its input "${name}" must be a tensor whose sizes the file tells`);
  }
  if (kindOf(type.elemType ?? 0) !== "real") {
    throw trouble(
      `its input "${name}" takes ${
        elementName(type.elemType ?? 0)
      } values: time and state must be real numbers`,
    );
  }
  const shape = (type.shape.dim ?? []).map(({ dimParam, dimValue }, axis): Dim => {
    const size = numberOf(dimValue);
    return size > 0 ? size : dimParam || `?${axis}`;
  });
  return { name, shape };
}

function named(ports: readonly Port[], name: string, field: string, trouble: Trouble): Port {
  const found = ports.find((port) => port.name === name);
  if (found !== undefined) return found;
  const names = ports.map((port) => port.name);
  throw trouble(
    `it has no input "${name}"${suggestion(name, names)}; its inputs are ${
      ports.map(show).join(", ") || "none"
    }`,
    { field },
  );
}

function joinedInput(inputs: readonly Port[], spec: OnnxVelocitySpec, trouble: Trouble): Port {
  if (spec.state !== null) return named(inputs, spec.state, "state", trouble);
  if (inputs.length === 1) return inputs[0];
  throw trouble(
    `"joined" is for networks of one input, and it has ${inputs.length}: ${
      inputs.map(show).join(", ")
    }`,
    { field: "joined" },
  );
}

/** Time and state where each is an input of its own; a network may also do without time. */
function separate(
  inputs: readonly Port[],
  spec: OnnxVelocitySpec,
  trouble: Trouble,
): { readonly time: Port | null; readonly state: Port } {
  const asked = {
    time: spec.time === null ? null : named(inputs, spec.time, "time", trouble),
    state: spec.state === null ? null : named(inputs, spec.state, "state", trouble),
  };
  if (asked.time !== null && asked.time === asked.state) {
    throw trouble(`"time" and "state" must be two inputs: both are "${asked.time.name}"`, {
      field: "time",
    });
  }
  const left = inputs.filter((port) => port !== asked.time && port !== asked.state);
  const open = Number(asked.time === null) + Number(asked.state === null);
  if (left.length > open || asked.state === null && left.length === 0) {
    throw trouble(
      `a velocity takes a time and a state, and its inputs are ${
        inputs.map(show).join(", ") || "none"
      }`,
    );
  }
  if (asked.state !== null) return { time: asked.time ?? left[0] ?? null, state: asked.state };
  if (asked.time !== null || left.length === 1) return { time: asked.time, state: left[0] };
  const [first, second] = left;
  const isTime = ({ name }: Port): boolean => TIME_NAMES.test(name);
  if (isTime(first) !== isTime(second)) {
    return isTime(first) ? { time: first, state: second } : { time: second, state: first };
  }
  const isScalar = ({ shape }: Port): boolean => shape.length < 2 || shape[1] === 1;
  if (isScalar(first) !== isScalar(second)) {
    return isScalar(first) ? { time: first, state: second } : { time: second, state: first };
  }
  throw trouble(
    `it is not clear which of its inputs ${show(first)} and ${
      show(second)
    } is the time: name it, as in { time: "${first.name}" }`,
    { field: "time" },
  );
}

function checkState(
  state: Port,
  { dim, joined, trouble }: {
    readonly dim: number;
    readonly joined: boolean;
    readonly trouble: Trouble;
  },
): void {
  const [, ...event] = state.shape;
  const width = joined ? dim + 1 : dim;
  const open = event.length === 1 && typeof event[0] === "string";
  const size = event.reduce<number>((product, each) => product * Number(each), 1);
  if (event.length > 0 && (open || size === width) && !(joined && event.length > 1)) return;
  const needed = joined
    ? `[batch, ${width}], the target's ${dim} coordinates and the time`
    : `[batch, ${dim}], as the target has ${dim} coordinates`;
  const hint = !joined && size === dim + 1
    ? '; if it takes state and time in one, say { joined: "stateFirst" } or "timeFirst"'
    : "";
  throw trouble(`its input ${show(state)} must be ${needed}${hint}`, { field: "dim" });
}

/** The time as the file takes it: one for all rows, or one for each. */
function timeInput(time: Port, fixedRows: number | null, trouble: Trouble): Expression {
  const { shape } = time;
  const [rows, ...rest] = shape;
  if (shape.length > 2 || rest.some((size) => size !== 1)) {
    throw trouble(
      `its time ${show(time)} must be [], [1], [batch] or [batch, 1]`,
      { field: "time" },
    );
  }
  const each = shape.length > 0 && (typeof rows === "string" || rows === fixedRows);
  if (each) return reshape(input("t", [ROWS, 1]), [ROWS, ...rest]);
  if (shape.length > 0 && rows !== 1) {
    throw trouble(
      `its time ${show(time)} has ${rows} rows, and its state has ${fixedRows ?? "any number"}`,
      { field: "time" },
    );
  }
  return reshape(input("t", []), shape);
}
