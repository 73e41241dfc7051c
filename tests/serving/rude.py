"""A client that sends as fast as it can, in a process of its own: `python rude.py URL WAY`. Ends with its input."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import WebSocketClosedError

from tests.serving.person import Person, visiting
from vizapp.analysis.ranges import RANGES

METHODS = ("gradient", "gradient times input", "relevance", "occlusion", "nearest other", "flip")


async def pens(person: Person, number: int) -> None:
    """Movements of the pen."""
    await person.pen([(0.1 + 0.8 * (number % 100) / 100, 0.5)], stroke=10 + number // 100, start=number % 100)


async def questions(person: Person, number: int) -> None:
    """What is answered on the event loop, the dearest of it."""
    kind = ("inspect", "edge_table", "table", "search", "deconvolve")[number % 5]
    await person.tell(
        type=kind, seq=number, node=8000 + number % 1000, text="strongest 50", layer="conv2", map=0
    )


async def rubbish(person: Person, number: int) -> None:
    """A megabyte that is refused when it was read."""
    await person.tell(type="pick", nodes=[0.5] * 200_000)


async def work(person: Person, number: int) -> None:
    """Sweeps, maps, explanations, measurements: whatever is computed beside the event loop."""
    messages: list[dict[str, object]] = [
        {"type": "sweep", "kind": list(RANGES)[number % len(RANGES)]},
        {"type": "cross", "second": list(RANGES)[(number + 1) % len(RANGES)]},
        {"type": "crossing", "width": 400 + number % 50, "height": 300},
        {"type": "set", "name": "aside", "value": ("map", "hesitation")[number % 2]},
        {"type": "set", "name": "pad_shows", "value": METHODS[number % len(METHODS)]},
        {"type": "explain", "seq": number},
        {"type": "deletion", "seq": number},
        {"type": "reliability", "seq": number},
        {"type": "alike", "seq": number, "node": 8000 + number % 1000, "what": "node"},
        {
            "type": "batch_start",
            "kind": "table",
            "networks": ["mlp", "cnn"],
            "cases": ["clean"],
            "images": 10_000,
        },
        {"type": "set", "name": "network", "value": ("mlp", "cnn")[number % 2]},
    ]
    await person.tell(**messages[number % len(messages)])


async def pings(person: Person, number: int) -> None:
    for _ in range(50):
        person.socket.ping(b"x")
    await asyncio.sleep(0)


async def pages(person: Person, number: int) -> None:
    """New sessions, ten at a time, that never connect."""
    await asyncio.gather(*(AsyncHTTPClient().fetch(person.url, raise_error=False) for _ in range(10)))


WAYS: dict[str, Callable[[Person, int], Awaitable[None]]] = {
    each.__name__: each for each in (pens, questions, rubbish, work, pings, pages)
}


async def read(person: Person) -> None:
    while await person.socket.read_message() is not None:
        pass


async def attack(url: str, way: str) -> None:
    server = SimpleNamespace(url=url)
    async with visiting(server) as person:  # type: ignore[arg-type]
        await person.open()
        reading = asyncio.create_task(read(person))
        print("begins", flush=True)
        for number in itertools.count(1):
            try:
                await WAYS[way](person, number)
            except WebSocketClosedError:
                break
            await asyncio.sleep(0)
        await reading


async def main() -> None:
    attacking = asyncio.create_task(attack(sys.argv[1], sys.argv[2]))
    # Until whoever started it has had enough.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    attacking.cancel()


if __name__ == "__main__":
    asyncio.run(main())
