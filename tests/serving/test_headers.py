"""What every answer tells the browser."""

from __future__ import annotations

import re

import pytest
from served import Served

from tests.serving.web import Visitor

ALL = ["", "static/js/bokeh.min.js", "favicon.ico", "healthz", "nothing", "?bokeh-session-id=x", "login"]


def directives(policy: str) -> dict[str, str]:
    return {name: rest for name, _, rest in (part.partition(" ") for part in policy.split("; "))}


@pytest.mark.parametrize("path", ALL)
def test_every_answer_is_protected(server: Served, path: str) -> None:
    headers = Visitor(server.url).ask(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers
    policy = directives(headers["content-security-policy"])
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["script-src-attr"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert "http" not in headers["content-security-policy"]


def test_every_script_of_the_page_has_its_nonce_and_no_two_pages_have_the_same(server: Served) -> None:
    nonces = set()
    for _ in range(2):
        answer = Visitor(server.url).ask()
        nonce = re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"])[0]
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert len(scripts) > 5
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        assert int(answer.headers["content-length"]) == len(answer.body)
        assert "etag" not in answer.headers
        nonces.add(nonce)
    assert len(nonces) == 2
