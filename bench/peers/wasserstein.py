"""Exact W2 of two clouds of 2,000 points in 2-D by POT's emd2. Variants: near, far (the clouds)."""

import math

import worker

options = worker.arguments()

import numpy as np
import ot

x, y = np.load(f"{options.inputs}/wasserstein_{options.variant or 'near'}.npy").astype(np.float64)
weights = ot.unif(len(x))


def repetition():
    cost = ot.dist(x, y)  # squared Euclidean; its time counts
    return {"w2": math.sqrt(ot.emd2(weights, weights, cost, numItermax=10_000_000))}


worker.serve(repetition, ("numpy", "POT"))
