"""Where the course cannot start, the page of a notebook says so, and what to do."""

import json
from urllib.parse import urlsplit

import pytest
from lab import CHROMIUM_OPTIONS, find_chromium
from site_page import ALONE, load

NOTEBOOK = "lab/index.html?path=01_chain_rule.ipynb"
STARTING = ".starting"


def served(site, headers=(), types=None, missing=None, instead=None):
    """Serve the site as another host would."""
    serve = load("serve")

    class Host(serve.Handler):
        extensions_map = serve.Handler.extensions_map | (types or {})

        def send_head(self):
            if missing and urlsplit(self.path).path.endswith(missing):
                self.send_error(404)
                return None
            if instead and self.path.endswith(instead):
                self.path = "/index.html"
            return super().send_head()

        def end_headers(self):
            for name, value in headers:
                self.send_header(name, value)
            super().end_headers()

    serve.Handler = Host
    return serve.serving(site)


def said_at(browser_or_context, address):
    page = browser_or_context.new_page()
    page.goto(f"{address}{NOTEBOOK}")
    page.wait_for_selector(STARTING)
    said = page.locator(STARTING).inner_text()
    page.get_by_role("button", name="Close").click()
    assert page.locator(STARTING).count() == 0, "it can be put away"
    page.close()
    return said


def is_asked_about(request, ending):
    """Say whether the page looks how a file is given out, without fetching it."""
    return request.method == "HEAD" and request.url.endswith(ending)


def policy(rules):
    return [("Content-Security-Policy", rules)]


HOSTS = {
    "wasm as bytes": ({"types": {".wasm": "application/octet-stream"}}, "end in .wasm as"),
    "scripts as text": ({"types": {".js": "text/plain"}}, 'end in .js as "text/plain"'),
    "no wheels": ({"missing": ".whl"}, "does not give out static/pyodide/bp_helpers"),
    "no wasm": ({"missing": ".wasm"}, "its answer is 404"),
    "no part of Python": ({"missing": "pyodide.asm.js"}, "does not give out static/pyodide"),
    "no notebooks": ({"missing": ".ipynb"}, "does not give out files/00_start_here.ipynb"),
    "a page for a wheel": ({"instead": ".whl"}, "gives out a page in place of"),
    "its own scripts alone": ({"headers": policy("default-src 'self'")}, "security policy"),
    "nothing made in the page": (
        {"headers": policy("default-src 'self' 'unsafe-inline' data: blob:")},
        "security policy",
    ),
}


@pytest.mark.parametrize(("host", "reason"), HOSTS.values(), ids=HOSTS)
def test_a_host_that_does_not_do_what_is_needed_is_named(chromium, site, host, reason):
    with served(site, **host) as address:
        said = said_at(chromium, address)
    assert reason in said
    assert "tell whoever runs this site" in said


def test_where_no_script_may_run_the_page_itself_says_so(chromium, site):
    with served(site, headers=policy("default-src 'none'")) as address:
        page = chromium.new_page()
        page.goto(f"{address}{NOTEBOOK}")
        assert page.get_by_text("The course has not started here").is_visible()
        page.close()


def test_other_types_that_do_no_harm_are_not_complained_about(chromium, site):
    types = {".whl": "application/zip", ".zip": "text/plain", ".json": "text/plain"}
    with served(site, types=types) as address:
        page = chromium.new_page()
        with page.expect_response(lambda answer: is_asked_about(answer.request, ".whl")):
            page.goto(f"{address}{NOTEBOOK}")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
        assert page.locator(STARTING).count() == 0
        page.close()


def test_blocked_site_data_is_named(chromium, address, tmp_path):
    settings = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(settings))
    context = chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=find_chromium(), args=[*CHROMIUM_OPTIONS, ALONE]
    )
    said = said_at(context, address)
    context.close()
    assert "blocks the site's data" in said
    assert "Allow site data" in said
