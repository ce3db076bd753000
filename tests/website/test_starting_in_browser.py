"""Where the course cannot start, the page of a notebook says so, and what to do."""

import json
from urllib.parse import urlsplit

import pytest
from lab import CHROMIUM_OPTIONS, LONGEST, find_chromium
from site_page import ALONE, load

NOTEBOOK = "lab/index.html?path=01_chain_rule.ipynb"
STARTING = ".starting"


def served(site, headers=(), types=None, missing=None, instead=None, no_head=0):
    """Serve the site as another host would; `no_head` is its answer to HEAD."""
    serve = load("serve")

    class Host(serve.Handler):
        extensions_map = serve.Handler.extensions_map | (types or {})

        def send_head(self):
            if missing and urlsplit(self.path).path.endswith(missing):
                self.send_error(404)
                return None
            if no_head and self.command == "HEAD":
                self.send_error(no_head)
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
    page.locator(STARTING).get_by_role("button", name="Close").click()
    assert page.locator(STARTING).count() == 0, "it can be put away"
    page.close()
    return said


def is_asked_about(request, ending):
    """Say whether the page looks how a file is given out, without fetching it."""
    return request.method == "HEAD" and request.url.endswith(ending)


def policy(rules):
    return [("Content-Security-Policy", rules)]


NO_BLOBS = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data:"  # Python starts all the same
HOSTS = {
    "wasm as bytes": ({"types": {".wasm": "application/octet-stream"}}, "end in .wasm as"),
    "scripts as text": ({"types": {".js": "text/plain"}}, 'end in .js as "text/plain"'),
    "no wheels": ({"missing": ".whl"}, "does not give out static/pyodide/bp_helpers"),
    "no wasm": ({"missing": ".wasm"}, "its answer is 404"),
    "no part of Python": ({"missing": "pyodide.asm.js"}, "does not give out static/pyodide"),
    "no notebooks": ({"missing": ".ipynb"}, "does not give out files/00_start_here.ipynb"),
    "no settings": ({"missing": "/jupyter-lite.json"}, "does not give out jupyter-lite.json"),
    "no list": ({"missing": "/api/contents/all.json"}, "does not give out api/contents/all.json"),
    "neither": ({"missing": (".wasm", ".zip")}, "asm.wasm, static/pyodide/python_stdlib.zip ("),
    "wasm with a charset": (
        {"types": {".wasm": "application/wasm; charset=utf-8"}},
        'end in .wasm as "application/wasm; charset=utf-8"',
    ),
    "a page for a wheel": ({"instead": ".whl"}, "gives out a page in place of"),
    "its own scripts alone": ({"headers": policy("default-src 'self'")}, "security policy"),
    "a sandbox": ({"headers": policy("sandbox allow-scripts")}, "is in a sandbox"),
    "no modules made in the page": ({"headers": policy(NO_BLOBS)}, "security policy"),
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
    assert said.count("does not give out") + said.count("gives out a page") <= 1, "in one sentence"


def test_where_no_script_may_run_the_page_itself_says_so(chromium, site):
    with served(site, headers=policy("default-src 'none'")) as address:
        page = chromium.new_page()
        page.goto(f"{address}{NOTEBOOK}")
        assert page.get_by_text("The course has not started here").is_visible()
        page.close()


LOOSE = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
REPORTED = [("Content-Security-Policy-Report-Only", "default-src 'self'")]
NGINX = {".js": "application/javascript"}
HARMLESS = {
    "other types": {
        "types": {".whl": "application/zip", ".zip": "text/plain", ".json": "text/plain", **NGINX}
    },
    "in capitals, with a charset": {
        "types": {".js": "Application/X-JavaScript; Charset=UTF-8", ".wasm": "Application/Wasm"}
    },
    "no HEAD": {"no_head": 405},
    "HEAD forbidden": {"no_head": 403},
    "a policy that is only reported": {"headers": REPORTED},
    "a policy that allows enough": {"headers": policy(LOOSE)},
}


@pytest.mark.parametrize("host", HARMLESS.values(), ids=HARMLESS)
def test_a_host_on_which_all_works_is_not_complained_about(chromium, site, host):
    with served(site, **host) as address:
        page = chromium.new_page()
        with page.expect_response(lambda answer: is_asked_about(answer.request, ".whl")):
            page.goto(f"{address}{NOTEBOOK}")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
        page.wait_for_timeout(500)  # by then it has asked about the rest
        assert page.locator(STARTING).count() == 0
        page.close()


def wait_for_python(page):
    page.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status"
        " === 'idle'",
        timeout=LONGEST,
    )


def test_what_the_start_of_python_refutes_leaves_by_itself(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}{NOTEBOOK}")
    page.evaluate(  # as when a part does not come that nothing needs
        "document.head.append(Object.assign(document.createElement('script'), { src: 'none.js' }))"
    )
    page.wait_for_selector(STARTING)
    wait_for_python(page)
    page.wait_for_selector(STARTING, state="detached")
    context.close()


def test_a_missing_part_is_named_also_when_the_kernel_seems_to_have_started(chromium, site):
    (numpy,) = site.glob("static/pyodide/numpy-*.whl")
    with served(site, missing=numpy.name) as address:
        page = chromium.new_page()
        page.goto(f"{address}{NOTEBOOK}")
        note = page.locator(STARTING)
        note.wait_for()
        assert "does not give out static/pyodide/numpy" in note.inner_text()
        wait_for_python(page)
        page.wait_for_timeout(2000)
        assert note.count() == 1
        page.close()


def test_explorers_that_cannot_be_loaded_are_told_of_although_python_starts(chromium, site):
    with served(site, headers=policy(NO_BLOBS)) as address:
        page = chromium.new_page()
        page.goto(f"{address}{NOTEBOOK}")
        page.wait_for_selector(STARTING)
        wait_for_python(page)
        page.wait_for_timeout(2000)
        assert page.locator(STARTING).count() == 1
        page.close()


@pytest.mark.parametrize("app", ["lab", "notebooks"])
def test_from_a_notebook_that_is_not_there_a_link_leads_to_the_course(chromium, address, app):
    page = chromium.new_page()
    page.goto(f"{address}{app}/index.html?path=none.ipynb")
    note = page.locator(STARTING)
    note.get_by_text("There is no none.ipynb here").wait_for(timeout=LONGEST)
    note.get_by_role("link").click()
    page.wait_for_url(f"{address}index.html")
    page.close()


def test_a_page_for_one_notebook_that_is_given_none_leads_to_the_course(chromium, address):
    page = chromium.new_page()
    page.goto(f"{address}notebooks/index.html")
    page.wait_for_url(f"{address}index.html")
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
