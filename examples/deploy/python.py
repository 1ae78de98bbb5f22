"""Draws samples with an exported model, and asks for their log-likelihood. No Pushforward, no Deno: NumPy and ONNX Runtime.

    deno run -A moons.ts export --to model/
    pip install numpy onnxruntime
    python examples/deploy/python.py model/ --count 1000
"""

import argparse
import json
import os

import numpy as np
import onnxruntime


def session(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # it would warn of every input that may be left out
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def draw_source(source, count, random):
    """Points of the source, as the metadata of the files describes it."""
    shape = (count, *source["shape"])
    if source["kind"] == "gaussian":
        z = random.standard_normal(shape)
        return (np.array(source["mean"]) + np.array(source["scale"]) * z).astype(np.float32)
    if source["kind"] == "uniform":
        return random.uniform(source["low"], source["high"], shape).astype(np.float32)
    raise SystemExit(f"the model starts from '{source['kind']}': hand in samples of it instead of noise")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="the folder that was exported")
    parser.add_argument("--count", type=int, default=1000, help="number of samples")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, help="number of equal steps; by default the pipeline's")
    parser.add_argument("--to", help="write the samples to this .npy file")
    options = parser.parse_args()

    sampler = session(os.path.join(options.model, "sampler.onnx"))
    facts = sampler.get_modelmeta().custom_metadata_map
    print(f"{facts['name']}, spec {facts['hash'][:12]}, by {facts['library']}")

    noise = draw_source(json.loads(facts["source"]), options.count, np.random.default_rng(options.seed))
    feeds = {"source": noise}
    if options.steps is not None:
        if "steps" not in [value.name for value in sampler.get_overridable_initializers()]:
            raise SystemExit("--steps needs a solver with equal steps; this one chooses its own")
        feeds["steps"] = np.array(options.steps, dtype=np.int32)
    samples, status, evaluations = sampler.run(["samples", "status", "evaluations"], feeds)
    print(f"{len(samples)} samples of shape {list(samples.shape[1:])}, {evaluations.mean():.0f} evaluations each")
    print(f"mean {np.round(samples.mean(axis=0), 3).tolist()}, given up {np.count_nonzero(status)}")
    if options.to:
        np.save(options.to, samples)

    path = os.path.join(options.model, "likelihood.onnx")
    if os.path.exists(path):
        (log_likelihood,) = session(path).run(["log_likelihood"], {"x": samples})
        print(f"mean log-likelihood {log_likelihood.mean():.4f} nats")


main()
