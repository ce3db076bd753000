"""A network with one hidden layer and its backward pass, as PyTorch writes them."""

from __future__ import annotations

from collections.abc import Mapping

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
PARAMETERS = ("W1", "b1", "W2", "b2")


def torch_form(arrays: Mapping[str, FloatArray], network: NetworkKind) -> str:
    """Return Python that computes the loss and all gradients with PyTorch.

    `arrays` has `X`, `Y` and the parameters by name. Afterwards the loss is in `loss`, and each
    gradient in the `grad` of what it belongs to: dL/dW1 in `W1.grad`, dL/dX in `X.grad`.
    """
    lines = ["import torch", "", "torch.set_default_dtype(torch.float64)"]
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
