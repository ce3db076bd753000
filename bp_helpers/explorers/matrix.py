"""One layer and four penguins: the product of matrices, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from bp_helpers.data import load_penguins, running_example
from bp_helpers.explorers.chosen_number import ChosenNumberExplorer
from bp_helpers.explorers.controls import slider
from bp_helpers.explorers.explorer import State
from bp_helpers.explorers.torch_form import begin, tensors
from bp_helpers.pictures import FloatArray, Picture, Product, matrix_product

PENGUINS = [1, 7, 13, 2]  # training rows: the running example's penguin, an Adelie, two Chinstraps
SELECTED = "X[1,0]"  # of a penguin: the notebook asks first where a weight goes
NAMES = ("X", "W1", "b1", "Z1")
CAPTION = "One layer and four penguins at once: a row each"


@dataclass(frozen=True)
class DenseNumbers:
    """A layer's input, parameters and output, and the name of the entry that is looked at."""

    X: FloatArray
    W1: FloatArray
    b1: FloatArray
    Z1: FloatArray
    selected: str


def dense_layer(X: FloatArray, W1: FloatArray, b1: FloatArray, selected: str) -> DenseNumbers:
    """Return what a dense layer makes of X, shape (N, n_in): Z1, shape (N, n_out)."""
    Z1 = X @ W1 + b1
    return DenseNumbers(X, W1, b1, Z1, selected)


def dense_picture(numbers: DenseNumbers) -> Picture:
    """Draw the product with the chosen entry."""
    product = Product(numbers.X, numbers.W1, numbers.b1, NAMES)
    return matrix_product(product, numbers.selected, CAPTION)


@cache
def four_penguins() -> Product:
    """Return four penguins and the running example's first layer."""
    X = np.round(load_penguins().x_train[PENGUINS], 2)
    parameters = running_example().network.parameters
    return Product(X, parameters["W1"], parameters["b1"], NAMES)


class MatrixExplorer(ChosenNumberExplorer):
    """The first layer of the running network and four penguins at once: `Z1 = X @ W1 + b1`.

    Choose an entry of Z1 to see its row, its column and its sum; choose one of X, W1 or b1 to see
    which entries of Z1 it has a part in, and change it with the slider.
    """

    compute, draw = dense_layer, dense_picture
    slot, arrays, first = "value", ("X", "W1", "b1"), SELECTED
    controls: ClassVar = {"value": slider(SELECTED, 0.0, -3, 3, 0.01)}

    @classmethod
    def start_state(cls) -> State:
        """Return four penguins and the running example's first layer, one measurement chosen."""
        given = four_penguins()
        return {"X": given.X, "W1": given.W, "b1": given.b, **super().start_state()}

    def changeable(self, name: str, state: State) -> tuple[str, tuple[int, ...]] | None:
        """Return the entry itself, unless it is one of Z1, which follows from the others."""
        array, index = four_penguins().split(name)
        return None if array == "Z1" else (array, index)

    def torch_code(self) -> str:
        """Return the layer in PyTorch, which keeps W transposed."""
        arrays = {name: self.state[name] for name in self.arrays}
        lines = [
            *begin(),
            *tensors(arrays, follow=False),
            "Z1 = torch.nn.functional.linear(X, W1.T, b1)  # it takes a row for each neuron",
            "print(Z1)",
        ]
        return "\n".join(lines)
