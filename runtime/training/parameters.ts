import type { Tensor } from "../../graph/mod.ts";
import type { Velocity } from "../../nodes/velocity/mod.ts";
import { fillNormal, fillUniform } from "../random/mod.ts";

/** First values of a velocity's parameters: a pure function of the seed and each parameter's name. */
export function initialParameters(velocity: Velocity, seed: number): Map<string, Tensor> {
  const parameters = new Map<string, Tensor>();
  for (const { name, shape, init } of velocity.parameters) {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    const at = { seed, stream: `parameters/${name}`, step: 0 };
    switch (init.kind) {
      case "zeros":
        break;
      case "ones":
        data.fill(1);
        break;
      case "uniform":
        fillUniform(data, at);
        for (let i = 0; i < data.length; i++) data[i] = init.bound * (2 * data[i] - 1);
        break;
      case "normal":
        fillNormal(data, at);
        for (let i = 0; i < data.length; i++) data[i] *= init.scale;
        break;
      case "given":
        throw new TypeError(`Cannot draw ${name}: its values come with the velocity`);
      default:
        init satisfies never;
    }
    parameters.set(name, { data, shape: [...shape] });
  }
  return parameters;
}
