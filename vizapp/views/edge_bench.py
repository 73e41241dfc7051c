"""Measure the raster of all edges as a session of the app has it."""

from __future__ import annotations

import statistics
import time
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from vizapp.analysis.lenses import LENSES
from vizapp.explorer import Explorer
from vizapp.raster.bench import benchmark
from vizapp.raster.cache import OperatorCache
from vizapp.raster.viewport import Viewport
from vizapp.views import wire
from vizapp.views.edge_values import Question, edges_shown
from vizapp.views.edges import EdgeRaster, warm

PANES = {"both": (546, 636), "flat": (1092, 636)}
"""Pixels of the flat plot in a window of 1440×900, beside the 3D scene and alone."""

Act = Callable[[], None]


def measure(name: str, movements: Callable[[Explorer], Sequence[Act]], repeat: int = 15) -> dict[str, Any]:
    """Figures for one network; times in ms of one core, sizes in bytes.

    `movements` gives the movements of a pen on an explorer's pad. "operator": what `vizapp.raster.bench` says of
    the contributions at these movements, against Datashader in the same run. "session": by lens and pane, the
    quick picture at each movement, the exact one, and the message to the page (as it is, and deflated as the
    websocket does). "memory": of the operators for both panes.
    """
    warm().result()
    explorer = Explorer(network=name)
    moves = []
    for act in movements(explorer):
        act()
        moves.append(Question.of(explorer).edge_lens().first.source)
    figures = {
        "operator": benchmark(edges_shown(explorer), explorer.layout.bounds, np.stack(moves), repeat),
    }
    cache = OperatorCache()
    sessions = {
        pane: {lens: _session(name, lens, size, movements, cache) for lens in LENSES}
        for pane, size in PANES.items()
    }
    figures["session"] = sessions
    figures["memory"] = {"operators_bytes": cache.nbytes}
    cache.close()
    return figures


def _session(
    name: str,
    lens: str,
    size: tuple[int, int],
    movements: Callable[[Explorer], Sequence[Act]],
    cache: OperatorCache,
) -> dict[str, float]:
    explorer = Explorer(network=name, lens=lens)
    raster = EdgeRaster(explorer, cache)
    raster.viewport = _whole(explorer, *size)
    raster.moving()
    cache.wait()
    quick, exact, sizes, deflated = [], [], [], []
    for turn, act in enumerate(movements(explorer)):
        act()
        began = time.thread_time()
        image = raster.moving()
        quick.append(1e3 * (time.thread_time() - began))
        assert image is not None
        message = wire.frame_message(explorer, edges=image)
        bodies = [message["levels"].tobytes(), image.pixels.tobytes()]
        sizes.append(sum(map(len, bodies)))
        deflated.append(sum(len(zlib.compress(body, 1)) for body in bodies))
        if turn % 8 == 0:
            job = raster.resting()
            assert job is not None
            began = time.thread_time()
            job()
            exact.append(1e3 * (time.thread_time() - began))
    raster.close()
    return {
        "quick_ms": statistics.median(quick),
        "exact_ms": statistics.median(exact),
        "message_bytes": statistics.median(sizes),
        "message_bytes_deflated": statistics.median(deflated),
    }


def _whole(explorer: Explorer, width: int, height: int) -> Viewport:
    """All of the layout, equal scales in x and y, as the page shows it at first."""
    x0, x1, y0, y1 = explorer.layout.bounds
    unit = max((x1 - x0) / width, (y1 - y0) / height)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    half_x, half_y = width * unit / 2, height * unit / 2
    return Viewport(x - half_x, x + half_x, y - half_y, y + half_y, width, height)
