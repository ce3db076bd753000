"""The backward pass over the running example, one step at a time, with every number open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

import numpy as np

from bp_helpers.explorers.controls import Hand, menu, tick, whole_slider
from bp_helpers.explorers.example_network import (
    EXAMPLE,
    PARAMETERS,
    START,
    ExampleNetworkExplorer,
    Step,
    SteppedExplorer,
    known_by,
    network_at_step,
    stepping,
)
from bp_helpers.explorers.explorer import State
from bp_helpers.explorers.stacks import losses_of, outputs_of
from bp_helpers.explorers.torch_form import torch_form
from bp_helpers.gradcheck import STEP, TOLERANCE, compare
from bp_helpers.layers import Activation, Dense, Identity, ReLU, Sigmoid, Tanh
from bp_helpers.losses import BinaryCrossEntropy, SoftmaxCrossEntropy, SquaredError
from bp_helpers.network import Network
from bp_helpers.pictures import (
    FloatArray,
    MeasuredGradient,
    NetworkKind,
    Picture,
    Trace,
    beside,
    entry_name,
    gradient_table,
    number,
    value_of,
)

STEPS = [
    Step("Forward: from the inputs to the outputs", ("X",), ("Z1", "A1", "Z2", "A2"), "Z1[0]"),
    Step("The loss: how wrong, in one number", ("A2", "Y"), ("loss",), "loss"),
    Step("delta2: the output's error times its slope", ("A2", "Y"), ("dA2", "delta2"), "delta2[0]"),
    Step("dW2 and db2: what came in times delta2", ("A1", "delta2"), ("dW2", "db2"), "dW2[0,0]"),
    Step("dA1: blame handed back over every path", ("delta2", "W2"), ("dA1",), "dA1[0]"),
    Step("delta1: that blame times the slope", ("dA1", "A1"), ("delta1",), "delta1[0]"),
    Step("dW1 and db1: what came in times delta1", ("X", "delta1"), ("dW1", "db1"), "dW1[0,0]"),
    Step("dX: blame handed back to the inputs", ("delta1", "W1"), ("dX",), "dX[0]"),
    Step(
        "The update: each parameter moves against its gradient",
        ("dW1", "db1", "dW2", "db2"), ("W1", "b1", "W2", "b2", "loss"), "W2[0,0]",
    ),
]  # fmt: skip
UPDATE = len(STEPS) - 1
RATE = 1.0  # the learning rate of the update

# ---- The learner's own network ------------------------------------------------------------------

ACTIVATIONS: dict[str, type[Activation]] = {kind.__name__: kind for kind in (Sigmoid, Tanh, ReLU)}
LOSSES: dict[str, type[SquaredError | BinaryCrossEntropy | SoftmaxCrossEntropy]] = {
    kind.__name__: kind for kind in (SquaredError, BinaryCrossEntropy, SoftmaxCrossEntropy)
}
MOST_HIDDEN = 6
# What hidden neurons 3 to 5 begin with; 0 to 2 are those of the running example.
MORE = {"W1": [[0.9, -1.2, 0.5], [-0.8, 0.7, 1.3]], "b1": [0.4, -0.3, 0.2],
        "W2": [[-0.7, 1.1], [0.6, -1.4], [1.2, -0.4]]}  # fmt: skip
LARGEST = {
    name: np.concatenate([START[name], array], axis=1 if name == "W1" else 0)
    for name, array in MORE.items()
} | {"b2": START["b2"]}
# The rest of a batch of three, as measured and rounded: another Adelie, and a Chinstrap.
OTHER_X = ((-1.09, 0.05), (0.54, 0.35))
OTHER_Y = ((1.0, 0.0), (0.0, 1.0))


def resized(arrays: State, hidden: int) -> State:
    """Return the parameters for so many hidden neurons: those that were there stay as they are."""
    parameters = {}
    for name, largest in LARGEST.items():
        array = np.array(largest[_part(name, hidden)])
        kept = _part(name, min(hidden, len(arrays["b1"])))
        array[kept] = arrays[name][kept]
        parameters[name] = array
    return parameters


def _part(name: str, hidden: int) -> tuple[slice, ...]:
    """Return where in an array the entries of the first hidden neurons are."""
    return {"W1": (slice(None), slice(hidden)), "b2": ()}.get(name, (slice(hidden),))


def steps_with(loss: str) -> Sequence[Step]:
    """Return the steps: a loss that takes pre-activations makes the probabilities P of them."""
    if loss == "SquaredError":
        return STEPS
    steps = [replace(step, used=_with_p(step.used), made=_with_p(step.made)) for step in STEPS]
    steps[2] = replace(steps[2], sentence="delta2: what the network says minus what is right")
    return steps


def _with_p(names: Sequence[str]) -> tuple[str, ...]:
    return tuple("P" if name == "A2" else name for name in names if name != "dA2")


@dataclass(frozen=True)
class BackwardNumbers:
    """Every value of both passes, all gradients beside measured ones, and what is looked at.

    `updated` has the values after one step of gradient descent, beside the gradients that led it.
    The traces of a loss that takes pre-activations have its probabilities too, as `P`.
    """

    trace: Trace
    updated: Trace
    gradients: list[MeasuredGradient]
    step: int
    selected: str
    network: NetworkKind


def backward_pass(
    W1: FloatArray, b1: FloatArray, W2: FloatArray, b2: FloatArray,
    x0: float, x1: float, y0: float, y1: float, step: int, selected: str,
    activation: str = "Sigmoid", loss: str = "SquaredError", batch: bool = False,
) -> BackwardNumbers:  # fmt: skip
    """Return all values of one forward and one backward pass, and each gradient measured."""
    network = NetworkKind(activation, loss)
    X = np.array([(x0, x1), *(OTHER_X if batch else ())])
    Y = np.array([(y0, y1), *(OTHER_Y if batch else ())])
    trace = traced(network, X, Y, W1, b1, W2, b2)
    updated = trace if step < UPDATE else after_update(trace, network)
    gradients = compared_gradients(trace, network)
    return BackwardNumbers(trace, updated, gradients, step, selected, network)


def traced(network: NetworkKind, X: FloatArray, Y: FloatArray, *parameters: FloatArray) -> Trace:
    """Return all values of both passes; with a loss of pre-activations, its probabilities as P."""
    W1, b1, W2, b2 = parameters
    layers = [Dense.from_arrays(W1, b1), ACTIVATIONS[network.activation]()]
    layers.append(Dense.from_arrays(W2, b2))
    loss = LOSSES[network.loss]()
    if isinstance(loss, SquaredError):
        return Network([*layers, Sigmoid()], loss).trace(X, Y)
    trace = Network(layers, loss).trace(X, Y)
    return {**trace, "P": loss.probabilities(trace["Z2"])}


def after_update(trace: Trace, network: NetworkKind) -> Trace:
    """Return the values after one step of gradient descent, with the gradients that led it."""
    parameters = (trace[name] - RATE * trace[f"d{name}"] for name in PARAMETERS)
    after = traced(network, trace["X"], trace["Y"], *parameters)
    return {name: (trace if name[0] == "d" else after)[name] for name in trace}


def backward_picture(numbers: BackwardNumbers) -> Picture:
    """Draw the network as far as the step, and the table of gradients beside it."""
    chosen = numbers.selected
    gradient = chosen if chosen.startswith("d") else f"d{chosen}"
    known = known_by(steps_with(numbers.network.loss), numbers.step)
    return beside(_network(numbers), gradient_table(numbers.gradients, known, gradient))


def _network(numbers: BackwardNumbers) -> Picture:
    """Draw the network; at the update, with what it does to the loss."""
    steps, network = steps_with(numbers.network.loss), numbers.network
    if numbers.step < UPDATE:
        chosen = numbers.selected
        return network_at_step(steps, numbers.step, numbers.trace, chosen, network=network)
    before, after = (number(float(t["loss"]), 4) for t in (numbers.trace, numbers.updated))
    said = f"{STEPS[UPDATE].sentence}: loss {before} to {after}"
    steps = [*steps[:UPDATE], replace(steps[UPDATE], sentence=said)]
    return network_at_step(
        steps, UPDATE, numbers.updated, numbers.selected, RATE, numbers.trace, network
    )


# ---- Measured gradients -------------------------------------------------------------------------


def compared_gradients(trace: Trace, network: NetworkKind) -> list[MeasuredGradient]:
    """Return the gradient of every parameter beside the measured one."""
    checks = {
        name: compare(trace[f"d{name}"], measured, trace["loss"])
        for name, measured in measured_gradients(trace, network).items()
    }
    on_kink = _on_kink(trace, network)
    return [
        MeasuredGradient(
            entry_name(f"d{name}", index),
            float(check.analytic[index]),
            float(check.measured[index]),
            bool(check.relative_error[index] <= TOLERANCE),
            name in ("W1", "b1") and bool(on_kink[index[-1]]),
            _parts(trace, name, index),
        )
        for name, check in checks.items()
        for index in np.ndindex(check.analytic.shape)
    ]


def _parts(trace: Trace, name: str, index: tuple[int, ...]) -> tuple[float, ...]:
    """Return what each example gave to the gradient of a parameter; of one alone, nothing."""
    if len(trace["X"]) == 1:
        return ()
    layer = int(name[1])
    came_in, delta = trace["X" if layer == 1 else "A1"], trace[f"delta{layer}"]
    parts = delta[:, index[-1]] * (came_in[:, index[0]] if name[0] == "W" else 1)
    return tuple(parts.tolist())


def _on_kink(trace: Trace, network: NetworkKind) -> Any:
    """Say of each hidden neuron whether a nudge moves it over the kink of a ReLU."""
    if network.activation != "ReLU":
        return np.zeros(len(trace["b1"]), bool)
    reach = STEP * np.maximum(np.abs(trace["X"]).max(axis=1, keepdims=True), 1)
    return (np.abs(trace["Z1"]) <= reach).any(axis=0)


def measured_gradients(trace: Trace, network: NetworkKind) -> dict[str, FloatArray]:
    """Return the slope of the loss along each parameter, as measured by nudging it.

    The result has the shapes of `W1`, `b1`, `W2`, `b2`. It is what `check_gradients` measures, with
    all losses computed at once: those of a stack of networks, in each of which one parameter is
    moved, up or down. That is what lets the table keep up with a slider.
    """
    parameters = {name: trace[name] for name in PARAMETERS}
    ends = np.cumsum([array.size for array in parameters.values()])
    moves = STEP * np.vstack([np.eye(ends[-1]), -np.eye(ends[-1])])
    nudged = {
        name: array + move.reshape(-1, *array.shape)
        for (name, array), move in zip(
            parameters.items(), np.split(moves, ends[:-1], axis=1), strict=True
        )
    }
    hidden = ACTIVATIONS[network.activation]()
    last = Sigmoid() if network.loss == "SquaredError" else Identity()
    layers = [(nudged["W1"], nudged["b1"], hidden), (nudged["W2"], nudged["b2"], last)]
    losses = losses_of(LOSSES[network.loss](), outputs_of(trace["X"], layers), trace["Y"])
    above, below = np.split(losses, 2)
    slopes = np.split((above - below) / (2 * STEP), ends[:-1])
    return {
        name: own.reshape(array.shape)
        for (name, array), own in zip(parameters.items(), slopes, strict=True)
    }


# ---- The explorer -------------------------------------------------------------------------------


@cache
def _trace_like(hidden: int, loss: str) -> Trace:
    """Return a trace with the names and shapes that a network of this size has."""
    parameters = resized(LARGEST, hidden)
    return traced(NetworkKind(loss=loss), EXAMPLE.x, EXAMPLE.y, *parameters.values())


class BackwardExplorer(SteppedExplorer):
    """Step through the backward pass and, at its end, one step of learning.

    Drag inputs, targets and parameters.

    Choose any number in the picture to see its formula. A parameter that is chosen (or its
    gradient) gets the slider "parameter". Beside every parameter's gradient stands the measured
    one: the parameter nudged, the loss looked at.

    Make the network your own: 1 to 6 hidden neurons, their activation, the loss; and one penguin or
    a batch of three, of which the one in the picture is the first. Then the table says which
    penguin gave how much of each gradient.
    """

    compute, draw, steps = backward_pass, backward_picture, STEPS
    controls: ClassVar = {
        **stepping(STEPS),
        **ExampleNetworkExplorer.controls,
        "hidden": whole_slider("hidden", 3, 1, MOST_HIDDEN, "13.4em", "3.6em"),
        "activation": menu("activation", [*ACTIVATIONS], "Sigmoid", "13.2em", "5.2em"),
        "loss": menu("loss", [*LOSSES], "SquaredError", "16.6em", "2.6em"),
        "batch": tick("batch of three", "9em"),
    }
    rows: ClassVar = [
        ["x0", "y0", "batch"],
        ["x1", "y1", "hidden"],
        ["parameter", "activation", "loss"],
    ]
    presets: ClassVar = {
        "all gradients": {"step": 7},
        "paths cancel": {"step": 7, "selected": "W2[0,1]", "parameter": 1.9},
        "saturated": {"step": 7, "selected": "b2[0]", "parameter": -3.0},
        "input 0": {"step": 7, "selected": "dW1[0,0]", "x0": 0.0},
    }

    def torch_code(self) -> str:
        """Return the same pass in PyTorch."""
        return torch_form(self.numbers.trace, self.numbers.network)

    def hands(self) -> dict[str, Hand]:
        """Return what a hand can change: at the update no parameter, as it has moved there."""
        hands = super().hands()
        if self.state["step"] < UPDATE:
            return hands
        return {name: hand for name, hand in hands.items() if name[0] not in "Wb"}

    def fit_handles(self, state: State) -> None:
        """Let the slider say that at the update it still has the parameter from before it."""
        super().fit_handles(state)
        if state["step"] == UPDATE:
            self.handles[self.slot].description += " before"

    def trace_like(self, state: State) -> Trace:
        """Return a trace of a network of this state's size and loss."""
        return _trace_like(len(state["b1"]), state["loss"])

    def at_start(self, name: str, array: Any) -> Any:
        """Return a parameter as it is at the start, for as many hidden neurons as there are."""
        return LARGEST[name][tuple(map(slice, array.shape))]

    def moved_to(self, state: State, name: str, value: Any) -> State:
        """Return the state after `name` was set; another size brings parameters of that size."""
        if name == "hidden":
            hidden = min(max(int(value), 1), MOST_HIDDEN)  # where the slider will stand
            state = {**state, **resized(state, hidden)}
        state = super().moved_to(state, name, value)
        if state["loss"] == "SoftmaxCrossEntropy":  # one of the two: their targets add up to 1
            given, other = ("y1", "y0") if name == "y1" else ("y0", "y1")
            state = {**state, other: round(1 - state[given], 12)}
        return self._with_what_is_there(state) if name in ("hidden", "loss") else state

    def _with_what_is_there(self, state: State) -> State:
        """Return the state with another number chosen, where this network has not that one."""
        for which in ("selected", "held"):
            try:
                value_of(self.trace_like(state), state[which])
            except ValueError:
                state = {**state, which: self.start[which]}
        return state
