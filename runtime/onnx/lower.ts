import type { Expression, Program } from "../../graph/mod.ts";
import { Frame, type Lowered, Sizes } from "./frame.ts";
import { elementType, isConcrete } from "./lowering.ts";
import { elementsOf } from "./ops/leaf.ts";
import { encodeModel, type ValueInfo, valueInfo } from "./proto.ts";
import { Scope } from "./scope.ts";

/** Numbers that are written into a file. */
export interface FixedTensor {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** What may be asked of the lowering. */
export interface LowerOptions {
  /** Inputs that become constants of the file, such as trained weights: they need no handing in and are packed once. */
  readonly fixed?: Readonly<Record<string, FixedTensor>>;
  /** Whether the file leaves: standard operators alone, so that any ONNX runtime serves it. */
  readonly deploy?: boolean;
  /** Facts that the file carries along as its metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Name of the graph output that holds the next value of a state. */
export function nextName(state: Expression): string {
  return `next:${nameOf(state)}`;
}

/** Name of an input. */
export function nameOf(input: Expression): string {
  if (input.op !== "input") {
    throw new TypeError(`Cannot name a ${input.op}: only inputs have names`);
  }
  return input.attributes.name;
}

/**
 * A program as the bytes of an ONNX file.
 *
 * Graph inputs are the program's inputs, then its states; graph outputs are its outputs, then `next:<name>`
 * for each state. Sizes without a number stay symbolic. f32 is float32, i32 is int32, bool is bool.
 *
 * Source: ONNX opset 18 operator schemas, https://onnx.ai/onnx/operators/.
 *
 * @throws {RangeError} If a symbolic size is carried by no input, a fixed tensor does not fit its input, or an output has
 * the name of an input.
 */
export function lower(program: Program, options: LowerOptions = {}): Uint8Array<ArrayBuffer> {
  const { fixed = {}, deploy = false, metadata = {} } = options;
  const scope = new Scope();
  const sizes = new Sizes();
  const leaves = new Map<Expression, Lowered>();
  const inputs: ValueInfo[] = [];
  for (const input of [...program.inputs, ...program.state.map((s) => s.input)]) {
    const name = nameOf(input);
    leaves.set(input, { names: [name], depth: 0 });
    if (Object.hasOwn(fixed, name)) {
      const { data, shape } = checkFixed(input, fixed[name]);
      scope.initializer(name, elementsOf(data, input.dtype), shape);
    } else {
      inputs.push(valueInfo(name, elementType(input.dtype), input.shape));
    }
    input.shape.forEach((dim, axis) => {
      if (typeof dim === "number") return;
      const make = () => scope.node("Shape", [name], { start: axis, end: axis + 1 });
      sizes.bind(dim, { scope, make });
    });
  }
  const results = [
    ...Object.entries(program.outputs).map(([name, value]) => ({ name, value })),
    ...program.state.map(({ input, next }) => ({ name: nextName(input), value: next })),
  ];
  for (const { name } of results) {
    if (![...leaves.keys()].some((input) => nameOf(input) === name)) continue;
    throw new RangeError(
      `Cannot lower ${program.name} as values have names of their own in ONNX: ${name} is an input and an output`,
    );
  }
  const names = new Frame(scope, { sizes, deploy }, leaves).run(results.map((r) => r.value));
  const outputs = results.map(({ name, value }, i) => {
    scope.identity(names[i], name);
    return valueInfo(name, elementType(value.dtype), value.shape);
  });
  return encodeModel(scope.graph(program.name, inputs, outputs), scope.domains, metadata);
}

function checkFixed(input: Expression, tensor: FixedTensor): FixedTensor {
  const fits = isConcrete(input.shape)
    ? `${input.shape}` === `${tensor.shape}`
    : input.shape.length === tensor.shape.length;
  if (fits) return tensor;
  throw new RangeError(
    `Cannot fix ${
      nameOf(input)
    } of shape [${input.shape}]: the tensor given has shape [${tensor.shape}]`,
  );
}
