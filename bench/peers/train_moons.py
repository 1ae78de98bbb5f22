"""Trains a velocity from noise to two moons with torchcfm and exports it: the network of examples/from_pytorch.ts.

    python bench/peers/train_moons.py examples/data/torchcfm/moons.onnx

Everything is torchcfm's: the data, the MLP (whose one input is (x, t) in a row) and exact optimal transport couplings.
"""

import sys
import warnings

import torch
from torchcfm.conditional_flow_matching import ExactOptimalTransportConditionalFlowMatcher
from torchcfm.models import MLP
from torchcfm.utils import sample_moons

from export_networks import strip

warnings.filterwarnings("ignore")

STEPS = 5_000
BATCH = 256


def main(file):
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = MLP(dim=2, time_varying=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    matcher = ExactOptimalTransportConditionalFlowMatcher(sigma=0.0)
    for step in range(STEPS):
        x1 = sample_moons(BATCH)
        t, x, u = matcher.sample_location_and_conditional_flow(torch.randn_like(x1), x1)
        loss = ((model(torch.cat([x, t[:, None]], dim=1)) - u) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 1_000 == 0:
            print(step, loss.item())
    batch = {0: torch.export.Dim.DYNAMIC}
    torch.onnx.export(
        model.eval(), (torch.randn(8, 3),), file, dynamic_shapes=(batch,),
        input_names=["xt"], output_names=["v"], external_data=False, verbose=False,
    )
    strip(file)


if __name__ == "__main__":
    main(sys.argv[1])
