"""The browser that the machine has."""

import os
from contextlib import contextmanager

import pytest
from lab import CHROMIUM_OPTIONS, LONGEST, find_chromium
from playwright.sync_api import sync_playwright


@contextmanager
def running_chromium(*options):
    """Yield Chromium; without one, skip, or fail where BP_REQUIRE_BROWSER says so."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium was found: install it, or give its path in the variable BP_CHROMIUM"
        if os.environ.get("BP_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        arguments = [*CHROMIUM_OPTIONS, *options]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        browser.on("context", lambda context: context.set_default_timeout(LONGEST))
        yield browser
        browser.close()
