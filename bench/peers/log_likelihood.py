"""Exact log-likelihood of 10,000 points in 2-D: dopri5 1e-5 backwards, divergence by autograd."""

import math

import worker

options = worker.arguments()

import numpy as np
import torch
from torchdiffeq import odeint

from field import at, load, silu_field

net = load(silu_field(), f"{options.inputs}/field").requires_grad_(False)
points = torch.from_numpy(np.load(f"{options.inputs}/points.npy"))
span = torch.tensor([1.0, 0.0])
evaluations = 0


def augmented(t, state):
    global evaluations
    evaluations += 1
    with torch.enable_grad():
        x = state[0].requires_grad_(True)
        velocity = at(net, t, x)
        first = torch.autograd.grad(velocity[:, 0].sum(), x, retain_graph=True)[0][:, 0]
        second = torch.autograd.grad(velocity[:, 1].sum(), x)[0][:, 1]
    return velocity.detach(), first + second


@torch.no_grad()
def repetition():
    global evaluations
    evaluations = 0
    start = (points.clone(), torch.zeros(len(points)))
    z, change = odeint(augmented, start, span, rtol=1e-5, atol=1e-5, method="dopri5")
    log_source = -0.5 * (z[-1] ** 2).sum(dim=1) - math.log(2 * math.pi)
    log_likelihood = log_source + change[-1]  # change = integral from 1 to 0 of the divergence
    return {"evaluations": evaluations, "mean": log_likelihood.mean().item()}


worker.serve(repetition, ("torch", "torchdiffeq"))
