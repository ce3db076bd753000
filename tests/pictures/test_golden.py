"""Two pictures as they were looked at and found good.

To renew one, delete its file and run this test: it writes the file again and fails once.
"""

from pathlib import Path

import pytest
from traces import names_of, running_trace

from bp_helpers.data import running_example
from bp_helpers.pictures.gradient_table import MeasuredGradient, gradient_table
from bp_helpers.pictures.network_diagram import Highlight, network_diagram

GOLDEN = Path(__file__).resolve().parent / "golden"


def network():
    example, trace = running_example(), running_trace()
    known = set(trace) - {"dA1", "delta1", "dW1", "db1", "dX"}
    highlight = Highlight(known, ("dW2", "db2"), ("A1", "delta2"), "dW2[0,1]")
    caption = "Step 3 of 7. dW2 and db2: what came in times delta2"
    return network_diagram(trace, highlight, example.input_names, example.output_names, caption)


def table():
    # a measured gradient is a little off; one of these is more than that
    gradients = [
        MeasuredGradient(
            name, value, value + (0.01 if off else 1e-9), not off, on_kink=False, parts=()
        )
        for name, value in names_of(running_trace())
        if name[:2] in ("dW", "db")
        for off in [name == "db2[0]"]
    ]
    return gradient_table(gradients, {"dW2", "db2"}, "dW2[0,1]")


@pytest.mark.parametrize("draw", [network, table])
def test_picture_is_as_it_was(draw):
    file = GOLDEN / f"{draw.__name__}.svg"
    now = (
        draw().svg.replace("><", ">\n<") + "\n"
    )  # a line for each element, so that a diff can be read
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_text(now, encoding="utf-8", newline="\n")
        pytest.fail(f"{file.name} was missing and is written anew: look at it in a browser")
    assert now == file.read_text(encoding="utf-8")
