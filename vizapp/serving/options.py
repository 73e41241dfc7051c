"""`vizapp serve`: its arguments, checked before anything heavy is imported."""

from __future__ import annotations

import argparse
import ipaddress
import os
import re
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from vizapp.serving import hosting, logs
from vizapp.serving.hosting import HostingError, OAuth, Place

MAX_PROCESSES = 64
MAX_BATCH_PROCESSES = 256


@dataclass(frozen=True)
class Options:
    """How to serve. `prefix` is "" or "/user/name"; `origins` are HOST[:PORT] of pages that may connect.

    `batch_processes` are for long measurements: None is one for each core, 0 none of them.

    With `unix_socket`, nobody listens on a port: `port`, `address` and `processes` say nothing.

    `embedders` are SCHEME://HOST[:PORT] of pages, or "*", that may show this one in a frame. What follows them is for
    hosts of many people, see docs/hosting.md.
    """

    port: int = 5006
    address: str = "127.0.0.1"
    prefix: str = ""
    origins: tuple[str, ...] = ()
    embedders: tuple[str, ...] = ()
    processes: int = 1
    browser: bool = False
    batch_processes: int | None = None
    dask_scheduler: str | None = None
    passwords: Path | None = None
    oauth: OAuth | None = None
    users: tuple[str, ...] = ()
    trust_proxy: bool = False
    max_sessions: int | None = None
    idle_minutes: float | None = None
    drain: float = 10.0
    metrics: Place | None = None
    log_format: str = "text"
    unix_socket: Path | None = None
    end_with_parent: bool = False

    @classmethod
    def of(cls, args: argparse.Namespace) -> Options:
        """From the arguments that `add_arguments` knows.

        Raises:
            HostingError: if they do not go together.
        """
        names = {field.name for field in fields(cls)}
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in vars(args).items()
            if name in names
        }
        if "unix_socket" in given:
            _check_socket(given)
        return cls(**given, oauth=hosting.oauth_of(args))

    @property
    def asks_for_login(self) -> bool:
        return self.passwords is not None or self.oauth is not None

    @property
    def is_local(self) -> bool:
        """Whether only this machine can connect."""
        if self.unix_socket is not None or self.address == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.address).is_loopback
        except ValueError:
            return False

    @property
    def host(self) -> str:
        """The name under which a browser on this machine finds the server."""
        if self.address in ("", "0.0.0.0", "::"):
            return "localhost"
        return f"[{self.address}]" if ":" in self.address else self.address

    def url(self, port: int) -> str:
        """Where a browser on this machine finds the page."""
        return f"http://{self.host}:{port}{self.prefix}/"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    default = Options()
    # What is suppressed is there only if it was given.
    parser.add_argument(
        "--port",
        type=_port,
        default=argparse.SUPPRESS,
        help=f"0: any free one (default: {default.port})",
    )
    parser.add_argument(
        "--address",
        default=argparse.SUPPRESS,
        help=f"to listen on; 0.0.0.0 lets other machines connect (default: {default.address})",
    )
    parser.add_argument(
        "--unix-socket",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="PATH",
        help="listen on a socket in the file system, which is for its owner only, and on no port",
    )
    parser.add_argument(
        "--prefix",
        type=_prefix,
        default=default.prefix,
        metavar="PATH",
        help="path that all URLs begin with, as in /user/name/proxy/5006",
    )
    parser.add_argument(
        "--allow-websocket-origin",
        dest="origins",
        type=_origin,
        action="append",
        default=[],
        metavar="HOST[:PORT]",
        help="host under which people reach the page, besides this machine's own; may be given again",
    )
    parser.add_argument(
        "--allow-embedding",
        dest="embedders",
        type=_embedder,
        action="append",
        default=[],
        metavar="ORIGIN",
        help="pages from there may show this one in a frame, as https://course.example.org; * for all; "
        "may be given again (default: only pages of this server)",
    )
    parser.add_argument(
        "--num-procs",
        dest="processes",
        type=_processes,
        default=default.processes,
        metavar="N",
        help="processes that share the port. A page and its connection may meet different ones, so each page "
        "is built twice; for many people, several servers behind a proxy with session affinity do better",
    )
    parser.add_argument(
        "--batch-processes",
        type=_batch_processes,
        metavar="N",
        help="for long measurements, one of them at a time, of low priority; 0 offers none (default: one a core)",
    )
    parser.add_argument(
        "--dask-scheduler",
        type=_scheduler,
        metavar="ADDRESS",
        help="of a Dask cluster that does long measurements instead, as tcp://cluster.example.org:8786; "
        "its workers need the same vizapp",
    )
    parser.add_argument(
        "--end-with-parent",
        action="store_true",
        help="end when the process that started this one has ended, even if it was killed",
    )
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="do not open a browser")
    hosting.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    options = Options.of(args)
    from vizapp.server import serve

    # Afterwards: Bokeh and Panel bring handlers of their own along.
    logs.configure(options.log_format, args.verbose)
    serve(options)


def _check_socket(given: Mapping[str, Any]) -> None:
    if not hasattr(socket, "AF_UNIX") or sys.platform == "win32":
        raise HostingError("this system has no Unix sockets: give a --port")
    for name, option in (("port", "--port"), ("address", "--address")):
        if name in given:
            raise HostingError(f"give --unix-socket or {option}, not both")
    if given["processes"] > 1:
        raise HostingError("only a port can be shared: give --unix-socket or --num-procs, not both")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 0 to 65535")
    return int(text)


def _prefix(text: str) -> str:
    path = text.strip("/")
    if path and not re.fullmatch(r"[\w.~@%+-]+(/[\w.~@%+-]+)*", path, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is no path: give one like /user/name/proxy/5006")
    return f"/{path}" if path else ""


def _origin(text: str) -> str:
    # Forgiven, because browsers show it so: http://host:port/
    host = re.sub(r"^https?://", "", text.strip()).rstrip("/")
    if not re.fullmatch(r"[\w.*-]+(:\d{1,5})?", host, re.ASCII):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no host: give one like viz.example.org or localhost:8000"
        )
    return host.lower()


def _embedder(text: str) -> str:
    # It goes into a header: nothing but an origin may.
    origin = text.strip().rstrip("/").lower()
    if origin != "*" and not re.fullmatch(
        r"https?://((\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:(\d{1,5}|\*))?", origin, re.ASCII
    ):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no origin: give one like https://course.example.org, or * for all"
        )
    return origin


def _processes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_PROCESSES:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes from 1 to {MAX_PROCESSES}")
    if int(text) > 1 and not (hasattr(os, "fork") and sys.platform != "darwin"):
        raise argparse.ArgumentTypeError(
            "several processes on one port need Linux; start several servers instead"
        )
    return int(text)


def _batch_processes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > MAX_BATCH_PROCESSES:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of processes from 0 to {MAX_BATCH_PROCESSES}"
        )
    return int(text)


def _scheduler(text: str) -> str:
    if not re.fullmatch(r"([a-z]+://)?([\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is no address: give one like tcp://localhost:8786")
    if find_spec("distributed") is None:
        raise argparse.ArgumentTypeError(
            "it needs Dask, which is not installed: pip install 'vizapp[cluster]'"
        )
    return text
