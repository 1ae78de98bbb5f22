import type { Expression } from "../../graph/mod.ts";
import { nearest } from "../../graph/nearest.ts";
import { InputError } from "../error.ts";
import { LAYERS, UnsupportedSetting } from "./layers.ts";
import type { ReadLayer, TfjsLayer, TfjsModel, TfjsSymbol } from "./model.ts";

/** A model as a function of expressions, with its weights on the host. */
export interface ReadModel {
  /** @throws {InputError} If a layer has a setting that is not supported. */
  apply(inputs: readonly Expression[]): Expression[];
}

/**
 * Reads the layers of a model and fetches their weights.
 *
 * @throws {InputError} If this is no layers model, or layers are not supported: all of them are named.
 */
export async function readModel(model: TfjsModel): Promise<ReadModel> {
  const layers = new Map<object, ReadLayer>();
  const models = new Map<object, ReadModel>();
  const unsupported: string[] = [];
  await collect(model);
  if (unsupported.length > 0) {
    const known = Object.keys(LAYERS).join(", ");
    throw new InputError(
      `velocity.tfjs: there is no velocity for ${unsupported.join(", ")}: layers may be ${known}`,
      { field: "model" },
    );
  }
  return { apply: (inputs) => applied(model, inputs) };

  async function collect({ layers: list }: TfjsModel): Promise<void> {
    for (const layer of list) {
      if (isModel(layer)) {
        models.set(layer, { apply: (inputs) => applied(layer, inputs) });
        await collect(layer);
      } else if (Object.hasOwn(LAYERS, layer.getClassName())) {
        layers.set(layer, await readLayer(layer));
      } else {
        const kind = layer.getClassName();
        const meant = nearest(kind, Object.keys(LAYERS));
        unsupported.push(
          `the layer ${layer.name} (${kind}${meant === undefined ? "" : `; ${meant} there is`})`,
        );
      }
    }
  }

  /** What a model makes of its inputs: every symbol from those it was made of. */
  function applied({ inputs, outputs }: TfjsModel, given: readonly Expression[]): Expression[] {
    const known = new Map<TfjsSymbol, Expression>(inputs.map((symbol, i) => [symbol, given[i]]));
    const valueOf = (symbol: TfjsSymbol): Expression => {
      const value = known.get(symbol) ?? made(symbol, symbol.inputs.map(valueOf));
      known.set(symbol, value);
      return value;
    };
    return outputs.map(valueOf);
  }

  function made(symbol: TfjsSymbol, inputs: readonly Expression[]): Expression {
    const nested = models.get(symbol.sourceLayer);
    if (nested !== undefined) return nested.apply(inputs)[symbol.outputTensorIndex ?? 0];
    const layer = layers.get(symbol.sourceLayer)!;
    try {
      return LAYERS[layer.kind](inputs, layer);
    } catch (cause) {
      if (!(cause instanceof UnsupportedSetting)) throw cause;
      const { name, kind } = layer;
      throw new InputError(`velocity.tfjs: the layer ${name} (${kind}): ${cause.message}`, {
        field: "model",
        cause,
      });
    }
  }
}

/** Whether a layer is a model of its own. */
function isModel(layer: object): layer is TfjsLayer & TfjsModel {
  return "layers" in layer && "inputs" in layer && "outputs" in layer;
}

async function readLayer(layer: TfjsLayer): Promise<ReadLayer> {
  const weights = await Promise.all(
    layer.getWeights().map(async (tensor) => ({
      shape: [...tensor.shape],
      data: Float64Array.from(await tensor.data()),
    })),
  );
  return {
    name: layer.name,
    kind: layer.getClassName(),
    config: layer.getConfig() as ReadLayer["config"],
    weights,
  };
}
