"""Many people at once: `python tests/serving/bench_load.py --people 1 10 30 100 --procs 1`.

Starts the real `vizapp serve` and so many pages, each with somebody at it who draws the digits that the app ships at
60 pointer events a second, over websockets that speak Bokeh's protocol. Each page asks for what the real page asks
for, the edges beside the scene included, and sends the next movement when the last was answered. Prints one JSON
object a line:

- latency: ms from sending a movement to the frame that answers it: median, p95, p99;
- server and client: ms of processor time an update; the client takes its share of the same machine;
- MB: of memory that a session takes, and of the server with all of them;
- wrong: digits at whose end the page's probabilities were not those of the network for what this person drew.

`--pace human` looks at each digit for one to three seconds; `--pace ceaseless` begins the next one at once.
`--visits 200` opens and closes so many sessions, ten at a time, and prints how memory grew. Meant for a quiet machine.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import gc
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from served import Served

from tests.serving.consumption import megabytes, processor_seconds
from tests.serving.crowd import SIZES, Page, digit, page, right_answer
from tests.serving.person import ready

CLOSE = 1e-4
"""Probabilities are JSON numbers of float32: a drawing of somebody else differs by more."""


class Figures:
    """What one round comes to."""

    def __init__(self) -> None:
        self.digits = self.wrong = 0


async def somebody(one: Page, number: int, pace: str, until: float, network: str, figures: Figures) -> None:
    """Draw digit after digit; the last one may end a little later."""
    chance = Random(number)
    await asyncio.sleep(chance.uniform(0, 2))
    while time.monotonic() < until:
        strokes = digit(chance)
        one.clear()
        await one.draw(strokes)
        figures.digits += 1
        if one.answer is None or not np.allclose(one.answer, right_answer(strokes, network), atol=CLOSE):
            figures.wrong += 1
        if pace == "human":
            await asyncio.sleep(chance.uniform(1, 3))


async def crowd(
    server: Served, people: int, pace: str, arguments: argparse.Namespace, stack: AsyncExitStack
) -> dict[str, Any]:
    """Let so many people in, and measure while they draw."""
    process, network, seconds = server.process.pid, arguments.network, arguments.seconds
    before = megabytes(process)
    began = processor_seconds(process)
    pages: list[Page] = []
    for number in range(people):
        one = await stack.enter_async_context(page(server))
        await one.open(network, SIZES[number % arguments.sizes])
        pages.append(one)
    opening = (processor_seconds(process) - began) / people
    figures = Figures()
    # A first digit, for caches and pools on both sides.
    await asyncio.gather(*(somebody(one, i, pace, 0, network, figures) for i, one in enumerate(pages)))
    for one in pages:
        await one.draw(digit(Random(0)))
        one.latencies.clear()
    figures = Figures()
    gc.collect()
    server_cpu, client_cpu, sent = processor_seconds(process), time.process_time(), received(pages)
    start = time.monotonic()
    people_at_work = (
        somebody(one, i, pace, start + seconds, network, figures) for i, one in enumerate(pages)
    )
    await asyncio.gather(*people_at_work)
    taken = time.monotonic() - start
    server_cpu = processor_seconds(process) - server_cpu
    client_cpu = time.process_time() - client_cpu
    latencies = 1000 * np.concatenate([one.latencies for one in pages])
    updates = len(latencies)
    after = megabytes(process)
    return {
        "people": people,
        "pace": pace,
        "latency": {
            f"p{q}" if q > 50 else "median": round(float(np.percentile(latencies, q)), 1)
            for q in (50, 95, 99)
        },
        "updates_per_second": round(updates / taken),
        "server_ms": round(1000 * server_cpu / updates, 2),
        "client_ms": round(1000 * client_cpu / updates, 2),
        "kB": round((received(pages) - sent) / updates / 1000, 1),
        "MB_per_session": round((after - before) / people, 1),
        "MB": round(after),
        "opening_ms": round(1000 * opening),
        "digits": figures.digits,
        "wrong": figures.wrong,
        "sent_again": sum(one.lost for one in pages),
        "alive": sum(one.alive for one in pages),
    }


def received(pages: Sequence[Page]) -> int:
    """Bytes that came over the wire, compressed."""
    return sum(one.socket.protocol._wire_bytes_in for one in pages)


async def visit(server: Served, number: int, size: int = 0) -> None:
    async with page(server) as one:
        await one.open(size=SIZES[size])
        await one.draw(digit(Random(number)), rate=1000)
        await one.rest()


async def visits(server: Served, count: int, at_once: int = 10) -> dict[str, Any]:
    """Sessions that are opened and closed; memory when all are closed, after a first round and at the end."""
    process = server.process.pid

    async def rounds(begin: int, end: int) -> float:
        for number in range(begin, end, at_once):
            await asyncio.gather(*(visit(server, number + i) for i in range(at_once)))
        await asyncio.sleep(12)
        return megabytes(process)

    first = await rounds(0, 4 * at_once)
    last = await rounds(0, count)
    return {
        "visits": count,
        "MB_after_40": round(first, 1),
        "MB_after_all": round(last, 1),
        "growth": f"{last / first - 1:+.1%}",
    }


async def measure(server: Served, arguments: argparse.Namespace) -> None:
    await ready(server)
    # What is made once for all is not a session's.
    for number in range(4 * arguments.procs * arguments.sizes):
        await visit(server, number, number % arguments.sizes)
    for pace in arguments.pace:
        for people in arguments.people:
            async with AsyncExitStack() as stack:
                result = await crowd(server, people, pace, arguments, stack)
            print(json.dumps({"procs": arguments.procs, **result}), flush=True)
            # The next round begins with all of them gone.
            await asyncio.sleep(8)
    if arguments.visits:
        print(json.dumps(await visits(server, arguments.visits)), flush=True)


def run() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, nargs="*", default=[1, 10, 30, 100])
    parser.add_argument("--procs", type=int, default=1, help="vizapp serve --num-procs")
    parser.add_argument("--pace", nargs="+", choices=("human", "ceaseless"), default=["human", "ceaseless"])
    parser.add_argument("--seconds", type=float, default=20, help="of drawing in each round")
    parser.add_argument("--network", default="cnn")
    parser.add_argument(
        "--sizes", type=int, choices=range(1, len(SIZES) + 1), default=1, help="windows of so many sizes"
    )
    parser.add_argument("--visits", type=int, default=0)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Served(Path(folder) / "log", "--num-procs", str(arguments.procs)) as server,
    ):
        asyncio.run(measure(server, arguments))


if __name__ == "__main__":
    run()
