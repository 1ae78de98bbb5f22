"""The networks of the comparison, and the weights that both sides load.

A weights folder holds w0.npy, b0.npy, w1.npy, ... where layer i maps [n, in] to [n, out] as
x @ w_i + b_i. The first layer reads the columns (x..., t), as torchcfm does.
"""

from pathlib import Path

import numpy as np
import torch


def mlp(widths, activation):
    """Linear layers with `activation` between them; widths counts the input and the output."""
    layers = []
    for i in range(len(widths) - 1):
        layers.append(torch.nn.Linear(widths[i], widths[i + 1]))
        if i < len(widths) - 2:
            layers.append(activation())
    return torch.nn.Sequential(*layers)


def silu_field():
    """MLP 2+1 -> 256 -> 256 -> 256 -> 2 with SiLU."""
    return mlp([3, 256, 256, 256, 2], torch.nn.SiLU)


def at(net, t, x):
    """The velocity at one time for a batch: t is a number or 0-d tensor, x is [n, d]."""
    column = x.new_full((x.shape[0], 1), float(t)) if not torch.is_tensor(t) else t.expand(x.shape[0], 1)
    return net(torch.cat([x, column], dim=1))


def save(net, folder):
    """Writes the linear layers of `net`."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for i, layer in enumerate(linear_layers(net)):
        np.save(f"{folder}/w{i}.npy", layer.weight.detach().numpy().T.copy())
        np.save(f"{folder}/b{i}.npy", layer.bias.detach().numpy())


def load(net, folder):
    """Fills the linear layers of `net` from a weights folder and returns it."""
    with torch.no_grad():
        for i, layer in enumerate(linear_layers(net)):
            layer.weight.copy_(torch.from_numpy(np.load(f"{folder}/w{i}.npy").T.copy()))
            layer.bias.copy_(torch.from_numpy(np.load(f"{folder}/b{i}.npy")))
    return net


def linear_layers(net):
    return [m for m in net.modules() if isinstance(m, torch.nn.Linear)]
