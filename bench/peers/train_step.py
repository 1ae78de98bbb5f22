"""Training steps of an MLP 3 -> 256 -> 256 -> 256 -> 2 with SiLU, batch 256, Adam, flow matching.

One repetition is STEPS whole steps: draw x0, x1 and t, interpolate, loss, gradient, Adam (and EMA).
Variants, joined by "+": compile (torch.compile of the loss), fused (Adam's fused kernel), ema.
"""

import copy

import worker

options = worker.arguments()

import numpy as np
import torch

from field import silu_field

STEPS = 300
BATCH = 256
parts = options.variant.split("+")

torch.manual_seed(0)
moons = torch.from_numpy(np.load(f"{options.inputs}/moons.npy"))
net = silu_field()
average = copy.deepcopy(net).requires_grad_(False) if "ema" in parts else None
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True if "fused" in parts else None)


def loss_of(x0, x1, t):
    xt = (1 - t) * x0 + t * x1
    return torch.mean((net(torch.cat([xt, t], dim=1)) - (x1 - x0)) ** 2)


loss_function = torch.compile(loss_of) if "compile" in parts else loss_of


def step():
    x1 = moons[torch.randint(len(moons), (BATCH,))]
    loss = loss_function(torch.randn(BATCH, 2), x1, torch.rand(BATCH, 1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if average is not None:
        with torch.no_grad():
            torch._foreach_lerp_(list(average.parameters()), list(net.parameters()), 1e-3)
    return loss


def repetition():
    for _ in range(STEPS):
        loss = step()
    return {"steps": STEPS, "loss": loss.item()}


worker.serve(repetition)
