"""Networks of sigmoids, whose every number the pictures can show and explain."""

from itertools import pairwise

import numpy as np

import bp_helpers as bp
from bp_helpers.data import running_example


def running_trace():
    example = running_example()
    return example.network.trace(example.x, example.y)


def random_trace(sizes, seed, values=None):
    """One example through layers of these sizes; its numbers are normal, or from `values`."""
    rng = np.random.default_rng(seed)

    def draw(*shape):
        return rng.normal(0, 2, shape) if values is None else rng.choice(values, shape)

    layers = []
    for n_in, n_out in pairwise(sizes):
        layers += [bp.Dense.from_arrays(draw(n_in, n_out), draw(n_out)), bp.Sigmoid()]
    network = bp.Network(layers, bp.SquaredError())
    return network.trace(draw(1, sizes[0]), draw(1, sizes[-1]))


def names_of(trace):
    """Every number of a trace, its name and value."""
    for array_name, array in trace.items():
        if array_name == "loss":
            yield "loss", array
            continue
        of_parameter = array_name.lstrip("d")[0] in "Wb"
        for index, entry in np.ndenumerate(array if of_parameter else array[0]):
            yield f"{array_name}[{','.join(map(str, index))}]", entry
