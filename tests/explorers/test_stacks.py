"""Many networks at once give what each of them gives alone."""

import numpy as np
import pytest
from helpers import LOSSES

import bp_helpers as bp
from bp_helpers.explorers.stacks import losses_of, outputs_of


@pytest.mark.parametrize("named", LOSSES)
def test_each_network_has_the_outputs_and_the_loss_that_it_has_alone(named):
    rng, (kind, targets) = np.random.default_rng(0), LOSSES[named]
    x, y = rng.normal(size=(5, 2)), targets(rng, 5, 3)
    W1, b1 = rng.normal(size=(4, 2, 6)), rng.normal(size=(4, 6))
    W2, b2 = rng.normal(size=(4, 6, 3)), rng.normal(size=(4, 3))
    outputs = outputs_of(x, [(W1, b1, bp.Tanh()), (W2, b2, bp.Identity())])
    losses = losses_of(kind(), outputs, y)
    assert outputs.shape == (4, 5, 3)
    assert losses.shape == (4,)
    for k in range(4):
        first, second = bp.Dense.from_arrays(W1[k], b1[k]), bp.Dense.from_arrays(W2[k], b2[k])
        network = bp.Network([first, bp.Tanh(), second], kind())
        np.testing.assert_allclose(outputs[k], network.forward(x), rtol=1e-12)
        assert losses[k] == pytest.approx(network.loss_value(x, y), rel=1e-12)
