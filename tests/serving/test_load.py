"""Many people at once: frames are shed, never sessions nor answers; and what closed sessions took comes back."""

from __future__ import annotations

import asyncio
import re
import signal
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import numpy as np
import pytest
from served import Served

from tests.serving.consumption import megabytes
from tests.serving.crowd import Page, digit, page, right_answer
from tests.serving.person import ready
from tests.serving.test_limits import until

PEOPLE = 12
RATE = 60
SLOW = """
import time
from vizapp.nets.network import Network
quick = Network.forward
def forward(self, images):
    if images.size == 784:
        time.sleep(0.015)
    return quick(self, images)
Network.forward = forward
"""
COUNTING = """
import gc, signal, sys
def count(*_):
    gc.collect()
    names = [type(one).__name__ for one in gc.get_objects()]
    print(*(f"{name}={names.count(name)}" for name in ("Explorer", "Document", "Link")), file=sys.stderr, flush=True)
signal.signal(signal.SIGUSR1, count)
"""


@pytest.mark.hosting
def test_overload_sheds_frames_and_neither_sessions_nor_answers(tmp_path: Path) -> None:
    """Twelve draw at once on a server that can do some sixty updates a second, where they would make 700."""

    async def draw(one: Page, number: int) -> tuple[int, int]:
        chance, points = Random(number), 0
        for _ in range(2):
            strokes = digit(chance, RATE)
            one.clear()
            await one.draw(strokes, RATE)
            points += sum(map(len, strokes))
            assert one.answer is not None
            # What the last frame shows is of all that was drawn, and of nobody else's.
            assert np.allclose(one.answer, right_answer(strokes), atol=1e-4)
        assert one.alive
        return points, len(one.latencies)

    async def work(server: Served) -> None:
        await ready(server)
        async with AsyncExitStack() as stack:
            pages = [await stack.enter_async_context(page(server)) for _ in range(PEOPLE)]
            for one in pages:
                await one.open()
            made = await asyncio.gather(*(draw(one, number) for number, one in enumerate(pages)))
            points, frames = (sum(column) for column in zip(*made, strict=True))
            print(f"{PEOPLE} people: {points} points of the pen, {frames} frames")
            # Everybody got some, also while all drew.
            assert min(count for _, count in made) >= 4
            assert frames < points / 3

    with Served(tmp_path / "log", before=SLOW) as server:
        asyncio.run(work(server))
        assert "Traceback" not in server.log


@pytest.mark.hosting
def test_closed_sessions_leave_nothing(tmp_path: Path) -> None:
    async def visit(server: Served, number: int) -> None:
        async with page(server) as one:
            await one.open()
            await one.draw(digit(Random(number)), rate=1000)

    async def visits(server: Served, count: int) -> tuple[float, dict[str, int]]:
        for _ in range(0, count, 10):
            await asyncio.gather(*(visit(server, number) for number in range(10)))
        await until(lambda: server.log.count("] closed") == server.log.count("] opened"), "all are closed")
        said = len(COUNTS.findall(server.log))
        server.process.send_signal(signal.SIGUSR1)
        await until(lambda: len(COUNTS.findall(server.log)) > said, "it has counted")
        counts = {name: int(number) for name, number in PAIR.findall(COUNTS.findall(server.log)[-1])}
        return megabytes(server.process.pid), counts

    async def work(server: Served) -> None:
        await ready(server)
        first, before = await visits(server, 60)
        last, after = await visits(server, 40)
        print(
            f"after 60 sessions {first:.0f} MB, after 40 more {last:.0f} MB: {last / first - 1:+.1%}", after
        )
        # A few wait for Panel's round of tidying up.
        assert all(after[name] <= before[name] + 2 for name in after), (before, after)
        assert last < 1.05 * first

    with Served(tmp_path / "log", before=COUNTING) as server:
        asyncio.run(work(server))


COUNTS = re.compile(r"^Explorer=.*$", re.MULTILINE)
PAIR = re.compile(r"(\w+)=(\d+)")
