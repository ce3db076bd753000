"""Time a step on worker processes: `python -m benchmarks.cluster`.

Networks of three sizes, on this process alone and on 1, 2 and 4 workers; the median of some steps.
Beside each size are the bytes of a step, and below the table whether two workers beat none.
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
    heads = ["parameters", "kB out", "kB back", "alone", *(f"{k} wk" for k in WORKERS)]
    print("".join(f"{head:>11}" for head in heads))
    for width, columns in rows.items():
        arrays = network_of(width).parameters.values()
        parameters, size = (
            sum(getattr(each, what) for each in arrays) for what in ("size", "nbytes")
        )
        print(
            f"{parameters:11,}"
            + 2 * f"{size / 1000:11,.0f}"
            + "".join(f"{1000 * np.median(seconds[1:]):11.1f}" for seconds in columns)
        )
    print("kB out go to each worker in each step; kB back come once, added up among the workers")
    print("two workers against none, the quickest steps: " + ", ".join(map(verdict, rows.values())))


def verdict(columns):
    """Compare the quickest step on two workers with that of this process alone."""
    none, _, two, *_ = (min(seconds[1:]) for seconds in columns)
    if two < none:
        return f"{none / two:.1f} times as fast"
    return f"{two / none:.1f} times as long"


if __name__ == "__main__":
    main()
