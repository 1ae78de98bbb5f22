"""The protocol of a benchmark worker: a long-lived process that does one timed repetition per line.

A worker sets up once, prints {"ready": true, ...} and then, for every line "run" on its standard
input, does one repetition and prints one JSON line {"seconds": s, "cpu": c, "extra": {...}}, where cpu is the
processor time of all its threads. Between lines it sleeps in a read, so that the process it is compared
with has the machine to itself. The clock runs inside the worker: neither start-up nor the pipe is timed.
"""

import argparse
import json
import os
import platform
import sys
import time
from importlib.metadata import version


def arguments():
    """Reads --inputs, --threads and --variant, and pins the thread pools before torch is imported."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", required=True, help="folder written by make_inputs.py")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--variant", default="")
    options = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    import torch

    torch.set_num_threads(options.threads)
    return options


def serve(repetition, packages=("torch",)):
    """Answers "run" lines with timed calls of `repetition`, which returns what belongs in `extra`."""
    versions = {"python": platform.python_version(), **{name: version(name) for name in packages}}
    say({"ready": True, "versions": versions})
    for line in sys.stdin:
        if line.strip() != "run":
            continue
        start, processor = time.perf_counter(), time.process_time()
        extra = repetition()
        seconds = time.perf_counter() - start
        say({"seconds": seconds, "cpu": time.process_time() - processor, "extra": extra})


def say(value):
    """Prints one JSON line at once."""
    print(json.dumps(value), flush=True)
