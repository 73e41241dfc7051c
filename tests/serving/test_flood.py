"""Clients that send too much: what is more than can be answered is left out, and others go on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

import pytest
from served import Served

from tests.serving.person import Person, visiting
from tests.serving.test_limits import SEVEN, free_port, metric

MESSAGES = 400
# What a busy machine can read in a second it may just be able to answer; nobody draws twenty strokes in one.
SLOW = "from vizapp.serving import socket; socket.MESSAGES_PER_SECOND = 20"


async def rounds(person: Person, count: int, stroke: int) -> list[float]:
    """Seconds that each of so many strokes takes."""
    times = []
    for number in range(count):
        began = perf_counter()
        await person.draw(SEVEN, stroke + number)
        times.append(perf_counter() - began)
    return times


async def flood(person: Person) -> int:
    """Movements of the pen, as fast as the network takes them; the number of the last."""
    last = 0
    for number in range(MESSAGES):
        point = 0.1 + 0.8 * (number % 100) / 100, 0.5
        last = await person.pen([point], stroke=10 + number // 100, start=number % 100)
    return last


@pytest.mark.hosting
def test_a_flood_is_shed_the_newest_counts_and_others_go_on(tmp_path: Path) -> None:
    port = free_port()
    with Served(tmp_path / "log", "--metrics", str(port), before=SLOW) as server:

        async def work() -> None:
            async with visiting(server) as rude, visiting(server) as modest:
                await rude.open()
                await modest.open()
                sending = asyncio.create_task(flood(rude))
                await rounds(modest, 8, 100)
                last = await sending
                while (await rude.answer("frame"))["ack"] < last:
                    pass
                assert metric(port, 'vizapp_refused_total{reason="too fast"}') > 0
                # Told once, and not for each.
                texts = [one["data"]["text"] for one in rude.heard if one["data"].get("type") == "notice"]
                assert 1 <= sum("the newest counts" in text for text in texts) <= 3

        asyncio.run(work())
        assert "Traceback" not in server.log
