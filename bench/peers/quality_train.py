"""Trains torchcfm on 8gaussians -> moons: five seeds, OT-CFM and independent CFM, one budget.

    python quality_train.py --inputs FOLDER --threads N

Weights go to FOLDER/quality/torchcfm-<coupling>-<seed>. The budget (5000 steps of 256, Adam 1e-3,
torchcfm's MLP 3x64 with SELU, sigma 0) is that of bench/ours/quality_train.ts, on the same points.
"""

import time

import worker

options = worker.arguments()

import numpy as np
import torch
from torchcfm.conditional_flow_matching import (
    ConditionalFlowMatcher,
    ExactOptimalTransportConditionalFlowMatcher,
)
from torchcfm.models.models import MLP

from field import save

STEPS, BATCH, SEEDS = 5000, 256, 5
MATCHERS = {
    "independent": ConditionalFlowMatcher,
    "optimalTransport": ExactOptimalTransportConditionalFlowMatcher,
}

source = torch.from_numpy(np.load(f"{options.inputs}/8gaussians.npy"))
target = torch.from_numpy(np.load(f"{options.inputs}/moons.npy"))


def train(matcher, seed):
    torch.manual_seed(seed)
    np.random.seed(seed)
    net = MLP(dim=2, time_varying=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(STEPS):
        x0 = source[torch.randint(len(source), (BATCH,))]
        x1 = target[torch.randint(len(target), (BATCH,))]
        t, xt, ut = matcher.sample_location_and_conditional_flow(x0, x1)
        loss = torch.mean((net(torch.cat([xt, t[:, None]], dim=-1)) - ut) ** 2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net


for coupling, kind in MATCHERS.items():
    for seed in range(SEEDS):
        start = time.perf_counter()
        net = train(kind(sigma=0.0), seed)
        seconds = time.perf_counter() - start
        save(net, f"{options.inputs}/quality/torchcfm-{coupling}-{seed}")
        worker.say({"coupling": coupling, "seed": seed, "seconds": seconds})
