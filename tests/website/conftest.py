"""One Chromium and one built site for all tests here; skipped where there is no site."""

import pytest
from chromium import running_chromium
from site_page import ALONE, DIST, SiteNotebook, build_site, load

WINDOW = {"width": 1400, "height": 900}


@pytest.fixture(scope="package")
def site():
    reason = build_site()
    if reason:
        pytest.skip(reason)
    return DIST


@pytest.fixture(scope="package")
def chromium(site):
    with running_chromium(ALONE) as browser:
        yield browser


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
