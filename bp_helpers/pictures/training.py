"""Pictures of a training run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bp_helpers.pictures import style
from bp_helpers.pictures.still import Still, new_figure, plain_axes
from bp_helpers.training import History


def training_curves(history: History) -> Still:
    """Draw loss and accuracy, epoch by epoch: training solid, validation dashed.

    Needs a history with accuracies, hence a cross-entropy loss; refuses another with a
    `ValueError`.
    """
    if not history.loss or None in history.accuracy:
        raise ValueError(
            f"training_curves got {len(history.loss)} epochs with accuracies "
            f"{history.accuracy[:1]}: it needs at least one, trained with a cross-entropy loss"
        )
    figure = new_figure(7.6, 2.9)
    loss, accuracy = figure.subplots(1, 2)
    _curves(loss, "Loss", history.loss, history.validation_loss)
    loss.set_yscale("log")
    percent = [100 * (a or 0) for a in history.accuracy]
    validation_percent = [100 * (a or 0) for a in history.validation_accuracy]
    _curves(accuracy, "Right answers, in percent", percent, validation_percent)
    parts = [
        _described("Training loss", history.loss, "{:.4f}"),
        _described("Validation loss", history.validation_loss, "{:.4f}"),
        _described("Training accuracy", percent, "{:.1f} %"),
        _described("Validation accuracy", validation_percent, "{:.1f} %"),
    ]
    return Still(figure, f"Two curves over {len(percent)} epochs. " + " ".join(filter(None, parts)))


def _curves(axes: Any, title: str, training: Sequence[float], held_out: Sequence[float]) -> None:
    epochs = range(1, len(training) + 1)
    axes.plot(epochs, training, color=style.FORWARD, label="training")
    if held_out:
        axes.plot(epochs, held_out, color=style.INK, linestyle="--", label="validation")
    plain_axes(axes, title)
    axes.set_xlabel("epoch", fontsize=style.FONT_SIZE)
    axes.legend(frameon=False, fontsize=style.FONT_SIZE - 1)


def _described(name: str, values: Sequence[float], form: str) -> str:
    if not values:
        return ""
    last = len(values) - 1
    stops = sorted({round(quarter * last / 4) for quarter in range(5)})
    listed = ", ".join(f"{form.format(values[k])} (epoch {k + 1})" for k in stops)
    return f"{name}: {listed}."
