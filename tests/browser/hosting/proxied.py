"""The real nginx on this machine, with the file of deploy/ but for its ports; what it said about each request."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from time import monotonic, sleep
from typing import Any

from running import PATIENCE, Running
from served import Served

from tests.browser.hosting import parts
from tests.serving.test_limits import free_port
from tests.serving.web import Visitor

ROOT = Path(__file__).resolve().parent.parent.parent.parent
CONF = ROOT / "deploy" / "nginx" / "vizapp.conf"
SECRET = {"VIZAPP_SECRET_KEY": "correct horse battery staple and some more"}

# Around the file, what a distribution's nginx.conf has. One process: root does not become somebody else in it.
AROUND = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log info;
events {{}}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxied;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  log_format asked '$vizapp_route|$upstream_addr|$status|$request_method|$uri|$scheme';
  access_log {folder}/access.log asked;
  include {folder}/vizapp.conf;
}}
"""


@dataclass(frozen=True)
class Asked:
    """One request. `ports` has the servers that it was given to, the last one answered it."""

    route: str
    ports: tuple[int, ...]
    status: int
    method: str
    path: str


class Program(Running):
    """Another maker's server on `port`, in `folder`."""

    def __init__(self, command: list[str], folder: Path, port: int) -> None:
        super().__init__(command, folder / "out", folder)
        self.folder, self.port = folder, port

    def has_begun(self) -> bool:
        return listens(self.port)


class Nginx(Program):
    """nginx on `port`, before servers on `servers`. `change` is applied to the text of the file."""

    def __init__(
        self,
        folder: Path,
        port: int,
        servers: tuple[int, int],
        change: Callable[[str], str] = str,
        scheme: str = "http",
    ) -> None:
        folder.mkdir()
        for name in ("body", "proxied", "f", "u", "s"):
            (folder / name).mkdir()
        (folder / "vizapp.conf").write_text(change(moved(CONF.read_text("utf-8"), port, servers)), "utf-8")
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder), "utf-8")
        command = [parts.find("nginx"), "-p", str(folder), "-e", str(folder / "error.log")]
        super().__init__([*command, "-c", str(folder / "nginx.conf")], folder, port)
        self.url = f"{scheme}://127.0.0.1:{port}/vizapp/"

    @property
    def asked(self) -> list[Asked]:
        """All requests that are over. A websocket's is over when it is closed."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [request for line in lines if (request := read(line)).path.startswith("/vizapp/")]

    def until(self, route: str, path: str = "/vizapp/") -> list[Asked]:
        """The requests for `path` with this cookie, once there is one: nginx writes after it has answered."""
        end = monotonic() + PATIENCE
        while monotonic() < end:
            if found := [one for one in self.asked if (one.route, one.path) == (route, path)]:
                return found
            sleep(0.02)
        raise AssertionError(f"nobody asked for {path}")

    def errors(self) -> str:
        return (self.folder / "error.log").read_text()

    def route_to(self, server: Served) -> str:
        """A cookie as nginx makes them that leads to this server first. Makes no session."""
        for _ in range(100):
            visitor, route = Visitor(self.url), token_hex(16)
            visitor.cookies["vizapp_route"] = route
            visitor.ask(method="HEAD")
            if self.until(route)[-1].ports[0] == server.port:
                return route
        raise AssertionError("all visitors come to one server")


def read(line: str) -> Asked:
    route, servers, status, method, path, _scheme = line.split("|")
    return Asked(
        route, tuple(int(port) for port in re.findall(r":(\d+)", servers)), int(status), method, path
    )


def moved(text: str, port: int, servers: tuple[int, int]) -> str:
    """The file with other ports, for this machine only."""
    for old, new in (
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:5006", f"127.0.0.1:{servers[0]}"),
        ("127.0.0.1:5007", f"127.0.0.1:{servers[1]}"),
        ("server_name viz.example.org;", "server_name 127.0.0.1;"),
    ):
        assert text.count(old) == 1, f"{old!r} is not there once"
        text = text.replace(old, new)
    return text


def in_its_own_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run it. Playwright's loop, which has this thread, lets no other run here."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def behind(log: Path, ports: Iterable[int], *arguments: str, before: str = "") -> Served:
    """A server that expects proxies on `ports` before it, as the files in deploy/ have it."""
    origins = [word for port in ports for word in ("--allow-websocket-origin", f"127.0.0.1:{port}")]
    common = ("--prefix", "/vizapp", "--trust-proxy", *origins)
    return Served(log, *common, *arguments, environment=SECRET, before=before)


@dataclass
class Pair:
    """Two servers and the ports of their metrics. Proxies may stand before them on `port` and on `spare`."""

    servers: tuple[Served, Served]
    metrics: tuple[int, int]
    port: int
    spare: int

    @property
    def ports(self) -> tuple[int, int]:
        return self.servers[0].port, self.servers[1].port

    def count(self, name: str = "vizapp_sessions") -> list[int]:
        """A metric of each server."""
        return [int(metric(port, name)) for port in self.metrics]


@contextmanager
def paired(folder: Path, *arguments: str, before: str = "") -> Iterator[Pair]:
    port, spare, *metrics = (free_port() for _ in range(4))
    with ExitStack() as stack:
        servers = [
            behind(
                folder / f"log-{i}", (port, spare), "--metrics", str(metrics[i]), *arguments, before=before
            )
            for i in range(2)
        ]
        one, two = (stack.enter_context(server) for server in servers)
        yield Pair((one, two), (metrics[0], metrics[1]), port, spare)


def metric(port: int, name: str) -> float:
    """A value of `/metrics`, by its name with labels."""
    text = Visitor(f"http://127.0.0.1:{port}/").ask("metrics").text
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0
