"""The server of the page: Panel's, with bounds, compression and an orderly end."""

from __future__ import annotations

import errno
import logging
import os
import re
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from functools import partial
from types import FrameType
from typing import Any, NoReturn

import panel as pn
from bokeh.embed.bundle import extension_dirs
from bokeh.settings import settings
from panel.io.resources import COMPONENT_PATH
from panel.io.server import Server

from vizapp.analysis.batch import turns
from vizapp.app import page
from vizapp.inputs import morphs
from vizapp.serving import access, logs
from vizapp.serving.access import oauth_arguments
from vizapp.serving.application import application
from vizapp.serving.condition import Condition
from vizapp.serving.doorway import Doorway
from vizapp.serving.headers import protection
from vizapp.serving.leaving import Idler, Leaver
from vizapp.serving.lifeline import Lifeline, follow_parent, is_spokesman
from vizapp.serving.limits import MAX_MESSAGE_BYTES, bound_decompression
from vizapp.serving.metrics import listen
from vizapp.serving.options import Options
from vizapp.serving.pacing import Pace
from vizapp.serving.pages import CONDITION, PACE, Health, Icon, Page, Ready
from vizapp.serving.plain import Missing
from vizapp.serving.socket import SAME_HOST, Socket
from vizapp.serving.static import BokehFiles, ComponentFiles, ExtensionFiles
from vizapp.serving.warm import load_shared
from vizapp.views.edges import warm as compile_kernels
from vizapp.views.node_map import warm_up as compile_maps

log = logging.getLogger(__name__)

SECRET_VARIABLE = "VIZAPP_SECRET_KEY"
SHORTEST_SECRET = 32
SWITCH_SECONDS = 0.0005
"""After which a worker hands the interpreter to the event loop. With Python's 5 ms, waited for several times in a
movement of the pen, people notice what their neighbours have computed."""
# Where one of these is missing a browser can only be one in a terminal, which would take that over.
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME")


class ServeError(ValueError):
    """The server cannot be started; the message says what to do."""


def serve(options: Options) -> NoReturn:
    """Serve the page until SIGINT or SIGTERM, then end the process with exit code 0.

    With several processes, each of them returns from `make_server`, and the first one waits inside it.

    Raises:
        ServeError: if the port or the address cannot be had, or the secret key is weak.
        DoorwayError: if the path of the socket is taken.
        NetworkError, LayoutError: if the shipped files are damaged.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    load_shared()
    doorway = Doorway(options.unix_socket) if options.unix_socket is not None else None
    if doorway is not None:
        doorway.clear()
    lifeline = Lifeline() if options.processes > 1 else None
    server = make_server(options)
    if doorway is not None:
        doorway.keep()
    condition: Condition = server._tornado.settings[CONDITION]
    leaver = Leaver(condition, options.drain, server.io_loop.stop)
    if lifeline is not None:
        lifeline.watch(leaver.begin)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, partial(_on_signal, server, leaver))
    condition.warming = compile_kernels()
    # Nobody waits for these, but whoever looks at one first would.
    condition.warming.add_done_callback(_warm_the_rest)
    if options.metrics is not None:
        listen(options.metrics, condition)
    if options.idle_minutes is not None:
        Idler(condition, options.idle_minutes)
    if options.end_with_parent:
        follow_parent(leaver.begin)
    if is_spokesman():
        _announce(options, server)
    server.start()
    server.io_loop.start()
    server.stop(wait=False)
    if doorway is not None:
        doorway.remove()
    log.info("stopped")
    _leave()


def _warm_the_rest(_done: object) -> None:
    morphs.warm_up()
    compile_maps()


def make_server(options: Options, secret: str | None = None) -> Server:
    """A server that listens and is not started: `server.start()`, then run `server.io_loop`.

    Raises:
        ServeError: as `serve`.
        PasswordError: if the file of passwords cannot be used.
    """
    # Whatever the environment says: everything comes from here, nothing from a CDN.
    settings.resources.set_value("server")
    bound_decompression()
    key = secret or _secret()
    if options.batch_processes is not None:
        turns.SHARED.processes = options.batch_processes
    turns.SHARED.scheduler = options.dask_scheduler
    try:
        server: Server = pn.serve(
            {"/": application(partial(page, logout=True) if options.asks_for_login else page)},
            **_where(options),
            prefix=options.prefix,
            websocket_origin=list(options.origins),
            num_procs=options.processes,
            show=False,
            start=False,
            verbose=False,
            sign_sessions=True,
            secret_key=key.encode(),
            session_token_expiration=300,
            websocket_max_message_size=MAX_MESSAGE_BYTES,
            check_unused_sessions_milliseconds=10_000,
            unused_session_lifetime_milliseconds=60_000,
            # Below the minute after which most proxies cut a silent connection.
            keep_alive_milliseconds=20_000,
            # A page's token carries what is listed here, and a long token breaks the websocket.
            include_headers=[],
            include_cookies=[],
            # Pages; files come compressed already.
            compress_response=True,
            default_handler_class=Missing,
            log_function=logs.access,
            use_xheaders=options.trust_proxy,
            # Nothing is uploaded but over the websocket; and nobody takes minutes to say what he wants.
            http_server_kwargs={
                "max_body_size": 64_000,
                "body_timeout": 30,
                "idle_connection_timeout": 300,
            },
            **oauth_arguments(options, key),
        )
    except OSError as error:
        raise ServeError(_why_not(options, error)) from error
    tornado = server._tornado
    if options.unix_socket is None:
        tornado.websocket_origins.update(
            f"{host}:{server.port}" for host in ("localhost", "127.0.0.1", "[::1]", options.host)
        )
    else:
        tornado.settings[SAME_HOST] = True
    tornado.settings[CONDITION] = Condition(tornado.applications["/"], options.max_sessions)
    tornado.settings[PACE] = Pace()
    tornado.transforms.insert(0, protection(options.embedders))
    _add_routes(server, access.rules(options, server, key))
    return server


def _add_routes(server: Server, before: list[Any]) -> None:
    """Put our handlers before those of Bokeh and Panel, and `before` before all."""
    tornado = server._tornado
    prefix = re.escape(tornado.prefix)
    context = {
        "application_context": tornado.applications["/"],
        "bokeh_websocket_path": f"{tornado.prefix}/ws",
    }
    tornado.add_handlers(
        r".*",
        [
            *before,
            (rf"{prefix}/?", Page, context),
            (rf"{prefix}/ws", Socket, context),
            (rf"{prefix}/static/extensions/(.*)", ExtensionFiles, {"root": extension_dirs}),
            (rf"{prefix}/static/(.*)", BokehFiles),
            (rf"{prefix}/{COMPONENT_PATH}(.*)", ComponentFiles),
            (rf"{prefix}/favicon.ico", Icon),
            # Bokeh's ways to a session that our page does not take: past the limit of sessions.
            (rf"{prefix}/(?:autoload\.js|metadata)", Missing),
            # A probe inside the machine need not know the prefix.
            (rf"(?:{prefix})?/healthz", Health),
            (rf"(?:{prefix})?/readyz", Ready, {"condition": tornado.settings[CONDITION]}),
        ],
    )


def _secret() -> str:
    given = os.environ.get(SECRET_VARIABLE)
    if given is None:
        return secrets.token_urlsafe(48)
    if len(given) < SHORTEST_SECRET:
        raise ServeError(
            f"{SECRET_VARIABLE} is too short to be a secret: give {SHORTEST_SECRET} characters or more"
        )
    return given


def _where(options: Options) -> dict[str, Any]:
    if options.unix_socket is not None:
        return {"unix_socket": str(options.unix_socket)}
    return {"port": options.port, "address": options.address}


def _why_not(options: Options, error: OSError) -> str:
    if options.unix_socket is not None:
        return f"cannot listen on {options.unix_socket}: {error.strerror or error}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {options.port} is busy, perhaps with another vizapp. "
            f"Give another with --port, or --port 0 for any free one."
        )
    if error.errno == errno.EACCES:
        return f"port {options.port} needs rights that you do not have: give one from 1024 on with --port."
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"this machine has no address {options.address!r}: give one that it has with --address."
    return f"cannot listen on {options.address} port {options.port}: {error.strerror or error}"


def _announce(options: Options, server: Server) -> None:
    if options.unix_socket is not None:
        print(f"vizapp listens on the socket {options.unix_socket}", flush=True)
        return
    url = options.url(server.port)
    print(f"vizapp is at {url}", flush=True)
    if not options.is_local and not options.origins:
        print(
            "Pages that other machines open will not connect yet: "
            f"name the host that they use, with --allow-websocket-origin HOST:{server.port}",
            file=sys.stderr,
        )
    if options.browser and (sys.platform != "linux" or any(name in os.environ for name in _DISPLAYS)):
        server.io_loop.add_callback(_open_browser, url)


def _open_browser(url: str) -> None:
    # It may wait for the browser to end.
    threading.Thread(target=webbrowser.open, args=(url,), name="open browser", daemon=True).start()


def _on_signal(server: Server, leaver: Leaver, number: int, _frame: FrameType | None) -> None:
    log.info("stopping: signal %s", number)
    server.io_loop.add_callback_from_signal(leaver.begin)


def _leave() -> NoReturn:
    """End the process although workers are busy: nobody waits for what they compile or compute."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


__all__ = ["Options", "ServeError", "make_server", "serve"]
