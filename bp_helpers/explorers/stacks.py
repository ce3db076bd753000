"""Many small networks at once: their parameters in stacks, and one pass through all of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bp_helpers.layers import Activation
from bp_helpers.losses import Loss
from bp_helpers.pictures import FloatArray

# A layer of all networks: W (networks, n_in, n_out), b (networks, n_out), and what follows.
StackedLayer = tuple[FloatArray, FloatArray, Activation]


def outputs_of(x: FloatArray, layers: Iterable[StackedLayer]) -> FloatArray:
    """Return what each network says, (networks, N, n_out), of the same x, (N, n_in)."""
    for W, b, phi in layers:
        x = phi.value(x @ W + b[:, np.newaxis])
    return x


def losses_of(loss: Loss, outputs: FloatArray, y: FloatArray) -> FloatArray:
    """Return the loss of each network, from the outputs of all; they have the same targets."""
    return np.array([loss.forward(output, y) for output in outputs])
