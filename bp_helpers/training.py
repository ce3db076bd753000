"""Training: forward, loss, backward, step, over and over."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bp_helpers import _checks
from bp_helpers.layers import BatchNorm, parts_of
from bp_helpers.network import Network
from bp_helpers.optimizers import Optimizer


@dataclass
class History:
    """What happened, one number per epoch.

    `loss` and `accuracy` are means over the epoch's batches, each measured before its step;
    `validation_loss` and `validation_accuracy` are measured after the epoch, and stay empty without
    validation data. Accuracies go from 0 to 1, and are None with `SquaredError`, which decides
    nothing.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float | None] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float | None] = field(default_factory=list)


@_checks.quietly
def fit(
    network: Network,
    optimizer: Optimizer,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    validation: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    progress: bool = False,
) -> History:
    """Train `network` in place, and return the `History`.

    Each epoch goes once through all rows of `x` and `y`, in an order drawn from `rng`, in batches
    of `batch_size` (the last one may be smaller). `validation` is a pair (x, y) to measure after
    each epoch. `progress=True` shows a progress bar, and needs the package tqdm.

    All data is looked at before the first step, so that bad data changes no parameter. Interrupted
    (Jupyter's stop button, Ctrl-C), it says where it stopped and returns the history so far.
    """
    epochs, batch_size = _checks.whole(epochs, "epochs"), _checks.whole(batch_size, "batch_size")
    rng = _checks.generator(rng, "fit")
    x, y = looked_at("fit", network, optimizer, x, y)
    if validation is not None:
        _refuse_unpaired(validation)
        network.loss_value(*validation)
        _refuse_rows_alone(network, min(batch_size, len(x)))
    history, whole = History(), 0
    try:
        for _ in with_progress(epochs, "epoch", history) if progress else range(epochs):
            loss, accuracy = _epoch(network, optimizer, x, y, batch_size, rng)
            history.loss.append(loss)
            history.accuracy.append(accuracy)
            if validation is not None:
                loss, accuracy = network.measure(*validation)
                history.validation_loss.append(loss)
                history.validation_accuracy.append(accuracy)
            whole += 1
    except KeyboardInterrupt:
        note_interruption(history, whole, epochs, "epoch", optimizer)
    return history


def _refuse_unpaired(validation: Any) -> None:
    is_row = isinstance(validation, (tuple, list))
    if not is_row or len(validation) != 2:
        what = f"{len(validation)} values" if is_row else f"a {type(validation).__name__}"
        raise TypeError(f"fit got {what} as validation: it takes a pair, (x, y)")


def _refuse_rows_alone(network: Network, size: int) -> None:
    parts = [part for layer in network.layers for part in parts_of(layer)]
    for part in parts if size == 1 else []:
        if isinstance(part, BatchNorm) and not part.batches:
            raise ValueError(
                f"fit got validation data and batches of one row, from which {part} learns no mean "
                "and no variance to be measured with: make batch_size at least 2"
            )


def looked_at(
    caller: str, network: Network, optimizer: Optimizer, x: npt.ArrayLike, y: npt.ArrayLike
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return x and y as arrays, if a training of `network` with `optimizer` can begin with them."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"{caller} got {optimizer!r} as its optimizer: make one, such as Adam(network)"
        )
    if optimizer.network is not network:
        raise ValueError(
            f"{caller} got an optimizer that was made for another network: make a new one"
        )
    network.loss_value(x, y)  # refuses what does not fit
    if not isinstance(x, np.ndarray) or x.dtype == object:
        x = np.asarray(x, network.forward(x).dtype)  # a list is read in the network's dtype
    y = np.asarray(y)
    if y.dtype == object:  # read once: what a batch happens to hold must not decide its kind
        y = _checks.real_array(y, caller, "y")
    return x, y


def _epoch(
    network: Network,
    optimizer: Optimizer,
    x: npt.NDArray[Any],
    y: npt.NDArray[Any],
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[float, float | None]:
    order = rng.permutation(len(x))
    losses: list[float] = []
    accuracies: list[float] = []
    sizes: list[int] = []
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        loss, accuracy = network.measure(x[batch], y[batch], in_training=True)
        network.parameter_gradients()
        optimizer.step()
        losses.append(loss)
        accuracies += [] if accuracy is None else [accuracy]
        sizes.append(len(batch))
    mean_accuracy = float(np.average(accuracies, weights=sizes)) if accuracies else None
    return float(np.average(losses, weights=sizes)), mean_accuracy


def note_interruption(
    history: History, whole: int, count: int, unit: str, optimizer: Optimizer
) -> None:
    """Let the history end with the last whole epoch or step, and say where that was."""
    for numbers in vars(history).values():
        del numbers[whole:]
    print(
        f"Stopped in {unit} {min(whole + 1, count)} of {count}. The history has the whole "
        f"{unit}s: {whole}. "
        f"The network stands where its last whole step left it: step {optimizer.steps}."
    )


def with_progress(count: int, unit: str, history: History) -> Iterator[int]:
    """Yield 0, 1, ... under a progress bar in epochs or steps, with the history's latest loss."""
    try:
        from tqdm import tqdm
    except ImportError:
        raise ImportError(
            "progress=True needs the package tqdm: install it, or leave progress out"
        ) from None
    # without clock times, so that a notebook's stored output can be compared with a fresh one
    layout = f"{{percentage:3.0f}}% |{{bar:30}}| {unit} {{n_fmt}} of {{total_fmt}}{{postfix}}"
    with tqdm(total=count, bar_format=layout, file=sys.stdout) as bar:
        for done in range(count):
            yield done
            bar.set_postfix_str(f"loss {history.loss[-1]:.4f}", refresh=False)
            bar.update()
