"""What explorers show, as PyTorch writes it: a network, an output's error, a graph of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bp_helpers.pictures import FloatArray, NetworkKind

ACTIVATIONS = {"Sigmoid": "torch.sigmoid", "Tanh": "torch.tanh", "ReLU": "torch.relu"}
# PyTorch's means are over all outputs, ours over the examples only.
LOSSES = {
    "SquaredError": "((torch.sigmoid(Z2) - Y) ** 2).sum() / 2 / len(X)",
    "BinaryCrossEntropy": (
        'torch.nn.functional.binary_cross_entropy_with_logits(Z2, Y, reduction="sum") / len(X)'
    ),
    "SoftmaxCrossEntropy": "torch.nn.functional.cross_entropy(Z2, Y)",
}
BEGIN = ("import torch", "", "torch.set_default_dtype(torch.float64)")
PARAMETERS = ("W1", "b1", "W2", "b2")


def torch_form(arrays: Mapping[str, FloatArray], network: NetworkKind) -> str:
    """Return Python that computes the loss and all gradients with PyTorch.

    `arrays` has `X`, `Y` and the parameters by name. Afterwards the loss is in `loss`, and each
    gradient in the `grad` of what it belongs to: dL/dW1 in `W1.grad`, dL/dX in `X.grad`.
    """
    lines = [*BEGIN]
    for name in ("X", "Y", *PARAMETERS):
        wanted = "" if name == "Y" else ", requires_grad=True"
        lines.append(f"{name} = torch.tensor({arrays[name].tolist()}{wanted})")
    named = ", ".join(f'"d{name}": {name}' for name in (*PARAMETERS, "X"))
    lines += [
        "",
        f"A1 = {ACTIVATIONS[network.activation]}(X @ W1 + b1)",
        "Z2 = A1 @ W2 + b2",
        f"loss = {LOSSES[network.loss]}",
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
            *BEGIN,
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
            "import torch",
            "",
            *(f"{name} = torch.tensor({x!r}, requires_grad=True)" for name, x in inputs.items()),
            *(f"{name} = {expression}" for name, expression in lines.items()),
            *[f"{output}.backward(retain_graph=True)"] * (calls - 1),
            f"{output}.backward()",
            f"print({', '.join(f'{name}.grad' for name in inputs)})",
        ]
    )
