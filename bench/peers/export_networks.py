"""Exports velocity networks by both of PyTorch's exporters, with what torch computes of them.

    python bench/peers/export_networks.py tests/fixtures/onnx

For each network it writes NAME.onnx, and to expected.json: points (t, x), the velocity there, its divergence by autograd,
and where torchdiffeq carries x0 from t = 0 to t = 1. Weights are drawn from a seed, not trained.
"""

import json
import math
import sys
import warnings
from pathlib import Path

import onnx
import torch
from torch import nn
from torchdiffeq import odeint

warnings.filterwarnings("ignore")

ROWS = 5  # also the number of rows of files with a fixed batch


class Field(nn.Module):
    """v(t, x): an MLP of x and time features."""

    def __init__(self, activation, dim=2, width=12, time="raw", residual=False, layer_norm=False):
        super().__init__()
        self.time, self.residual = time, residual
        features = 1 if time == "raw" else 8
        if time == "fourier":
            self.register_buffer("frequencies", torch.randn(4))
        self.first = nn.Linear(dim + features, width)
        self.second = nn.Linear(width, width)
        self.last = nn.Linear(width, dim)
        self.norm = nn.LayerNorm(width) if layer_norm else nn.Identity()
        if layer_norm:
            nn.init.normal_(self.norm.weight)
            nn.init.normal_(self.norm.bias)
        self.activation = activation

    def features(self, t):
        if self.time == "fourier":
            angle = 2 * math.pi * t * self.frequencies
        elif self.time == "sinusoidal":
            scale = torch.exp(-math.log(1e4) * torch.arange(4, device=t.device) / 4)
            angle = 10 * t * scale[None]
        else:
            return t
        return torch.cat([torch.cos(angle), torch.sin(angle)], dim=-1)

    def forward(self, t, x):
        t = t.reshape(-1, 1).expand(x.shape[0], 1)
        h = self.activation(self.norm(self.first(torch.cat([x, self.features(t)], dim=1))))
        g = self.activation(self.norm(self.second(h)))
        return self.last(h + g if self.residual else g)


class StateFirst(nn.Module):
    """v(x), with the time of the flow in another argument, as some libraries order them."""

    def __init__(self, field):
        super().__init__()
        self.field = field

    def forward(self, x, t):
        return self.field(t, x)


class Joined(nn.Module):
    """One input, (x, t) in a row: the convention of torchcfm's MLP."""

    def __init__(self, dim=2, width=12):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(dim + 1, width), nn.SELU(), nn.Linear(width, width), nn.SELU(), nn.Linear(width, dim)
        )

    def forward(self, x):
        return self.net(x)


class Repeated(nn.Module):
    """One time for all rows, repeated and joined as torchcfm's torch_wrapper does."""

    def __init__(self):
        super().__init__()
        self.joined = Joined()

    def forward(self, t, x):
        return self.joined(torch.cat([x, t.repeat(x.shape[0])[:, None]], 1))


class Embedded(nn.Module):
    """One time for all rows, embedded by a network of its own before it meets the rows."""

    def __init__(self, width=12):
        super().__init__()
        self.embedding = nn.Sequential(nn.Linear(6, width), nn.SiLU(), nn.Linear(width, width))
        self.first, self.last = nn.Linear(2, width), nn.Linear(width, 2)
        self.register_buffer("frequencies", torch.randn(3))

    def forward(self, t, x):
        angle = 2 * math.pi * t.view(1, 1) * self.frequencies[None]
        embedded = self.embedding(torch.cat([torch.cos(angle), torch.sin(angle)], dim=1))
        scale, shift = embedded.chunk(2, dim=1)
        h = torch.tanh(self.first(x))
        return self.last(h * torch.cat([scale, scale], dim=1) + torch.cat([shift, shift], dim=1))


class Images(nn.Module):
    """A network of convolutions, which is not read."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(2, 4, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(4, 1, 2, stride=2)

    def forward(self, t, x):
        image = x.reshape(-1, 1, 4, 4)
        time = t.reshape(-1, 1, 1, 1).expand(image.shape)
        h = torch.relu(self.down(torch.cat([image, time], dim=1)))
        return self.up(self.pool(h)).reshape(-1, 16)


class Mixing(nn.Module):
    """A network in which rows see each other."""

    def forward(self, t, x):
        return x - x.mean(dim=0, keepdim=True) + t


def cases():
    """name: (network, exporter, opset, shape of t, whether the batch is dynamic, dim)."""
    silu, gelu, tanh = nn.SiLU(), nn.GELU(), nn.Tanh()
    return {
        "silu": (Field(silu), "script", 13, "column", True, 2),
        "relu": (Field(nn.ReLU()), "dynamo", 18, "vector", True, 2),
        "tanh": (Field(tanh, residual=True), "dynamo", 20, "column", True, 2),
        "gelu": (Field(gelu), "script", 13, "vector", True, 2),
        "gelu_op": (Field(gelu), "dynamo", 20, "column", True, 2),
        "gelu_tanh": (Field(nn.GELU("tanh")), "dynamo", 18, "column", True, 2),
        "gelu_tanh_op": (Field(nn.GELU("tanh")), "script", 20, "column", True, 2),
        "softplus": (Field(nn.Softplus(), dim=3), "dynamo", 18, "column", True, 3),
        "selu": (Field(nn.SELU()), "script", 21, "column", True, 2),
        "layer_norm": (Field(silu, residual=True, layer_norm=True), "script", 13, "column", True, 2),
        "layer_norm_op": (Field(silu, residual=True, layer_norm=True), "dynamo", 21, "column", True, 2),
        "fourier": (Field(silu, time="fourier"), "dynamo", 18, "scalar", True, 2),
        "fourier_one": (Field(silu, time="fourier"), "script", 17, "one", True, 2),
        "sinusoidal": (Field(tanh, time="sinusoidal"), "script", 18, "scalar", False, 2),
        "sinusoidal_fixed": (Field(tanh, time="sinusoidal"), "dynamo", 18, "vector", False, 2),
        "state_first": (StateFirst(Field(silu)), "dynamo", 18, "column", True, 2),
        "joined": (Joined(), "dynamo", 18, "joined", True, 2),
        "repeated": (Repeated(), "script", 18, "scalar", True, 2),
        "repeated_fixed": (Repeated(), "dynamo", 18, "scalar", False, 2),
        "embedded": (Embedded(), "dynamo", 18, "scalar", True, 2),
        "embedded_script": (Embedded(), "script", 15, "scalar", True, 2),
    }


def export(network, file, arguments, dynamic, exporter, opset):
    """Writes `file`; arguments are (name, tensor) in order, dynamic the names of those with rows."""
    names = [name for name, _ in arguments]
    tensors = tuple(tensor for _, tensor in arguments)
    options = {"input_names": names, "output_names": ["v"], "opset_version": opset}
    if exporter == "dynamo":
        shapes = [{0: torch.export.Dim.DYNAMIC} if name in dynamic else None for name in names]
        options |= {"dynamic_shapes": tuple(shapes)} if dynamic else {}
        options["external_data"] = file.stem == "joined"  # weights in a file beside it, PyTorch's default
        torch.onnx.export(network, tensors, file, dynamo=True, verbose=False, **options)
    else:
        axes = {name: {0: "batch"} for name in [*dynamic, "v"]} if dynamic else None
        torch.onnx.export(network, tensors, file, dynamo=False, dynamic_axes=axes, **options)
    strip(file)


def strip(file):
    """Leaves out where on the exporting machine each node was written."""
    model = onnx.load(file, load_external_data=False)
    model.ClearField("metadata_props")
    for part in [model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info]:
        part.ClearField("doc_string")
        part.ClearField("metadata_props")
    model.graph.ClearField("value_info")
    onnx.save(model, file)


def expected(velocity, dim):
    """What torch computes of v(t, x) with a time for each row."""
    t, x = torch.rand(ROWS), 2 * torch.randn(ROWS, dim)
    with torch.no_grad():
        v = torch.cat([velocity(t[i], x[i : i + 1]) for i in range(ROWS)])
    divergence = [
        torch.autograd.functional.jacobian(lambda y: velocity(t[i], y[None])[0], x[i]).trace().item()
        for i in range(ROWS)
    ]
    x0 = torch.randn(ROWS, dim)
    with torch.no_grad():
        x1 = odeint(lambda s, y: velocity(s.float(), y.float()).double(), x0.double(),
                    torch.tensor([0.0, 1.0], dtype=torch.float64), rtol=1e-8, atol=1e-8, method="dopri5")[1]
    return {name: value.tolist() for name, value in {"t": t, "x": x, "v": v, "x0": x0, "x1": x1}.items()} | {
        "divergence": divergence
    }


def time_of(shape, t, rows):
    """The time t, one number, as the network takes it."""
    t = torch.as_tensor(t, dtype=torch.float32).reshape(())
    return {"scalar": t, "one": t[None], "vector": t.expand(rows), "column": t.expand(rows, 1)}[shape]


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    results = {}
    for name, (network, exporter, opset, shape, dynamic, dim) in cases().items():
        network.eval()
        x = torch.randn(ROWS, dim)
        if shape == "joined":
            arguments = [("input", torch.cat([x, torch.rand(ROWS, 1)], 1))]
            call = lambda t, y: network(torch.cat([y, t.reshape(1, 1).expand(y.shape[0], 1)], 1))
        else:
            time = time_of(shape, 0.3, ROWS)
            state_first = isinstance(network, StateFirst)
            arguments = [("x", x), ("time", time)] if state_first else [("t", time), ("x", x)]
            call = lambda t, y: network(*((y, time_of(shape, t, y.shape[0])) if state_first
                                          else (time_of(shape, t, y.shape[0]), y)))
        rows = [arg for arg, tensor in arguments if tensor.dim() > 0 and shape != "one" or arg == "x"]
        export(network, folder / f"{name}.onnx", arguments, rows if dynamic else [], exporter, opset)
        results[name] = expected(call, dim)
    for name, network, dim in [("images", Images(), 16), ("mixing", Mixing(), 2)]:
        arguments = [("t", torch.rand(ROWS, 1)), ("x", torch.randn(ROWS, dim))]
        export(network.eval(), folder / f"{name}.onnx", arguments, ["t", "x"], "script", 18)
    (folder / "expected.json").write_text(json.dumps(results, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
