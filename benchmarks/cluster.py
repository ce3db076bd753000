"""Time a step on worker processes: `python -m benchmarks.cluster`.

Networks of three sizes, on this process alone and on 1 to 4 workers; the median of some steps.
"""

from __future__ import annotations

import time

import numpy as np

from bp_helpers import Dense, Momentum, Network, SoftmaxCrossEntropy, Tanh
from bp_helpers.cluster import local_cluster, train_on_cluster

EXAMPLES, INPUTS, CLASSES, STEPS = 4000, 64, 10, 10
WIDTHS = (32, 256, 1024)
WORKERS = (1, 2, 4)


def network_of(width):
    rng = np.random.default_rng(0)
    layers = [Dense(INPUTS, width, rng=rng), Tanh(), Dense(width, CLASSES, rng=rng)]
    return Network(layers, SoftmaxCrossEntropy())


def alone(width, x, y):
    network = network_of(width)
    optimizer, seconds = Momentum(network, 0.01), []
    for _ in range(STEPS):
        start = time.perf_counter()
        network.loss_value(x, y)
        network.parameter_gradients()
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    return seconds


def on_workers(width, x, y, cluster):
    network = network_of(width)
    return train_on_cluster(network, Momentum(network, 0.01), x, y, STEPS, cluster=cluster).seconds


def main():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(EXAMPLES, INPUTS)), rng.integers(0, CLASSES, EXAMPLES)
    rows = {width: [alone(width, x, y)] for width in WIDTHS}
    for workers in WORKERS:
        cluster = local_cluster(workers)
        for width in WIDTHS:
            rows[width].append(on_workers(width, x, y, cluster))
        cluster.close()
    print(f"milliseconds a step, {EXAMPLES} examples; the first step, which sends the data, aside")
    print(f"{'parameters':>10} {'alone':>8}" + "".join(f"{k:>5} wk" for k in WORKERS))
    for width, columns in rows.items():
        size = sum(array.size for array in network_of(width).parameters.values())
        times = [1000 * np.median(seconds[1:]) for seconds in columns]
        print(f"{size:10,} {times[0]:8.1f}" + "".join(f"{each:8.1f}" for each in times[1:]))


if __name__ == "__main__":
    main()
