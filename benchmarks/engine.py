"""How fast the engine is: beside PyTorch, beside its own matrix products, and in memory.

Run it from the project's folder: `python -m benchmarks.engine`; README.md says what each number
means. Without PyTorch, its column is left out. `--quick` only shows that the script works.
"""

import argparse
import gc
import os
import platform
import time
import tracemalloc
from itertools import pairwise
from statistics import median, quantiles

import numpy as np

import bp_helpers as bp

try:
    import torch
except ImportError:
    torch = None

# widths of the layers, and examples per step
SHAPES = [
    ((2, 3, 2), 1),
    ((2, 16, 16, 2), 64),
    ((64, 64, 10), 64),
    ((784, 256, 128, 10), 64),
    ((784, 1024, 512, 10), 128),
    ((2048, 2048, 2048, 10), 256),
]
GROWING = [((width, width, width, 10), 128) for width in (4, 16, 64, 220, 700, 2230)]
LEARNING_RATE = 0.01
# both libraries take this variable over the number of cores; PyTorch alone would count differently
THREADS = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1))


def data(widths, batch, dtype):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(batch, widths[0])).astype(dtype)
    return x, rng.integers(0, widths[-1], batch)


def network_of(widths, dtype):
    rng = np.random.default_rng(1)
    layers = []
    for n_in, n_out in pairwise(widths):
        layers += [bp.Dense(n_in, n_out, rng=rng, start="he", dtype=dtype), bp.ReLU()]
    return bp.Network(layers[:-1], bp.SoftmaxCrossEntropy())


def dense_layers(network):
    return [layer for layer in network.layers if isinstance(layer, bp.Dense)]


def engine_step(network, x, y):
    optimizer = bp.GradientDescent(network, LEARNING_RATE)

    def step():
        loss = network.loss_value(x, y)
        network.parameter_gradients()
        optimizer.step()
        return loss

    return step


def pytorch_step(network, x, y):
    """Return the same step in PyTorch, from a copy of the same weights."""
    layers = []
    for dense in dense_layers(network):
        linear = torch.nn.Linear(dense.n_in, dense.n_out)
        linear.weight = torch.nn.Parameter(torch.tensor(dense.W.T.copy()))
        linear.bias = torch.nn.Parameter(torch.tensor(dense.b))
        layers += [linear, torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    x, y = torch.from_numpy(x), torch.from_numpy(y)

    def step():
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def products_step(network, x):
    """Return the bare matrix products of a step, into arrays that are there already."""
    products = []
    for k, dense in enumerate(dense_layers(network)):
        a = x if k == 0 else np.ones((len(x), dense.n_in), x.dtype)
        delta = np.ones((len(x), dense.n_out), x.dtype)
        products.append((a, dense.W, np.empty_like(delta)))
        products.append((a.T, delta, np.empty_like(dense.W)))
        if k > 0:  # nobody asks for the gradient of the network's input
            products.append((delta, dense.W.T, np.empty_like(a)))

    def step():
        for left, right, out in products:
            np.matmul(left, right, out=out)

    return step


def seconds_per_call(function, seconds):
    """Return the mean time of a call over about `seconds`, after a call that warms up."""
    start = time.perf_counter()
    function()
    calls = max(1, round(seconds / (time.perf_counter() - start)))
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def interleaved(functions, repetitions, seconds):
    """Return for each function its time per call in each repetition.

    The functions take turns, so that whatever else the machine does meets all of them alike.
    """
    for function in functions:
        seconds_per_call(function, seconds)
    times = [[] for _ in functions]
    for _ in range(repetitions):
        for function, own in zip(functions, times, strict=True):
            own.append(seconds_per_call(function, seconds))
    return times


def ratio(above, below):
    """Return the median ratio, and in brackets what the middle half of all repetitions lies in."""
    ratios = [a / b for a, b in zip(above, below, strict=True)]
    low, _, high = quantiles(ratios, n=4)
    return f"{median(ratios):.2f} ({low:.2f}-{high:.2f})"


def name_of(widths, batch):
    return f"{'-'.join(map(str, widths))} ({batch})"


def assert_same_work(step, other, dtype):
    ours, theirs = ([run() for _ in range(5)] for run in (step, other))
    np.testing.assert_allclose(ours, theirs, rtol=1e-3 if dtype == np.float32 else 1e-9)
    assert ours[-1] < ours[0]


def compare_steps(shapes, repetitions, seconds):
    print("One training step: time over PyTorch's, time over the matrix products', steps a second.")
    print(f"{'':28}{'dtype':9}{'/ PyTorch':>21}{'/ products':>21}{'steps/s':>10}")
    for widths, batch in shapes:
        for dtype in (np.float32, np.float64):
            x, y = data(widths, batch, dtype)
            network = network_of(widths, dtype)
            steps = [engine_step(network, x, y), products_step(network, x)]
            if torch:
                steps.append(pytorch_step(network, x, y))
                assert_same_work(steps[0], steps[2], dtype)
            ours, floor, *peer = interleaved(steps, repetitions, seconds)
            print(
                f"{name_of(widths, batch):28}{np.dtype(dtype).name:9}"
                f"{ratio(ours, peer[0]) if peer else 'not installed':>21}"
                f"{ratio(ours, floor):>21}{1 / median(ours):10.0f}"
            )


def compare_passes(shapes, repetitions, seconds):
    print("Backward over forward with loss, float64: with dL/dX, and as in training, without it.")
    print(f"{'':28}{'parameters':>12}{'with dL/dX':>21}{'without':>21}")
    for widths, batch in shapes:
        x, y = data(widths, batch, np.float64)
        network = network_of(widths, np.float64)

        def forward(network=network, x=x, y=y):
            network.loss_value(x, y)

        passes = [forward, network.backward, network.parameter_gradients]
        times = interleaved(passes, repetitions, seconds)
        size = sum(value.size for value in network.parameters.values())
        print(
            f"{name_of(widths, batch):28}{size:12,}"
            f"{ratio(times[1], times[0]):>21}{ratio(times[2], times[0]):>21}"
        )


def compare_memory(widths, batch):
    print(f"Memory at the peak of one step, {name_of(widths, batch)}: beside what must be there.")
    for dtype in (np.float32, np.float64):
        gc.collect()
        tracemalloc.start()  # NumPy reports its arrays to tracemalloc
        x, y = data(widths, batch, dtype)
        network = network_of(widths, dtype)
        step = engine_step(network, x, y)
        step()
        tracemalloc.reset_peak()
        step()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        parameters = sum(value.nbytes for value in network.parameters.values())
        # the input; each hidden layer's output; at the output the loss's p - t
        kept = batch * sum(widths) * np.dtype(dtype).itemsize
        needed = 2 * parameters + kept  # each parameter has a gradient
        print(
            f"{np.dtype(dtype).name:9}peak {peak / 1e6:6.1f} MB, parameters, gradients, "
            f"activations and input {needed / 1e6:6.1f} MB: {peak / needed:.2f}"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, a few seconds")
    quick = parser.parse_args().quick
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    print(f"Python {platform.python_version()}, NumPy {np.__version__} with", end=" ")
    print(f"{blas['name']} {blas['version']}, {THREADS} threads")
    if torch:
        torch.set_num_threads(THREADS)
        print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads")
    else:
        print("PyTorch is not installed, so nothing is compared with it.")
    repetitions, seconds = (3, 0.005) if quick else (21, 0.04)
    shapes, growing = (SHAPES[:2], GROWING[:2]) if quick else (SHAPES, GROWING)
    print()
    compare_steps(shapes, repetitions, seconds)
    print()
    compare_passes(growing, repetitions, seconds)
    print()
    compare_memory(*shapes[-1])


if __name__ == "__main__":
    main()
