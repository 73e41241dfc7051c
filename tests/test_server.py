"""The running server: what it answers, what it refuses, how it ends."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from served import PATIENCE, ROOT, Served
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from tests.serving.person import visiting

MB = 1_000_000


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def token_of(url: str) -> str:
    """A fresh page's token."""
    status, _, body = get(url)
    found = re.search(r'"token":"([^"]+)"', body.decode())
    assert status == 200
    assert found
    return found[1]


@asynccontextmanager
async def connected(
    server: Served, token: str | None = None, origin: str | None = None
) -> AsyncIterator[WebSocketClientConnection]:
    """A websocket with the token of a fresh page, or another; nothing said or heard yet."""
    headers = {"Origin": origin or server.url.rstrip("/")}
    request = HTTPRequest(server.url.replace("http", "ws", 1) + "ws", headers=headers)
    subprotocols = ["bokeh", token or token_of(server.url)]
    connection = await websocket_connect(request, subprotocols=subprotocols)
    assert connection.protocol is not None
    stream = connection.protocol.stream
    try:
        yield connection
    finally:
        connection.close()
        stream.close()


async def closed(connection: WebSocketClientConnection) -> None:
    """Hear out what still comes, up to the end."""
    while await asyncio.wait_for(connection.read_message(), PATIENCE) is not None:
        pass


async def say(connection: WebSocketClientConnection, kind: str, content: dict[str, Any]) -> None:
    """Send one message of Bokeh's protocol."""
    for part in ({"msgid": "1", "msgtype": kind}, {}, content):
        await connection.write_message(json.dumps(part))


async def hear(connection: WebSocketClientConnection) -> tuple[str, str] | None:
    """Type and content of the next message; None if the connection was closed."""
    frames: list[str] = []
    while len(frames) < 3:
        frame = await asyncio.wait_for(connection.read_message(), PATIENCE)
        if frame is None:
            return None
        frames.append(str(frame))
    header = json.loads(frames[0])
    for _ in range(2 * header.get("num_buffers", 0)):
        await connection.read_message()
    return header["msgtype"], frames[2]


async def is_answered(connection: WebSocketClientConnection) -> bool:
    await say(connection, "PULL-DOC-REQ", {})
    answer = await hear(connection)
    return answer is not None and answer[0] == "PULL-DOC-REPLY"


def test_health_is_told_without_making_a_session(server: Served) -> None:
    status, headers, body = get(server.url + "healthz")
    assert (status, body) == (200, b"ok\n")
    assert headers["cache-control"] == "no-store"


def test_the_page_is_compressed_and_never_kept(server: Served) -> None:
    status, headers, body = get(server.url, **{"Accept-Encoding": "gzip"})
    assert status == 200
    assert headers["cache-control"] == "no-store"
    assert headers["content-encoding"] == "gzip"
    assert b"vizapp" in gzip.decompress(body)


def test_files_are_compressed_and_kept_by_their_version(server: Served) -> None:
    page = get(server.url)[2].decode()
    path = re.search(r'src="(static/js/bokeh\.min\.js\?v=\w+)"', page)
    assert path
    plain = get(server.url + path[1])
    packed = get(server.url + path[1], **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed[2]) == plain[2]
    assert len(packed[2]) == int(packed[1]["content-length"]) < len(plain[2]) / 2
    assert "max-age=31536000" in packed[1]["cache-control"]
    assert get(server.url + path[1], **{"If-None-Match": packed[1]["etag"]})[0] == 304


def test_the_bundle_is_asked_about_again(server: Served) -> None:
    url = server.url + "components/vizapp.views.component/Component/_bundle_path/dist/vizapp.js"
    status, headers, body = get(url, **{"Accept-Encoding": "gzip"})
    assert status == 200
    assert gzip.decompress(body) == (ROOT / "vizapp/views/dist/vizapp.js").read_bytes()
    assert headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "components/vizapp.views.component/Component/_bundle_path/../../server.py",
        "components/os/path/sep/x",
        "static/../../../../../etc/passwd",
        "static/extensions/panel/../../../etc/passwd",
        "static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_no_other_file_is_served(server: Served, path: str) -> None:
    status, _, body = get(server.url + path)
    assert status in (400, 403, 404)
    assert b"root:" not in body
    assert b"Traceback" not in body


def test_what_is_not_there_gets_a_sentence(server: Served) -> None:
    status, _, body = get(server.url + "nothing/here")
    assert status == 404
    assert b"There is nothing at this address." in body


def test_a_page_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    """The story is for the log, not for the visitor."""
    before = "import vizapp.server\ndef page(): raise RuntimeError('a detail')\nvizapp.server.page = page"
    with Served(tmp_path / "log", before=before) as server:
        status, _, body = get(server.url)
        assert status == 500
        assert b"The page could not be made" in body
        assert b"a detail" not in body
        assert "RuntimeError: a detail" in server.log
        assert get(server.url + "healthz")[0] == 200


def test_pages_of_other_origins_may_not_show_it_in_a_frame(server: Served) -> None:
    for path in ("", "?embed=pad", "?bokeh-session-id=mine"):
        _, headers, _ = get(server.url + path)
        assert headers["content-security-policy"].endswith("; frame-ancestors 'self'")


def test_pages_that_the_operator_names_may(tmp_path: Path) -> None:
    given = "https://course.example.org", "http://localhost:8000"
    arguments = [word for origin in given for word in ("--allow-embedding", origin)]
    with Served(tmp_path / "log", *arguments) as server:
        _, headers, _ = get(server.url)
        assert headers["content-security-policy"].endswith(f"; frame-ancestors 'self' {given[0]} {given[1]}")


def test_the_icon_is_there(server: Served) -> None:
    status, headers, body = get(server.url + "favicon.ico")
    assert (status, headers["content-type"]) == (200, "image/svg+xml")
    assert body.startswith(b"<svg")


def test_a_chosen_session_id_is_refused(server: Served) -> None:
    """Otherwise two people who follow the same link would share one drawing."""
    status, _, body = get(server.url + "?bokeh-session-id=chosen")
    assert status == 403
    assert b"Open it anew" in body


def test_a_forged_token_is_refused(server: Served) -> None:
    async def work() -> None:
        good = token_of(server.url)
        payload = {"session_id": "chosen", "session_expiry": 2**33}
        forged = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
        for token in (forged, forged + "." + good.rpartition(".")[2]):
            with pytest.raises(HTTPClientError) as refused:
                async with connected(server, token):
                    pass
            assert refused.value.code == 403
        async with connected(server, good) as connection:
            assert await hear(connection) is not None

    asyncio.run(work())


@pytest.mark.parametrize(
    "origin", ["http://elsewhere.example", "http://localhost.example:{port}", "http://localhost:1"]
)
def test_other_origins_are_refused(server: Served, origin: str) -> None:
    async def work() -> None:
        with pytest.raises(HTTPClientError) as refused:
            async with connected(server, origin=origin.format(port=server.port)):
                pass
        assert refused.value.code == 403

    asyncio.run(work())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_this_machine_by_any_name_is_an_origin(server: Served, host: str) -> None:
    asyncio.run(is_welcomed(server, origin=f"http://{host}:{server.port}"))


def test_an_allowed_origin_may_connect(tmp_path: Path) -> None:
    with Served(tmp_path / "log", "--allow-websocket-origin", "viz.example.org") as server:
        asyncio.run(is_welcomed(server, origin="https://viz.example.org"))


async def is_welcomed(server: Served, token: str | None = None, origin: str | None = None) -> None:
    async with connected(server, token, origin) as connection:
        answer = await hear(connection)
        assert answer is not None
        assert answer[0] == "ACK"


def test_an_oversize_message_ends_only_its_own_connection(server: Served) -> None:
    async def work() -> None:
        async with connected(server) as mine, connected(server) as other:
            await hear(mine)
            await hear(other)
            with suppress(WebSocketClosedError, StreamClosedError):
                await mine.write_message(b"x" * (3 * MB), binary=True)
            await closed(mine)
            assert await is_answered(other)

    asyncio.run(work())


def test_a_message_of_endless_buffers_ends_only_its_own_connection(server: Served) -> None:
    async def work() -> None:
        async with connected(server) as mine, connected(server) as other:
            await hear(mine)
            await hear(other)
            for part in ({"msgid": "1", "msgtype": "PATCH-DOC", "num_buffers": 10**9}, {}, {"events": []}):
                await mine.write_message(json.dumps(part))
            with suppress(WebSocketClosedError, StreamClosedError):
                for number in range(6):
                    await mine.write_message(json.dumps({"id": str(number)}))
                    await mine.write_message(b"x" * MB, binary=True)
            await closed(mine)
            assert await is_answered(other)

    asyncio.run(work())
    assert "a message of too many frames" in server.log


def zeros(size: int) -> bytes:
    """So many zeros in a gzip stream, made without holding them."""
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(MB)
    return b"".join([*(packer.compress(block) for _ in range(size // MB)), packer.flush()])


@pytest.mark.skipif(
    sys.platform != "linux", reason="the peak of another process's memory is known on Linux only"
)
def test_a_decompression_bomb_is_refused_in_bounded_memory(server: Served) -> None:
    def peak() -> int:
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) * 1024

    async def work() -> None:
        bomb = {"type": "bytes", "data": base64.b64encode(zeros(400 * MB)).decode()}
        # Twice in one message: the bound is on the message, not on each buffer.
        data = {"type": "map", "entries": [["type", "image"], ["one", bomb], ["two", bomb]]}
        async with visiting(server) as person:
            await person.open()
            before = peak()
            link = {"type": "map", "entries": [["model", {"id": person.link}], ["data", data]]}
            said = {"type": "event", "name": "data_event", "values": link}
            event = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": said}
            await person.say("PATCH-DOC", {"events": [event]})
            while (heard := await person.hear() or ("", None))[0] not in ("ERROR", ""):
                pass
            assert heard[0] == "ERROR"
            assert "Traceback" not in str(heard[1])
            assert peak() - before < 100 * MB
            await person.draw([(0.3, 0.2), (0.7, 0.2)])

    asyncio.run(work())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order_while_a_page_is_open(tmp_path: Path, number: int) -> None:
    async def work(server: Served) -> None:
        async with connected(server) as connection:
            await hear(connection)
            assert server.end(number) == 0

    with Served(tmp_path / "log") as server:
        asyncio.run(work(server))
        assert "Traceback" not in server.log


def test_several_processes_end_as_one(tmp_path: Path) -> None:
    with Served(tmp_path / "log", "--num-procs", "2") as server:
        assert get(server.url)[0] == 200
        assert server.end() == 0
        with pytest.raises(ConnectionRefusedError):
            get(server.url)


@pytest.mark.skipif(sys.platform != "linux", reason="several processes need Linux")
def test_several_processes_end_when_the_first_is_killed(tmp_path: Path) -> None:
    with Served(tmp_path / "log", "--num-procs", "2") as server:
        server.end(signal.SIGKILL)
        assert server.process.stdout is not None
        # The end of the output comes when the last process that could write to it is gone.
        assert server.process.stdout.read() == b""


def test_a_busy_port_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = vizapp("serve", "--no-browser", "--port", str(port))
    assert outcome.returncode == 2
    assert outcome.stderr.startswith(f"vizapp serve: port {port} is busy")
    assert "--port" in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_an_address_of_another_machine_is_refused() -> None:
    outcome = vizapp("serve", "--no-browser", "--address", "192.0.2.1", "--port", "0")
    assert outcome.returncode == 2
    assert "no address '192.0.2.1'" in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_a_weak_secret_is_refused() -> None:
    outcome = vizapp("serve", "--no-browser", "--port", "0", VIZAPP_SECRET_KEY="hunter2")
    assert outcome.returncode == 2
    assert "VIZAPP_SECRET_KEY is too short" in outcome.stderr
    assert "hunter2" not in outcome.stderr


def test_a_given_secret_makes_tokens_that_outlive_the_server(tmp_path: Path) -> None:
    """So a page that was open during a restart, or on another replica, connects again."""
    secret = {"VIZAPP_SECRET_KEY": "correct horse battery staple and some more"}

    with Served(tmp_path / "first", environment=secret) as first:
        token = token_of(first.url)
    with Served(tmp_path / "second", environment=secret) as second:
        asyncio.run(is_welcomed(second, token))


def vizapp(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vizapp", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
