import type { Expression, Program, Shape } from "../../graph/mod.ts";
import { Frame, type Lowered, Sizes } from "./frame.ts";
import { elementType, isConcrete } from "./lowering.ts";
import { elementsOf } from "./ops/leaf.ts";
import { type About, ELEMENT_TYPES, encodeModel, type ValueInfo, valueInfo } from "./proto.ts";
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
  /** Inputs that whoever runs the file may leave out, with the values that they then have. */
  readonly defaults?: Readonly<Record<string, FixedTensor>>;
  /** Says that the file leaves, so that it is written in standard operators alone and any ONNX runtime serves it. */
  readonly deploy?: Deployment;
}

/** What a file that leaves says of itself, and how it holds its weights. */
export interface Deployment extends About {
  /** What inputs and outputs are, by name. */
  readonly values?: Readonly<Record<string, ValueText>>;
  /**
   * How `fixed` tensors lie in the file; float32 by default. As float16 they take half the room; they are made float32 once,
   * when the file is loaded, and all arithmetic is float32.
   */
  readonly weights?: "float32" | "float16";
}

/** What a reader of a file should know of an input or output. */
export interface ValueText {
  readonly text: string;
  /** Sizes with names that a reader understands; by default those of the program. */
  readonly shape?: Shape;
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
  const { fixed = {}, defaults = {}, deploy } = options;
  const scope = new Scope();
  const described = (name: string, { dtype, shape }: Expression): ValueInfo => {
    const about = deploy?.values?.[name];
    return valueInfo(name, elementType(dtype), about?.shape ?? shape, about?.text);
  };
  const sizes = new Sizes();
  const leaves = new Map<Expression, Lowered>();
  const inputs: ValueInfo[] = [];
  for (const input of [...program.inputs, ...program.state.map((s) => s.input)]) {
    const name = nameOf(input);
    leaves.set(input, { names: [name], depth: 0 });
    if (Object.hasOwn(fixed, name)) {
      const { data, shape } = checkFixed(input, fixed[name]);
      if (deploy?.weights === "float16" && input.dtype === "f32") {
        scope.initializer(name, Float16Array.from(data), shape);
        const wide = scope.node("Cast", [name], { to: ELEMENT_TYPES.float32 });
        leaves.set(input, { names: [wide], depth: 0 });
      } else {
        scope.initializer(name, elementsOf(data, input.dtype), shape);
      }
    } else {
      inputs.push(described(name, input));
      if (Object.hasOwn(defaults, name)) {
        const { data, shape } = checkFixed(input, defaults[name]);
        scope.initializer(name, elementsOf(data, input.dtype), shape);
      }
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
  const names = new Frame(scope, { sizes, deploy: deploy !== undefined }, leaves).run(
    results.map((r) => r.value),
  );
  const outputs = results.map(({ name, value }, i) => {
    scope.identity(names[i], name);
    return described(name, value);
  });
  return encodeModel(scope.graph(program.name, inputs, outputs), scope.domains, deploy);
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
