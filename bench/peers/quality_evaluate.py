"""Evaluates every network under FOLDER/quality, whoever trained it, on the same held-out points.

    python quality_evaluate.py --inputs FOLDER --threads N

One JSON line per network: w2 (exact W2 of 4096 pushed points to 4096 of the target), floor (the same
between two fresh sets of the target) and npe, the normalised path energy |PE - W2^2(q0, q1)| / W2^2(q0, q1)
with PE = E int |v(t, x_t)|^2 dt (Tong et al., arXiv:2302.00482, section 5.1). Pushed by Euler with 100
steps, as torchcfm's runner evaluates; the energy is summed along the same steps.
"""

import math
from pathlib import Path

import worker

options = worker.arguments()

import numpy as np
import ot
import torch
from torchcfm.models.models import MLP

from field import at, load

STEPS = 100
sources = np.load(f"{options.inputs}/8gaussians_test.npy")
targets = np.load(f"{options.inputs}/moons_test.npy")


def squared_w2(x, y):
    weights = ot.unif(len(x))
    cost = ot.dist(np.asarray(x, np.float64), np.asarray(y, np.float64))
    return ot.emd2(weights, weights, cost, numItermax=10_000_000)


@torch.inference_mode()
def push(net, x):
    """The points at t = 1 and the path energy."""
    energy = 0.0
    for i in range(STEPS):
        velocity = at(net.net, i / STEPS, x)
        energy += (velocity**2).sum(dim=1).mean().item() / STEPS
        x = x + velocity / STEPS
    return x.numpy(), energy


seeds = range(len(targets))
floors = {s: math.sqrt(squared_w2(targets[s], targets[(s + 1) % len(targets)])) for s in seeds}
ideals = {s: squared_w2(sources[s], targets[s]) for s in seeds}
for folder in sorted(Path(options.inputs, "quality").iterdir()):
    by, coupling, seed = folder.name.split("-")
    s = int(seed)
    x, energy = push(load(MLP(dim=2, time_varying=True), folder), torch.from_numpy(sources[s]))
    worker.say({
        "by": by,
        "coupling": coupling,
        "seed": s,
        "w2": math.sqrt(squared_w2(x, targets[s])),
        "floor": floors[s],
        "energy": energy,
        "npe": abs(energy - ideals[s]) / ideals[s],
    })
