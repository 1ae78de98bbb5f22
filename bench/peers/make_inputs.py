"""Writes what both sides of the comparison read: data sets, start points and a trained field.

    python make_inputs.py FOLDER

    8gaussians.npy, moons.npy   [50000, 2] f32, drawn by torchcfm's own samplers
    8gaussians_test.npy, moons_test.npy   [5, 4096, 2], one held-out set per seed of the quality row
    noise.npy                   [10240, 2] standard normals: where the solves start
    points.npy                  [10000, 2] moons: where the log-likelihood is wanted
    wasserstein_near.npy, wasserstein_far.npy   [2, 2000, 2]: two clouds of moons; 8gaussians and moons
    field/                      weights of an MLP 3 -> 256 -> 256 -> 256 -> 2, SiLU, trained noise -> moons, 3000 steps
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torchcfm.conditional_flow_matching import ConditionalFlowMatcher
from torchcfm.utils import sample_8gaussians, sample_moons

from field import save, silu_field


def shuffled_moons(n):
    """torchcfm's moons in random order (its sampler walks along the arcs)."""
    return sample_moons(n)[torch.randperm(n)]


def train_field(moons):
    """Trains the shared field; the point is a field with the stiffness of a trained one."""
    net = silu_field()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    matcher = ConditionalFlowMatcher(sigma=0.0)
    for _ in range(3000):
        x1 = moons[torch.randint(len(moons), (256,))]
        t, xt, ut = matcher.sample_location_and_conditional_flow(torch.randn(256, 2), x1)
        loss = torch.mean((net(torch.cat([xt, t[:, None]], dim=1)) - ut) ** 2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    np.random.seed(0)
    gaussians, moons = sample_8gaussians(50_000), shuffled_moons(50_000)
    arrays = {
        "8gaussians": gaussians,
        "moons": moons,
        "8gaussians_test": torch.stack([sample_8gaussians(4096) for _ in range(5)]),
        "moons_test": torch.stack([shuffled_moons(4096) for _ in range(5)]),
        "noise": torch.randn(10_240, 2),
        "points": shuffled_moons(10_000),
        "wasserstein_near": torch.stack([shuffled_moons(2000), shuffled_moons(2000)]),
        "wasserstein_far": torch.stack([sample_8gaussians(2000), shuffled_moons(2000)]),
    }
    for name, value in arrays.items():
        np.save(folder / f"{name}.npy", value.numpy().astype(np.float32))
    save(train_field(moons), folder / "field")


main()
