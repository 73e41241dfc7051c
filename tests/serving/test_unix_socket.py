"""A socket in the file system instead of a port, as Jupyter starts the server."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from served import PATIENCE, Served
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.netutil import Resolver
from tornado.websocket import websocket_connect

from tests.serving.person import Person
from tests.test_server import vizapp

SEVEN = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]


class Line(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(str(self._path))


class OneSocket(Resolver):
    def initialize(self, path: Path) -> None:
        self._path = path

    async def resolve(self, *_args: Any, **_named: Any) -> list[tuple[int, Any]]:
        return [(socket.AF_UNIX, str(self._path))]


def ask(path: Path, address: str = "/") -> tuple[int, str]:
    line = Line(path)
    try:
        line.request("GET", address)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


@asynccontextmanager
async def visiting(path: Path, **headers: str) -> AsyncIterator[Person]:
    """A person whose page comes to the socket by way of somebody who passes these headers on."""
    _, page = ask(path)
    token = re.findall(r'"token":"([^"]+)"', page)[0]
    request = HTTPRequest("ws://localhost/ws", headers=headers, request_timeout=PATIENCE)
    line = await websocket_connect(
        request, subprotocols=["bokeh", token], max_message_size=50_000_000, resolver=OneSocket(path)
    )
    assert line.protocol is not None
    stream = line.protocol.stream
    try:
        person = Person(line, "http://localhost/")
        assert (await person.hear() or ("",))[0] == "ACK", "not welcome"
        yield person
    finally:
        line.close()
        stream.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("s") / "s"


@pytest.fixture(scope="module")
def server(path: Path) -> Any:
    with Served(path.parent / "log", "--unix-socket", str(path)) as server:
        yield server


def test_only_its_owner_may_open_it(server: Served, path: Path) -> None:
    found = path.stat().st_mode
    assert stat.S_ISSOCK(found)
    assert stat.S_IMODE(found) == 0o600
    assert ask(path, "/healthz") == (200, "ok\n")


def test_a_page_of_the_host_that_is_asked_may_draw(server: Served, path: Path) -> None:
    async def work() -> None:
        async with visiting(path, Host="hub.example.org", Origin="https://hub.example.org") as person:
            await person.open()
            await person.draw(SEVEN)
        # Somebody in between has changed the host, and says so.
        told = {"X-Forwarded-Host": "Hub.example.org:8000, inner"}
        async with visiting(path, Host="inner", Origin="http://hub.example.org:8000", **told) as person:
            await person.open()

    asyncio.run(work())


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example", "Host": "hub.example.org"},
        {"Origin": "https://hub.example.org:8000", "Host": "hub.example.org"},
        {"Origin": "https://hub.example.org.elsewhere.example", "Host": "hub.example.org"},
        {"Origin": "null", "Host": "hub.example.org"},
        {"Origin": "", "Host": "hub.example.org"},
        {"Origin": "https://elsewhere.example", "Host": "a", "X-Forwarded-Host": "b, elsewhere.example"},
    ],
)
def test_a_page_of_another_host_may_not(server: Served, path: Path, headers: dict[str, str]) -> None:
    async def work() -> None:
        with pytest.raises(HTTPClientError) as refused:
            async with visiting(path, **headers):
                raise AssertionError("it was let in")
        assert refused.value.code == 403

    asyncio.run(work())


def test_a_server_on_a_port_goes_by_names_and_not_by_what_was_asked(tmp_path: Path) -> None:
    """Else a name that somebody makes point here would be as good as this machine's own."""
    with Served(tmp_path / "log") as server:

        async def work() -> None:
            headers = {"Host": "evil.example", "Origin": "http://evil.example"}
            request = HTTPRequest(f"ws://127.0.0.1:{server.port}/ws", headers=headers)
            with pytest.raises(HTTPClientError) as refused:
                await websocket_connect(request, subprotocols=["bokeh", "x"])
            assert refused.value.code == 403

        asyncio.run(work())


def test_a_host_that_is_named_may_come_as_well(tmp_path: Path) -> None:
    path = tmp_path / "s"
    arguments = ("--unix-socket", str(path), "--allow-websocket-origin", "viz.example.org")
    with Served(tmp_path / "log", *arguments):

        async def work() -> None:
            async with visiting(path, Host="inner", Origin="http://viz.example.org"):
                pass

        asyncio.run(work())


def test_what_a_killed_server_left_is_replaced_and_taken_away_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with Served(tmp_path / "log", "--unix-socket", str(path)) as killed:
        killed.end(signal.SIGKILL)
    assert path.is_socket()
    with Served(tmp_path / "log", "--unix-socket", str(path)) as server:
        assert ask(path, "/healthz")[0] == 200
        assert server.end() == 0
    assert not path.exists()


def test_the_socket_of_a_server_that_lives_stays(server: Served, path: Path) -> None:
    outcome = vizapp("serve", "--no-browser", "--unix-socket", str(path))
    assert outcome.returncode == 2
    assert "a server listens on" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert ask(path, "/healthz")[0] == 200


def test_another_server_s_socket_is_not_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with Served(tmp_path / "log", "--unix-socket", str(path)) as server:
        path.unlink()
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(str(path))
            assert server.end() == 0
    assert path.is_socket()


def test_it_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """As where a machine that is short of memory ends a person's Jupyter, which then can tell nobody."""
    path = tmp_path / "s"
    code = f"""
import subprocess, sys
command = [sys.executable, "-m", "vizapp", "serve", "--no-browser", "--end-with-parent", "--unix-socket", {str(path)!r}]
subprocess.run(command)
"""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    parent = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, **pipes)
    try:
        assert parent.stdout is not None
        assert b"listens" in parent.stdout.readline()
        assert ask(path, "/healthz")[0] == 200
        parent.kill()
        # Both ends of the pipes are closed when the last of the two has ended.
        parent.communicate(timeout=PATIENCE)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(parent.pid, signal.SIGKILL)
    assert not path.exists()


def test_a_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "thesis.txt"
    path.write_text("all of it")
    outcome = vizapp("serve", "--no-browser", "--unix-socket", str(path))
    assert outcome.returncode == 2
    assert "is no socket" in outcome.stderr
    assert path.read_text() == "all of it"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("s", "--port", "5006"), "--port, not both"),
        (("s", "--address", "127.0.0.1"), "--address, not both"),
        (("s", "--num-procs", "2"), "--num-procs, not both"),
        (("nothing/here/s",), "No such file or directory"),
        (("s" * 200,), "too long"),
    ],
)
def test_what_does_not_go_is_told(arguments: tuple[str, ...], words: str) -> None:
    outcome = vizapp("serve", "--no-browser", "--unix-socket", *arguments)
    assert outcome.returncode == 2
    assert words in outcome.stderr
    assert outcome.stderr.count("\n") == 1
