"""One Chromium and one built site for all tests here; skipped where there is no site."""

import os

import pytest

from tests.browser.lab import find_chromium

from .site_page import ALONE, DIST, SiteNotebook, build_site, load

try:
    from playwright.sync_api import sync_playwright
except ImportError:  # where only the engine is tested
    collect_ignore_glob = ["test_*.py"]

WINDOW = {"width": 1400, "height": 900}


@pytest.fixture(scope="package")
def site():
    reason = build_site()
    if reason:
        pytest.skip(reason)
    return DIST


@pytest.fixture(scope="package")
def chromium(site):
    path = find_chromium()
    if path is None:
        reason = "no Chromium was found: install it, or give its path in the variable BP_CHROMIUM"
        if os.environ.get("BP_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ALONE)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def address(site):
    with load("serve").serving(site) as address:
        yield address


@pytest.fixture(scope="package")
def notebook(request, chromium, address):
    """The notebook named by the parameter, opened and run once, by somebody new to the site."""
    context = chromium.new_context(viewport=WINDOW)
    context.set_default_timeout(120_000)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    opened = SiteNotebook(context.new_page(), address, request.param)
    opened.run_all()
    opened.asked = asked
    yield opened
    context.close()
