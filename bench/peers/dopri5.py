"""10,000 samples by torchdiffeq's dopri5 at rtol = atol = 1e-5 through the shared trained field."""

import worker

options = worker.arguments()

import numpy as np
import torch
from torchdiffeq import odeint

from field import at, load, silu_field

net = load(silu_field(), f"{options.inputs}/field")
noise = torch.from_numpy(np.load(f"{options.inputs}/noise.npy"))[:10_000]
span = torch.tensor([0.0, 1.0])
evaluations = 0


def velocity(t, x):
    global evaluations
    evaluations += 1
    return at(net, t, x)


@torch.inference_mode()
def repetition():
    global evaluations
    evaluations = 0
    x = odeint(velocity, noise, span, rtol=1e-5, atol=1e-5, method="dopri5")[-1]
    mean, deviation = x.mean(dim=0).tolist(), x.std(dim=0).tolist()
    return {"evaluations": evaluations, "mean": mean, "deviation": deviation}


worker.serve(repetition, ("torch", "torchdiffeq"))
