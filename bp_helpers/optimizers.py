"""Optimizers: what is done with the gradients.

`step()` changes the parameters of the network in place, after `network.backward()` (or
`network.parameter_gradients()`) has stored their gradients. Before anything is changed, every
gradient is looked at: one that is missing, of the wrong shape or dtype, NaN or infinite is refused
with a `RuntimeError` or `ValueError`, and no parameter has moved. A learning rate that is not a
finite number above 0 is refused wherever it is set.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bp_helpers import _checks
from bp_helpers._checks import Array
from bp_helpers.network import Network


class Optimizer:
    """What every optimizer offers: `step()`, the `learning_rate`, and `steps`, the number taken."""

    def __init__(self, network: Network, learning_rate: float) -> None:
        if not isinstance(network, Network):
            raise TypeError(
                f"{type(self).__name__} got {network!r} as its network: the network comes first, "
                "then the learning rate"
            )
        self.network = network
        self.learning_rate = learning_rate
        self.steps = 0

    @property
    def learning_rate(self) -> float:
        """The size of a step, eta; it may be set between steps."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._learning_rate = _checks.positive(value, "learning_rate")

    def step(self) -> None:
        """Change every parameter in place, once."""
        ready = list(self._checked())  # all of them, before the first one changes
        self.steps += 1
        for name, value, grad in ready:
            value -= self._change(name, grad)

    def _checked(self) -> Iterator[tuple[str, Array, Array]]:
        gradients = self.network.gradients
        for name, value in self.network.parameters.items():
            grad = gradients[name]
            if grad.shape != value.shape or grad.dtype != value.dtype:
                raise ValueError(
                    f"{name} has shape {value.shape} and dtype {value.dtype}, but its gradient has "
                    f"shape {grad.shape} and dtype {grad.dtype}: they must be equal"
                )
            if not _checks.all_finite(grad):
                raise ValueError(
                    f"the gradient of {name} has NaN or infinite values; no parameter was changed: "
                    "look at the inputs, or try a smaller learning rate"
                )
            yield name, value, grad

    def _change(self, name: str, grad: Array) -> Array:
        raise NotImplementedError(f"{type(self).__name__} does not say what to subtract")


class GradientDescent(Optimizer):
    """`W -= eta * dW`, for every parameter."""

    def _change(self, name: str, grad: Array) -> Array:
        return self.learning_rate * grad


class Momentum(Optimizer):
    """`v = mu * v + dW; W -= eta * v`: steps that remember where they were going (Polyak 1964).

    `v` starts at 0; `momentum` (mu) is at least 0 and less than 1.
    """

    def __init__(self, network: Network, learning_rate: float, momentum: float = 0.9) -> None:
        super().__init__(network, learning_rate)
        self.momentum = _checks.fraction(momentum, "momentum")
        self._v = {name: np.zeros_like(value) for name, value in network.parameters.items()}

    def _change(self, name: str, grad: Array) -> Array:
        v = self._v[name]
        v *= self.momentum
        v += grad
        return self.learning_rate * v


class Adam(Optimizer):
    """Steps scaled, entry by entry, by the gradient's recent size (Kingma & Ba 2015, algorithm 1).

    `m = beta1 * m + (1 - beta1) * dW`, `v = beta2 * v + (1 - beta2) * dW**2`; at step t,
    `W -= eta * m_hat / (sqrt(v_hat) + epsilon)` with `m_hat = m / (1 - beta1**t)` and
    `v_hat = v / (1 - beta2**t)`, which make up for the start at 0.
    """

    def __init__(
        self,
        network: Network,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(network, learning_rate)
        self.beta1 = _checks.fraction(beta1, "beta1")
        self.beta2 = _checks.fraction(beta2, "beta2")
        self.epsilon = _checks.positive(epsilon, "epsilon")
        self._m = {name: np.zeros_like(value) for name, value in network.parameters.items()}
        self._v = {name: np.zeros_like(value) for name, value in network.parameters.items()}

    def _change(self, name: str, grad: Array) -> Array:
        m, v = self._m[name], self._v[name]
        m += (1 - self.beta1) * (grad - m)
        v += (1 - self.beta2) * (grad * grad - v)
        m_hat = m / (1 - self.beta1**self.steps)
        v_hat = v / (1 - self.beta2**self.steps)
        return np.asarray(self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon))
