"""Lose a worker in each training, again and again: `python -m benchmarks.faults [minutes]`.

Each training of four steps on four workers loses one in the middle of a step. What counts is that
none hangs and none ends with other parameters than one machine's; how long they took is beside it.
Run it on one processor beside other work, where late answers are many: `taskset -c 0 ...`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bp_helpers import Dense, Identity, Momentum, Network, SoftmaxCrossEntropy, Tanh
from bp_helpers.cluster import local_cluster, train_on_cluster

STEPS, PATIENCE = 4, 30.0  # seconds that a step may take, with all its new beginnings
HOME = os.getpid()


class Deadly(Identity):
    """Ends the first worker that runs it: the one that finds the file."""

    def __init__(self, flag):
        super().__init__()
        self.flag = flag

    def forward(self, x):
        if os.getpid() != HOME and self.flag.exists():
            self.flag.unlink(missing_ok=True)
            os._exit(1)
        return super().forward(x)


def network_of(first):
    rng = np.random.default_rng(0)
    layers = [first, Dense(3, 4, rng=rng), Tanh(), Dense(4, 2, rng=rng)]
    return Network(layers, SoftmaxCrossEntropy())


def trained(first, x, y, cluster=None):
    network = network_of(first)
    optimizer = Momentum(network, 0.3)
    if cluster is not None:
        train_on_cluster(network, optimizer, x, y, STEPS, cluster=cluster, timeout=PATIENCE)
        return [*network.parameters.values()]
    for _ in range(STEPS):
        network.loss_value(x, y)
        network.parameter_gradients()
        optimizer.step()
    return [*network.parameters.values()]


def main(minutes=20.0):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(13, 3)), rng.integers(0, 2, 13)
    right, seconds, hung = trained(Identity(), x, y), [], 0
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        cluster = local_cluster(4)  # of new processes for every four trainings
        for _ in range(4):
            flag = Path(tempfile.mkdtemp()) / "flag"
            flag.touch()
            start = time.perf_counter()
            try:
                found = trained(Deadly(flag), x, y, cluster)
            except TimeoutError:
                hung += 1
                continue
            seconds.append(time.perf_counter() - start)
            for one, other in zip(found, right, strict=True):
                np.testing.assert_allclose(one, other, atol=1e-12)
        cluster.close()
    print(f"{len(seconds)} trainings as on one machine, {hung} hung")
    print(f"seconds: median {np.median(seconds):.1f}, longest {max(seconds):.1f}")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
