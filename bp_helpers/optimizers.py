"""Optimizers: what is done with the gradients.

`step()` changes the parameters of the network in place, after `network.backward()` (or
`network.parameter_gradients()`) has stored their gradients. Before anything is changed, every
gradient is looked at: one that is missing, of the wrong shape or dtype, NaN or infinite is refused
with a `RuntimeError` or `ValueError`, and no parameter has moved. So are a step that would be NaN
or infinite, and a network whose layers or arrays are no longer those that the optimizer was made
for. A learning rate that is not a finite number above 0 is refused wherever it is set.
"""

from __future__ import annotations

from operator import is_not

import numpy as np

from bp_helpers import _checks
from bp_helpers._checks import Array
from bp_helpers.network import Network

Memory = tuple[Array, ...]  # what an optimizer remembers of one parameter


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
        self._names = list(network.parameters)
        self._arrays = self._arrays_now()
        self._memory = [self._start(array) for array in self._arrays]

    @property
    def learning_rate(self) -> float:
        """The size of a step, eta; it may be set between steps."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._learning_rate = _checks.positive(value, "learning_rate")

    @_checks.quietly
    def step(self) -> None:
        """Change every parameter in place, once; an interrupted step is whole or not at all."""
        steps = self.steps + 1
        changes: list[Array] = []
        memory: list[Memory] = []
        gradients = self._checked()
        for name, grad, before in zip(self._names, gradients, self._memory, strict=True):
            change, after = self._change(grad, before, steps)
            if not _checks.all_finite(change):
                raise self._not_finite(name, grad)
            changes.append(change)
            memory.append(after)
        moved: list[Array] = []
        try:
            # All in one call: KeyboardInterrupt comes between two calls, never within one.
            moved.extend(map(np.subtract, self._arrays, changes, self._arrays))
            self._taken(memory, steps)
        except BaseException:
            if moved:
                self._taken(memory, steps)
            raise

    def _taken(self, memory: list[Memory], steps: int) -> None:
        """Note what goes with parameters that have moved; done twice, it is the same."""
        self._memory, self.steps = memory, steps
        self.network.after_step()

    def _checked(self) -> list[Array]:
        """Return the gradients, if the network's parameters and they are fit to be used."""
        layers, arrays = self.network.layers, self._arrays_now()
        if len(arrays) != len(self._arrays) or any(map(is_not, arrays, self._arrays)):
            raise self._not_the_network_it_was()
        gradients = [grad for layer in layers for grad in layer.gradients.values()]
        for name, array, grad in zip(self._names, arrays, gradients, strict=True):
            _checks.writable(array, name)
            if not isinstance(grad, np.ndarray):
                raise TypeError(
                    f"the gradient of {name} is {grad!r}: it must be a NumPy array of shape "
                    f"{array.shape}, as {name} is"
                )
            if array.dtype.kind != "f":
                raise TypeError(f"{name} has dtype {array.dtype}: a step needs float64 or float32")
            if grad.shape != array.shape or grad.dtype != array.dtype:
                raise ValueError(
                    f"{name} has shape {array.shape} and dtype {array.dtype}, but its gradient has "
                    f"shape {grad.shape} and dtype {grad.dtype}: they must be equal"
                )
        return gradients

    @staticmethod
    def _not_finite(name: str, grad: Array) -> ValueError:
        if _checks.all_finite(grad):
            return ValueError(
                f"the gradient of {name} is finite, but the step has NaN or infinite values; no "
                "parameter was changed: make the learning rate smaller, or Adam's epsilon larger"
            )
        return ValueError(
            f"the gradient of {name} has NaN or infinite values; no parameter was changed: look at "
            "the inputs, or try a smaller learning rate"
        )

    def _arrays_now(self) -> list[Array]:
        # Without their names, which would take longer than the step of a small network.
        return [array for layer in self.network.layers for array in layer.parameters.values()]

    def _not_the_network_it_was(self) -> ValueError:
        optimizer, now = type(self).__name__, self.network.parameters
        if list(now) != self._names:
            return ValueError(
                f"this {optimizer} was made for {', '.join(self._names)}, but the network now has "
                f"{', '.join(now) or 'no parameters'}: make a new one after changing the layers"
            )
        pairs = zip(now.items(), self._arrays, strict=True)
        name = next(name for (name, array), before in pairs if array is not before)
        return ValueError(
            f"{name} is not the array it was when this {optimizer} was made, but another: make a "
            f'new one, or write into the array, parameters["{name}"] = ...'
        )

    def _start(self, value: Array) -> Memory:
        """Return what is remembered of a parameter before the first step."""
        return ()

    def _change(self, grad: Array, memory: Memory, step: int) -> tuple[Array, Memory]:
        """Return what step number `step` subtracts, and what is remembered afterwards."""
        raise NotImplementedError(f"{type(self).__name__} does not say what to subtract")


class GradientDescent(Optimizer):
    """`W -= eta * dW`, for every parameter."""

    def _change(self, grad: Array, memory: Memory, step: int) -> tuple[Array, Memory]:
        return self.learning_rate * grad, ()


class Momentum(Optimizer):
    """`v = mu * v + dW; W -= eta * v`: steps that remember where they were going (Polyak 1964).

    `v` starts at 0; `momentum` (mu) is at least 0 and less than 1.
    """

    def __init__(self, network: Network, learning_rate: float, momentum: float = 0.9) -> None:
        super().__init__(network, learning_rate)
        self.momentum = _checks.fraction(momentum, "momentum")

    def _start(self, value: Array) -> Memory:
        return (np.zeros_like(value),)

    def _change(self, grad: Array, memory: Memory, step: int) -> tuple[Array, Memory]:
        (v,) = memory
        v = self.momentum * v + grad
        return self.learning_rate * v, (v,)


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

    def _start(self, value: Array) -> Memory:
        return np.zeros_like(value), np.zeros_like(value)

    def _change(self, grad: Array, memory: Memory, step: int) -> tuple[Array, Memory]:
        m, v = memory
        m = m + (1 - self.beta1) * (grad - m)
        v = v + (1 - self.beta2) * (grad * grad - v)
        if not _checks.all_finite(v) and _checks.all_finite(grad):  # the next step would be NaN
            raise ValueError(
                f"Adam got a gradient whose square no {grad.dtype} can hold; no parameter was "
                "changed: scale the inputs and targets to sizes around 1"
            )
        m_hat = m / (1 - self.beta1**step)
        v_hat = v / (1 - self.beta2**step)
        return self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon), (m, v)
