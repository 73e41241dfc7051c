"""A full server says so, and is not full for longer than it has to be."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from served import PATIENCE, Served
from tornado.httpclient import HTTPClientError

from tests.serving.person import joined, visiting
from tests.serving.web import Visitor

SEVEN = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]


def free_port(count: int = 1) -> int:
    """The first of so many ports that are free now, one after the other."""
    import socket

    while True:
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
        try:
            for number in range(count):
                socket.create_server(("127.0.0.1", port + number)).close()
        except (OSError, OverflowError):
            continue
        return port


def metric(port: int, name: str) -> float:
    """A value of `/metrics`, by its name with labels; 0 if it is not there yet."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
        text = answer.read().decode()
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


async def until(condition: Callable[[], bool], what: str) -> None:
    end = monotonic() + PATIENCE
    while not await asyncio.get_running_loop().run_in_executor(None, condition):
        assert monotonic() < end, f"never: {what}"
        await asyncio.sleep(0.05)


def test_a_full_server_says_so_until_somebody_leaves(tmp_path: Path) -> None:
    port = free_port()
    with Served(tmp_path / "log", "--max-sessions", "1", "--metrics", str(port)) as server:
        visitor = Visitor(server.url)

        async def work() -> None:
            await until(lambda: visitor.ask("readyz").status == 200, "the server is ready")
            async with visiting(server) as person:
                await person.open()
                full = visitor.ask()
                assert full.status == 503
                assert "All places here are taken" in full.text
                assert full.headers["retry-after"] == "20"
                ready = visitor.ask("readyz")
                assert (ready.status, ready.text) == (503, "full: 1 of 1 sessions\n")
                assert visitor.ask("healthz").status == 200
                # Who is there is not concerned.
                await person.draw(SEVEN)
                # A token from before does not make a second place.
                assert metric(port, "vizapp_sessions") == 1
                assert metric(port, 'vizapp_refused_total{reason="full"}') == 1
            # And the place is free at once, not after a minute.
            await until(lambda: metric(port, "vizapp_sessions") == 0, "the place is free")
            assert visitor.ask("readyz").text == "ready\n"

        asyncio.run(work())


def test_a_token_of_a_page_that_never_came_makes_no_session_too_many(tmp_path: Path) -> None:
    secret = {"VIZAPP_SECRET_KEY": "correct horse battery staple and some more"}
    with Served(tmp_path / "one", environment=secret) as one:
        token = re.findall(r'"token":"([^"]+)"', Visitor(one.url).ask().text)[0]
    with Served(tmp_path / "two", "--max-sessions", "1", environment=secret) as two:

        async def work() -> None:
            async with visiting(two) as person:
                await person.open()
                with pytest.raises((AssertionError, HTTPClientError)):
                    async with joined(two, token) as second:
                        await second.open()
                await person.draw(SEVEN)

        asyncio.run(work())


def test_asking_whether_the_page_would_come_makes_no_session(tmp_path: Path) -> None:
    port = free_port()
    with Served(tmp_path / "log", "--metrics", str(port)) as server:
        for _ in range(5):
            answer = Visitor(server.url).ask(method="HEAD")
            assert (answer.status, answer.body) == (200, b"")
        assert metric(port, "vizapp_sessions_opened_total") == 0
        # The probes are there, too, and the metrics nowhere else.
        assert Visitor(f"http://127.0.0.1:{port}/").ask("healthz").status == 200
        assert Visitor(server.url).ask("metrics").status == 404


def test_what_happens_is_counted(tmp_path: Path) -> None:
    port = free_port()
    with Served(tmp_path / "log", "--metrics", str(port)) as server:

        async def work() -> None:
            async with visiting(server) as person:
                await person.open()
                for stroke in range(3):
                    await person.draw(SEVEN, stroke + 1)
                await person.tell(type="edit", action="explode")
                await person.answer("notice")
                await person.tell(type="gallery", choice="1", page=0)
                await person.answer("gallery")
                assert metric(port, "vizapp_connections") == 1
                # The loop is asked twice a second, which a quick machine needs not for all of the above.
                await until(
                    lambda: metric(port, "vizapp_event_loop_lag_seconds_count") > 0, "the loop is measured"
                )

        asyncio.run(work())
        assert metric(port, 'vizapp_update_seconds_count{kind="pen"}') == 3
        assert metric(port, 'vizapp_refused_total{reason="message"}') == 1
        assert metric(port, 'vizapp_work_seconds_count{queue="quick"}') >= 1
        assert metric(port, 'vizapp_work_waiting{queue="quick"}') == 0
        assert metric(port, "vizapp_sent_bytes_total") > 10_000
        assert metric(port, "process_resident_memory_bytes") > 50e6
        assert metric(port, "vizapp_sessions_opened_total") == 1


def test_each_of_several_processes_has_metrics_of_its_own(tmp_path: Path) -> None:
    port = free_port(2)
    with Served(tmp_path / "log", "--num-procs", "2", "--metrics", str(port)) as server:

        async def work() -> None:
            for each in (port, port + 1):
                await until(
                    lambda each=each: Visitor(f"http://127.0.0.1:{each}/").ask("readyz").status == 200, "it"
                )
            async with visiting(server) as person:
                await person.open()
                await person.draw(SEVEN)
                counts = [
                    metric(each, 'vizapp_update_seconds_count{kind="pen"}') for each in (port, port + 1)
                ]
                assert sorted(counts) == [0, 1]

        asyncio.run(work())


def test_logs_name_the_session_and_never_what_was_drawn(tmp_path: Path) -> None:
    """A callback that raises: one sentence for the person, the story with the session in the log, and life goes on."""
    before = (
        "from vizapp.views.topics.gallery import Gallery\n"
        "def fail(self, data): raise RuntimeError('the cat is on the keyboard')\n"
        "Gallery._on_gallery = fail\n"
    )
    with Served(tmp_path / "log", "--log-format", "json", before=before) as server:

        async def work() -> None:
            async with visiting(server) as person:
                await person.open()
                await person.tell(type="gallery", choice="1", page=0)
                notice = await person.answer("notice")
                assert notice["text"] == "Something went wrong here; the drawing is unharmed. Please go on."
                await person.draw([(0.123456, 0.2), (0.7, 0.2), (0.45, 0.8)])
                # What Bokeh could not even read.
                broken = {"type": "bytes", "data": "not base64 of 0.123456"}
                await person.say("PATCH-DOC", {"events": [{"kind": "MessageSent", "data": broken}]})

        asyncio.run(work())
        lines = [json.loads(line) for line in server.log.splitlines()]
        failure = next(line for line in lines if "the cat is on the keyboard" in line.get("traceback", ""))
        opened = next(line for line in lines if line["message"] == "opened")
        assert failure["level"] == "error"
        assert failure["session"] == opened["session"]
        assert re.fullmatch(r"[0-9a-f]{12}", failure["session"])
        assert "0.123456" not in server.log
