"""The pages beside the notebooks: their links lead somewhere, their numbers are the engine's."""

import re

import pytest
from run_notebooks import ROOT, all_notebooks

from bp_helpers import running_example

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("[a-z]*/*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_are_there(page):
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in link and not link.startswith("mailto:"):
            assert (page.parent / link).exists(), link


def test_the_number_on_the_card_is_the_one_of_the_course():
    example = running_example()
    trace = example.network.trace(example.x, example.y)
    came_in, blame, gradient = trace["A1"][0, 0], trace["delta2"][0, 0], trace["dW2"][0, 0]
    moved = trace["W2"][0, 0] - 3.0 * gradient
    card = (ROOT / "docs" / "card.md").read_text(encoding="utf-8")
    assert "$-0.0863$ is the gradient of `W2[0,0]`" in card
    assert f"{gradient:.4f}" == "-0.0863"
    assert f"${came_in:.4f} \\cdot ({blame:.4f})$" in card
    assert f"from {trace['W2'][0, 0]:.1f} to {moved:.4f}" in card


@pytest.mark.parametrize("page", ["card.md", "quick_way.md"])
def test_pages_for_all_notebooks_name_only_theirs(page):
    linked = set(re.findall(r"notebooks/(\w+)\.ipynb", (ROOT / "docs" / page).read_text("utf-8")))
    assert linked <= {path.stem for path in all_notebooks()}
