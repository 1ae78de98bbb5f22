"""10,240 samples through 100 Euler steps of the shared trained field. Variants: "" (eager), compile."""

import worker

options = worker.arguments()

import numpy as np
import torch

from field import at, load, silu_field

STEPS = 100
net = load(silu_field(), f"{options.inputs}/field")
noise = torch.from_numpy(np.load(f"{options.inputs}/noise.npy"))


def euler_step(t, x):
    return x + at(net, t, x) / STEPS


advance = torch.compile(euler_step) if "compile" in options.variant else euler_step
times = [torch.tensor(i / STEPS) for i in range(STEPS)]


@torch.inference_mode()
def repetition():
    x = noise
    for t in times:
        x = advance(t, x)
    return {"mean": x.mean(dim=0).tolist(), "deviation": x.std(dim=0).tolist()}


worker.serve(repetition)
