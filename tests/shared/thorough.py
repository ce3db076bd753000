"""What is tried before every change, of what would take too long: some, or all of it if asked."""

import os


def some(cases, each):
    """Return every `each`-th of the cases, or with BP_THOROUGH set, all of them."""
    cases = list(cases)
    return cases if os.environ.get("BP_THOROUGH") else cases[::each]
