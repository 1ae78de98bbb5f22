/**
 * A network that PyTorch trained, with everything that a flow has here: samples, exact likelihoods, metrics, and ONNX files
 * with the solver inside.
 *
 *     deno run -A examples/from_pytorch.ts
 *
 * It shows the import of a network: torchcfm trained this one on two moons (bench/peers/train_moons.py), and one call of
 * torch.onnx.export wrote it. Its one input is (x, t) in a row, which `joined` says. Nothing is trained here.
 */
import { data, main, metric, pipeline, type PipelineSpec, solver, velocity } from "../mod.ts";

const imported: PipelineSpec = pipeline({
  name: "from-pytorch",
  target: data.twoMoons({ noise: 0.2, smear: "diagonal", scale: 3, shift: -1 }),
  velocity: velocity.onnx(new URL("data/torchcfm/moons.onnx", import.meta.url), {
    joined: "stateFirst",
    dim: 2,
  }),
  solver: solver.dopri5({ rtol: 1e-5, atol: 1e-5 }),
  metrics: [
    metric.wasserstein2({ samples: 2_000 }),
    metric.negativeLogLikelihood({ samples: 2_000 }),
    metric.straightness(),
  ],
});

export default imported;
if (import.meta.main) await main(imported);
