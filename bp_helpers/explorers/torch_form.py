"""What explorers show, as PyTorch writes it: a network, an output's error, a graph of numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from bp_helpers.layers import BatchNorm
from bp_helpers.pictures import FloatArray, NetworkKind

WIDTH = 100  # of a line
ACTIVATIONS = {
    "Sigmoid": "torch.sigmoid",
    "Tanh": "torch.tanh",
    "ReLU": "torch.relu",
    "LeakyReLU": "torch.nn.functional.leaky_relu",
    "GELU": 'torch.nn.GELU("tanh")',
}
# PyTorch's means are over all outputs, ours over the examples only.
LOSSES = {
    "SquaredError": "((torch.sigmoid(Z2) - Y) ** 2).sum() / 2 / len(X)",
    "BinaryCrossEntropy": (
        'torch.nn.functional.binary_cross_entropy_with_logits(Z2, Y, reduction="sum") / len(X)'
    ),
    "SoftmaxCrossEntropy": "torch.nn.functional.cross_entropy(Z2, Y)",
}
OPTIMIZERS = {
    "GradientDescent": "torch.optim.SGD({}, lr={})",
    "Momentum": "torch.optim.SGD({}, lr={}, momentum=0.9)",
    "Adam": "torch.optim.Adam({}, lr={})",
}
PARAMETERS = ("W1", "b1", "W2", "b2")


def begin(*imports: str) -> list[str]:
    """Return the imports, and that numbers are as exact as ours."""
    return ["import torch", *imports, "", "torch.set_default_dtype(torch.float64)"]


def tensors(arrays: Mapping[str, FloatArray], *, follow: bool = True) -> list[str]:
    """Return a line, folded if it is long, that makes each array by its name.

    With `follow`, backward finds its gradient.
    """
    wanted = ", requires_grad=True" * follow
    lines = [f"{name} = torch.tensor({array.tolist()}{wanted})" for name, array in arrays.items()]
    return [
        textwrap.fill(line, WIDTH, subsequent_indent="    ", break_on_hyphens=False)
        for line in lines
    ]


def forward(network: NetworkKind, Z1: str = "X @ W1 + b1") -> list[str]:
    """Return the lines from X, Y and the parameters to the loss."""
    return [
        f"A1 = {ACTIVATIONS[network.activation]}({Z1})",
        "Z2 = A1 @ W2 + b2",
        f"loss = {LOSSES[network.loss]}",
    ]


def normalising(Z: str) -> list[str]:
    """Return the lines that make of Z, over the examples, what is `normal`: mean 0, spread 1."""
    return [
        f"centred = {Z} - {Z}.mean(-2, keepdim=True)",
        "variance = centred.square().mean(-2, keepdim=True)",
        f"normal = centred / (variance + {BatchNorm.EPSILON}).sqrt()",
    ]


def function(head: str, *lines: str) -> list[str]:
    """Return a function of these lines, with empty ones before it."""
    return ["", "", f"def {head}:", *(f"    {line}" for line in lines)]


def printed(calls: Mapping[str, str]) -> list[str]:
    """Return the lines that print, by its name, what each call returns."""
    each = [f'    "{name}": {call},' for name, call in calls.items()]
    return ["", "", "found = {", *each, "}", "print(found)"]


def torch_form(arrays: Mapping[str, FloatArray], network: NetworkKind) -> str:
    """Return Python that computes the loss and all gradients with PyTorch.

    `arrays` has `X`, `Y` and the parameters by name. Afterwards the loss is in `loss`, and each
    gradient in the `grad` of what it belongs to: dL/dW1 in `W1.grad`, dL/dX in `X.grad`.
    """
    named = ", ".join(f'"d{name}": {name}' for name in (*PARAMETERS, "X"))
    lines = [
        *begin(),
        *tensors({name: arrays[name] for name in ("X", *PARAMETERS)}),
        *tensors({"Y": arrays["Y"]}, follow=False),
        "",
        *forward(network),
        "loss.backward()",
        "",
        f"for name, tensor in {{{named}}}.items():",
        "    print(name, tensor.grad)",
    ]
    return "\n".join(lines)


def torch_losses(z: Sequence[float] | float, losses: Mapping[str, str]) -> str:
    """Return Python that computes losses of the pre-activations z, and each one's delta.

    `losses` has their expressions in z by name. Afterwards `found` has each loss with its dL/dz.
    """
    return "\n".join(
        [
            *begin(),
            f"z = torch.tensor({z!r}, requires_grad=True)",
            "",
            "losses = {",
            *(f'    "{name}": {expression},' for name, expression in losses.items()),
            "}",
            "found = {}",
            "for name, loss in losses.items():",
            "    (delta,) = torch.autograd.grad(loss, z)",
            "    found[name] = loss.item(), delta.tolist()",
            "print(found)",
        ]
    )


def torch_graph(inputs: Mapping[str, float], lines: Mapping[str, str], calls: int) -> str:
    """Return Python that makes numbers from `inputs`, a line for each, and goes back from the last.

    `lines` has the expressions by name. Afterwards each input's gradient is in its `grad`, that of
    all the `calls` of `backward` together.
    """
    output = [*lines][-1]
    return "\n".join(
        [
            *begin(),
            *(f"{name} = torch.tensor({x!r}, requires_grad=True)" for name, x in inputs.items()),
            *(f"{name} = {expression}" for name, expression in lines.items()),
            *[f"{output}.backward(retain_graph=True)"] * (calls - 1),
            f"{output}.backward()",
            f"print({', '.join(f'{name}.grad' for name in inputs)})",
        ]
    )
