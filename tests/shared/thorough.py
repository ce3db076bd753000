"""What is tried before every change, of what would take too long: some, or all of it if asked."""

import os


def some(cases, each, first=0):
    """Return every `each`-th of the cases from the one at `first`; all, with BP_THOROUGH set."""
    cases = list(cases)
    return cases if os.environ.get("BP_THOROUGH") else cases[first::each]
