"""What a sweep costs the server: `python -m tests.views.bench_sweeping [--rounds N]`.

Prints one JSON object: medians and 95th percentiles of processor time in ms, of one thread, so that what else goes on
counts little: a curve from 1 to 2 at 64 positions, roughly (as while an end is drawn) and exactly, by each way; and a
movement of the cursor, over the line, with and without the state being saved.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tests.views.pages import OpenPage
from vizapp import nets
from vizapp.explorer import Explorer
from vizapp.inputs.morphs import WAYS, warm_up
from vizapp.views.sweeping import curve_message


def costs(act: Callable[[int], object], rounds: int) -> dict[str, float]:
    act(0)
    times = []
    for turn in range(rounds):
        start = time.thread_time()
        act(turn)
        times.append(1000 * (time.thread_time() - start))
    return {"median": round(float(np.median(times)), 2), "p95": round(float(np.percentile(times, 95)), 2)}


def measure(rounds: int) -> dict[str, Any]:
    warm_up()
    explorer = Explorer()
    explorer.morph()
    timeline = explorer.timeline
    assert timeline is not None
    found: dict[str, Any] = {}
    for name in nets.names():
        for way in WAYS:
            for exact in (False, True):

                def curve(_turn: int, name: str = name, way: str = way, exact: bool = exact) -> object:
                    # Another timeline each time: the ways are made again, as when an end has changed.
                    return curve_message(replace(timeline), way, nets.load(name), None, exact)

                found[f"{name}, {way}, {'exactly' if exact else 'roughly'}"] = costs(curve, rounds)
    page = OpenPage()
    page.ask("sweep", kind="morph")
    for moving in (True, False):

        def move(turn: int, moving: bool = moving) -> object:
            return page.ask("cursor", seq=1, position=0.1 + 0.8 * (turn % 50) / 50, moving=moving)

        found[f"cursor, {'on its way' if moving else 'with the state'}"] = costs(move, 5 * rounds)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="how often each is measured")
    print(json.dumps(measure(parser.parse_args().rounds), indent=2))
