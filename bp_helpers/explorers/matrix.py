"""One layer and four penguins: the product of matrices, entry by entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from bp_helpers.data import load_penguins, running_example
from bp_helpers.explorers.kit import Explorer, Numbers, row, slider
from bp_helpers.pictures import Picture, Product, matrix_product, written_out

PENGUINS = [1, 7, 13, 2]  # training rows: the running example's penguin, an Adelie, two Chinstraps
START = "W1[0,2]"


class MatrixExplorer(Explorer):
    """The first layer of the running network and four penguins at once: `Z1 = X @ W1 + b1`.

    Choose an entry of Z1 to see its row, its column and its sum; choose one of X, W1 or b1 to see
    which entries of Z1 it has a part in, and change it with the slider.
    """

    def __init__(self) -> None:
        self.product = _product()
        self.selected = START
        self.value = slider(START, self.product.value(START), -3, 3, 0.01)
        super().__init__({"value": self.value}, [row(self.value)])

    def numbers(self) -> Numbers:
        """Return the four matrices and the chosen entry; a given number follows its slider."""
        name, index = self.product.split(self.selected)
        if not self.value.disabled:
            self.product.arrays[name][index] = self.value.value
        return {"product": self.product, "arrays": self.product.arrays, "selected": self.selected}

    def draw(self, numbers: Numbers) -> Picture:
        """Return the product with the chosen entry."""
        caption = "One layer and four penguins at once: a row each"
        return matrix_product(numbers["product"], numbers["selected"], caption)

    def describe(self, numbers: Numbers) -> str:
        """Return the matrices, and what the chosen entry is made from or has a part in."""
        product, selected = numbers["product"], numbers["selected"]
        lines = [
            f"{name} {array.shape}: {written_out(array)}"
            for name, array in numbers["arrays"].items()
        ]
        return "\n".join([*lines, "Chosen: " + " ".join(product.explained(selected))])

    def code(self) -> str:
        """Return code that computes the current numbers again, without the explorer."""
        X, W, b = (array.tolist() for array in (self.product.X, self.product.W, self.product.b))
        return "\n".join(
            [
                "import numpy as np",
                "",
                f"X = np.array({X})",
                f"W1 = np.array({W})",
                f"b1 = np.array({b})",
                "Z1 = X @ W1 + b1",
            ]
        )

    def choose(self, name: str) -> None:
        """Select an entry; one that is given gets the slider."""
        value = self.product.value(name)  # refuses what is no entry
        self.selected = name
        with self.one_refresh():
            self.value.disabled = name.startswith("Z")
            if not self.value.disabled:
                self.value.description = name
                self.value.value = value

    def set(self, selected: str | None = None, **values: Any) -> None:
        """Move controls from code; with `selected`, choose that entry first."""
        with self.one_refresh():
            if selected is not None:
                self.choose(selected)
            super().set(**values)

    def reset(self) -> None:
        """Bring back every number and the choice as at the start."""
        with self.one_refresh():
            self.product = _product()
            self.choose(START)
            super().reset()


def _product() -> Product:
    parameters = dict(running_example().network.parameters)
    X = np.round(load_penguins().x_train[PENGUINS], 2)
    return Product(X, parameters["W1"], parameters["b1"], ("X", "W1", "b1", "Z1"))
