"""What holds for all tests."""

import os
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).resolve().parent
# start.py keeps it from pytest and its workers that they import what lies in the course's folder;
# what the tests run may.
os.environ.pop("PYTHONSAFEPATH", None)
# What starts a browser, a server or other processes, runs whole notebooks, or has hundreds of
# functions judged.
SLOW = [
    "browser",
    "course",
    "launch",
    "website",
    "engine/test_mutations.py",
    "exercises/test_catalogue.py",
    "exercises/test_feedback.py",
    "exercises/test_fresh.py",
    "exercises/test_mistakes.py",
    "exercises/test_teachers.py",
]

IN_A_BROWSER = [TESTS / "browser", TESTS / "website"]

# Whose tests share an open notebook, or one that was run.
TOGETHER = ["tests/browser", "tests/course", "tests/website"]

# Machines are noisy and busy: no deadline; and a failure here is the same failure there.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")


def group_of(test):
    """Name the tests that stay together on one processor, by the full name of one of them.

    Those of a notebook in a folder, which so is opened or run once for all of them; else those of a
    file. An imitated machine takes long and shares nothing.
    """
    file, _, name = test.partition("::")
    folder = file.rpartition("/")[0]
    notebook = re.search(r"\[.*?(\d\d_[a-z_]+|tests_own)", name)
    if file == "tests/course/test_machines.py":
        return test
    return f"{folder} {notebook[1]}" if notebook and folder in TOGETHER else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Let pytest-xdist give out tests in these groups."""
    from xdist.scheduler import LoadScopeScheduling

    class InGroups(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group_of(nodeid)

    return InGroups(config, log)


def pytest_ignore_collect(collection_path, config):
    """Do not even read what `-m "not slow"` leaves out, which takes a while, too."""
    return True if config.option.markexpr == "not slow" and is_slow(collection_path) else None


def pytest_collection_modifyitems(items):
    """Mark as slow what lies in the slow places, notebooks too.

    The site's tests come first, and then those of start.py, which are together for minutes: at the
    end of a run the other processors would have nothing to do meanwhile.

    A test in a browser that fails is tried once more: on a busy machine one of a thousand meets a
    page that is late. The last line of the run says how many were.
    """
    for item in items:
        if is_slow(item.path):
            item.add_marker("slow")
        if item.path.parent in IN_A_BROWSER:
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=_turn)


def _turn(test):
    if test.path.parent == TESTS / "website":
        return 0
    return 1 if test.path == TESTS / "launch" / "test_start.py" else 2


@cache  # there are 10,000 tests in 150 files
def is_slow(file):
    """Say whether a file lies in one of the slow places."""
    slow = [TESTS.parent / "notebooks", *(TESTS / place for place in SLOW)]
    return any(file.is_relative_to(place) for place in slow)
