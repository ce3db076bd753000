"""What holds for all tests."""

import os
from pathlib import Path

from hypothesis import settings

TESTS = Path(__file__).resolve().parent
# start.py keeps it from pytest and its workers that they import what lies in the course's folder;
# what the tests run may.
os.environ.pop("PYTHONSAFEPATH", None)
# What starts a browser, a server or other processes, or runs whole notebooks.
SLOW = [
    "browser",
    "course",
    "launch",
    "website",
    "engine/test_mutations.py",
    "exercises/test_teachers.py",
]

# Machines are noisy and busy: no deadline; and a failure here is the same failure there.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")


def pytest_collection_modifyitems(items):
    """Mark as slow what lies in the slow places, notebooks too."""
    slow = [TESTS.parent / "notebooks", *(TESTS / place for place in SLOW)]
    for item in items:
        if any(item.path.is_relative_to(place) for place in slow):
            item.add_marker("slow")
