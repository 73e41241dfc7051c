"""Requests that no browser makes: nothing is read or run that is not the page's, and strangers come no further."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
from served import PATIENCE, Served
from tornado.httpclient import HTTPClientError

from tests.serving.person import joined, token_of, visiting
from tests.serving.test_limits import SEVEN, free_port, metric
from tests.serving.web import Visitor

OTHERS = [
    "static/../../../../../etc/passwd",
    "static/..%2f..%2f..%2f..%2fetc/passwd",
    "static/%2e%2e/%2e%2e/settings.py",
    "static/%252e%252e/settings.py",
    "static//etc/passwd",
    "static/..\\..\\settings.py",
    "static/js/%00",
    "static/js/bokeh.min.js%00.txt",
    "static/",
    "static/js",
    "static/extensions/panel/../../config.py",
    "static/extensions/panel/%2e%2e/config.py",
    "static/extensions/panel//etc/passwd",
    "static/extensions/nobody/x",
    "components/",
    "components/a/b/c",
    "components//b/c/d",
    "components/..x/a/_css/d",
    "components/antigravity/x/_bundle_path/x",
    "components/vizapp.cli/main/_bundle_path/x",
    "components/vizapp.views.control/Control/_bundle_path/../app.py",
    "components/vizapp.views.control/Control/_bundle_path/%2e%2e/app.py",
    "components/vizapp.views.control/Nobody/_bundle_path/dist/vizapp.js",
    "components/vizapp.views.control/Control/__css__/x",
    "components/vizapp.views.control/Control/_resources/css/x",
    "components/panel.widgets/Button/_stylesheets/x",
    "autoload.js?bokeh-autoload-element=x",
    "metadata",
    "ws",
    "%00",
    "healthz/../healthz",
    "a/" * 20_000,
    "?bokeh-session-id=x",
    "?bokeh-token=x",
    "?bokeh-token=eyJ9.x",
    "%e2%80%ae",
]


def ask(server: Served, head: bytes) -> bytes:
    """What comes back for these bytes."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as line:
        line.sendall(head)
        line.shutdown(socket.SHUT_WR)
        found = b""
        try:
            while part := line.recv(65536):
                found += part
        except ConnectionResetError:
            pass
    return found


def test_nothing_is_read_or_run_that_is_not_the_page_s(tmp_path: Path) -> None:
    port = free_port()
    # Panel's own handler imports what an address names; importing this opens a browser.
    watch = "import webbrowser; webbrowser.open = lambda *_: print('OPENED', file=__import__('sys').stderr)"
    with Served(tmp_path / "log", "--metrics", str(port), before=watch) as server:
        for path in OTHERS:
            found = ask(server, f"GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            assert re.match(rb"HTTP/1.1 4\d\d ", found), (path[:90], found[:90])
            assert b"root:" not in found
            assert b"import " not in found
        bundle = Visitor(server.url).ask(
            "components/vizapp.views.control/Control/_bundle_path/dist/vizapp.js"
        )
        assert bundle.status == 200
        assert "OPENED" not in server.log
        assert "Traceback" not in server.log
        # None of it made a session.
        assert metric(port, "vizapp_sessions_opened_total") == 0


def test_whatever_the_head_of_a_request_is_the_next_one_is_answered(server: Served) -> None:
    for head in (
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /?" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT evil:80 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00" + b"\xff" * 500,
        b"\0" * 100_000,
    ):
        assert not ask(server, head).startswith(b"HTTP/1.1 5")
        assert Visitor(server.url).ask("healthz").status == 200


def test_who_connects_and_says_nothing_keeps_nobody_waiting(server: Served) -> None:
    with ExitStack() as lines:
        for number in range(300):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", server.port), PATIENCE))
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX" if number % 2 else b"")
        assert Visitor(server.url).ask("healthz").status == 200


def changed(token: str, **values: object) -> str:
    """A token that says something else, with the signature that it had."""
    content, _, signature = token.partition(".")
    said = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    new = base64.urlsafe_b64encode(json.dumps({**said, **values}).encode()).decode().rstrip("=")
    return f"{new}.{signature}"


def test_a_websocket_takes_a_token_of_this_server_and_a_page_of_this_host(tmp_path: Path) -> None:
    port = free_port()
    with Served(tmp_path / "other") as other, Served(tmp_path / "log", "--metrics", str(port)) as server:

        async def work() -> None:
            async with visiting(server) as modest:
                await modest.open()
                token = await token_of(server)
                forged = {
                    "none": "x",
                    "empty parts": ".",
                    "no base64": "!.!",
                    "null": base64.urlsafe_b64encode(b"null").decode() + ".x",
                    "no signature": token.partition(".")[0],
                    "half a signature": token[:-5],
                    "another server's": await token_of(other),
                    "another session": changed(token, session_id="mine"),
                    "good for ever": changed(token, session_expiry=10**12),
                    "a list": changed(token, session_id=[1]),
                }
                for name, one in forged.items():
                    with pytest.raises(HTTPClientError) as refused:
                        async with joined(server, one):
                            pass
                    assert refused.value.code == 403, name
                for origin in (
                    "http://evil.example",
                    "null",
                    "file://",
                    "http://127.0.0.1.evil.example",
                    "x",
                ):
                    with pytest.raises(HTTPClientError) as refused:
                        async with joined(server, token, Origin=origin):
                            pass
                    assert refused.value.code == 403, origin
                await modest.draw(SEVEN)
                assert metric(port, 'vizapp_refused_total{reason="token"}') == len(forged)
                assert metric(port, 'vizapp_refused_total{reason="origin"}') == 5

        asyncio.run(work())
        assert "Traceback" not in server.log
