"""The rows of bench/webgpu/ in PyTorch on a CUDA device: `python gpu.py eager | compile | graphs`.

It speaks the protocol of bench/webgpu/worker.ts: lines of JSON in, one line of JSON out for each. Numbers come from the
files that bench/webgpu/run.ts writes. `graphs` captures a whole training step, or a solver step, in a CUDA graph.
"""

import json
import sys
import time

import numpy as np
import torch

BATCHES, EULER_STEPS, TOLERANCE = 8, 100, 1e-5
C = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1]
A = [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
]
B = [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0]
B_HAT = [5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40]
E = [b - h for b, h in zip(B, B_HAT)]

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def say(value):
    print(json.dumps(value), flush=True)


class Net(torch.nn.Module):
    """Linear layers with SiLU between them, of the columns (x, t)."""

    def __init__(self, read, layers, width):
        super().__init__()
        widths = [3] + [width] * layers + [2]
        self.layers = torch.nn.ModuleList(torch.nn.Linear(i, o) for i, o in zip(widths, widths[1:]))
        with torch.no_grad():
            for i, layer in enumerate(self.layers):
                layer.weight.copy_(read(f"w{i}", widths[i], widths[i + 1]).T)
                layer.bias.copy_(read(f"b{i}", widths[i + 1]))

    def forward(self, x, t):
        h = torch.cat([x, t], dim=1)
        for i, layer in enumerate(self.layers):
            h = layer(h)
            if i < len(self.layers) - 1:
                h = torch.nn.functional.silu(h)
        return h


def captured(function):
    """A CUDA graph of a function without arguments, and what it returned."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            function()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = function()
    return graph, result


def train(net, read, batch, variant):
    x0, x1 = (read(name, BATCHES, batch, 2).to(device) for name in ("x0", "x1"))
    t = read("t", BATCHES, batch, 1).to(device)
    graphs = variant == "graphs"
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=device.type == "cuda", capturable=graphs)

    def loss_of(x0, x1, t):
        return torch.mean((net((1 - t) * x0 + t * x1, t) - (x1 - x0)) ** 2)

    loss_function = torch.compile(loss_of) if variant == "compile" else loss_of
    held = [tensor[0].clone() for tensor in (x0, x1, t)]

    def step():
        loss = loss_function(*held)
        optimizer.zero_grad(set_to_none=not graphs)
        loss.backward()
        optimizer.step()
        return loss

    graph, graph_loss = None, None
    if graphs:
        start = [p.detach().clone() for p in net.parameters()]
        graph, graph_loss = captured(step)
        with torch.no_grad():  # the steps that warmed the graph up are undone
            for p, value in zip(net.parameters(), start):
                p.copy_(value)
            for state in optimizer.state.values():
                for value in state.values():
                    value.zero_()

    def run(count):
        for i in range(count):
            if graph is None:
                held[:] = [tensor[i % BATCHES] for tensor in (x0, x1, t)]
                loss = step()
            else:
                for place, tensor in zip(held, (x0, x1, t)):
                    place.copy_(tensor[i % BATCHES])
                graph.replay()
                loss = graph_loss
        return loss.item()

    return run


def solve(net, read, kind, samples, variant):
    start = read("x", samples, 2).to(device)
    field = torch.compile(net) if variant == "compile" else net
    x, t, h = start.clone(), torch.zeros((), device=device), torch.zeros((), device=device)

    def euler():
        return x + field(x, t.expand(samples, 1)) / EULER_STEPS

    def dopri5():
        slopes = []

        def moved(weights, base):
            for k, weight in zip(slopes, weights):
                if weight != 0:
                    base = base + h * weight * k
            return base

        for c, weights in zip(C, A):
            slopes.append(field(moved(weights, x), (t + c * h).expand(samples, 1)))
        after = moved(B, x)
        error = moved(E, torch.zeros_like(x))
        scale = TOLERANCE + TOLERANCE * torch.maximum(x.abs(), after.abs())
        return after, torch.sqrt(torch.mean((error / scale) ** 2))

    step = euler if kind == "euler" else dopri5
    graph, held = captured(step) if variant == "graphs" else (None, None)

    def once():
        if graph is None:
            return step()
        graph.replay()
        return held

    def run(count):
        for _ in range(count):
            x.copy_(start)
            if kind == "euler":
                for i in range(EULER_STEPS):
                    t.fill_(i / EULER_STEPS)
                    x.copy_(once())
                continue
            time_now, size = 0.0, 0.05
            while time_now < 1:
                size = min(size, 1 - time_now)
                t.fill_(time_now)
                h.fill_(size)
                after, error = once()
                error = error.item()
                if error <= 1:
                    x.copy_(after)
                    time_now += size
                size *= min(10.0, max(0.2, 0.9 * max(error, 1e-10) ** -0.2))
        return x.abs().mean().item()

    return run


def timed(run, count):
    """Seconds on the clock, and those between two events of the device."""
    events = [torch.cuda.Event(enable_timing=True) for _ in range(2)] if device.type == "cuda" else None
    start = time.perf_counter()
    if events:
        events[0].record()
    check = run(count)
    if events:
        events[1].record()
        events[1].synchronize()
    answer = {"seconds": time.perf_counter() - start, "check": check}
    return {**answer, "device": events[0].elapsed_time(events[1]) / 1000} if events else answer


def opened(request, variant):
    work = request["open"]
    size = work["batch"] if work["kind"] == "train" else work["samples"]
    key = f"{work['kind']}-{work['layers']}x{work['width']}-{size}"

    def read(name, *shape):
        values = np.fromfile(f"{request['folder']}/{key}.{name}", dtype="<f4")
        return torch.from_numpy(values.reshape(shape))

    net = Net(read, work["layers"], work["width"]).to(device)
    if work["kind"] == "train":
        return train(net, read, size, variant)
    for parameter in net.parameters():
        parameter.requires_grad_(False)
    return solve(net, read, work["kind"], size, variant)


def main():
    variant = sys.argv[1]
    if variant == "graphs" and device.type != "cuda":
        return say({"error": "CUDA graphs need a CUDA device"})
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    say({"ready": f"PyTorch {torch.__version__}, {variant}, {name}"})
    run = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "open" in request:
                run = opened(request, variant)
                say({"opened": True})
            elif "close" in request:
                run = None
                say({"closed": True})
            else:
                say(timed(run, request["run"]))
        except Exception as problem:  # whatever it is, the row goes without this rival
            say({"error": str(problem).split("\n")[0] or type(problem).__name__})


main()
