"""OT-CFM training end to end: torchcfm's matcher with POT's exact plan, its MLP 3x64 with SELU, Adam.

One repetition is STEPS whole steps from drawing the batch to the optimizer. Batches are rows of a
tensor drawn by index (torchcfm's 8gaussians sampler loops in Python and would be timed instead).
Variants: 256, 512 (the batch size).
"""

import worker

options = worker.arguments()

import numpy as np
import torch
from torchcfm.conditional_flow_matching import ExactOptimalTransportConditionalFlowMatcher
from torchcfm.models.models import MLP

BATCH = int(options.variant or 256)
STEPS = {256: 1000, 512: 400}[BATCH]

torch.manual_seed(0)
np.random.seed(0)
source = torch.from_numpy(np.load(f"{options.inputs}/8gaussians.npy"))
target = torch.from_numpy(np.load(f"{options.inputs}/moons.npy"))
net = MLP(dim=2, time_varying=True)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
matcher = ExactOptimalTransportConditionalFlowMatcher(sigma=0.0)


def step():
    x0 = source[torch.randint(len(source), (BATCH,))]
    x1 = target[torch.randint(len(target), (BATCH,))]
    t, xt, ut = matcher.sample_location_and_conditional_flow(x0, x1)
    loss = torch.mean((net(torch.cat([xt, t[:, None]], dim=-1)) - ut) ** 2)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def repetition():
    for _ in range(STEPS):
        loss = step()
    return {"steps": STEPS, "loss": loss.item()}


worker.serve(repetition, ("torch", "torchcfm", "POT"))
