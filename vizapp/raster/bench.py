"""Measure the edge raster against Datashader, in one process and the same run."""

from __future__ import annotations

import statistics
import time
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.raster.direct import Direct
from vizapp.raster.edges import EdgeSet
from vizapp.raster.frame import Frame
from vizapp.raster.operators import Operator
from vizapp.raster.shade import scale_for, shade
from vizapp.raster.viewport import Viewport
from vizapp.raster.warm import warm_up

SIZES = ((500, 300), (1000, 600))
LEVELS = 64
# What one core works, whatever else the machine does; where that clock is coarse (Windows), time on the wall.
_fine = time.get_clock_info("thread_time").resolution < 1e-5
_clock = time.thread_time if _fine else time.perf_counter


def benchmark(
    edges: EdgeSet,
    bounds: tuple[float, float, float, float],
    moves: NDArray[np.float32],
    repeat: int = 15,
    sizes: Sequence[tuple[int, int]] = SIZES,
) -> dict[str, Any]:
    """Times in ms, ratios and bytes for one network, per size in pixels.

    `moves` float32[K, N], K >= 2: the node values for successive positions of a pen, scaled as the app scales
    them. Measured are the build, a frame of all edges with every value different from 0 (`dense`), a frame
    for the last of the moves (`full`), the `update` from one move to the next, and Datashader's aggregation
    of the same edges. Repetitions are interleaved, so that a busy machine slows all of them alike; ratios
    are those of the minima (for the updates, of the median movement's).
    """
    warm_up()
    measured = {f"{w}x{h}": _measure(edges, Viewport(*bounds, w, h), moves, repeat) for w, h in sizes}
    return {"edges": len(edges), "sizes": measured}


def datashader_sum(
    edges: EdgeSet, values: NDArray[np.floating], viewport: Viewport
) -> Callable[[], NDArray[np.float64]]:
    """Datashader's own aggregate of values per edge, to be called (again and again) for an image."""
    import datashader
    import pandas as pd  # type: ignore[import-untyped]

    x, y = edges.positions.T
    ends = {"x0": x[edges.source], "x1": x[edges.target], "y0": y[edges.source], "y1": y[edges.target]}
    frame = pd.DataFrame({**ends, "value": values})
    canvas = datashader.Canvas(
        viewport.width, viewport.height, (viewport.x0, viewport.x1), (viewport.y0, viewport.y1)
    )

    def aggregate() -> NDArray[np.float64]:
        total = datashader.sum("value")
        sums = canvas.line(frame, x=["x0", "x1"], y=["y0", "y1"], axis=1, agg=total, line_width=0)
        image: NDArray[np.float64] = np.nan_to_num(sums.to_numpy())
        return image

    return aggregate


def _measure(edges: EdgeSet, viewport: Viewport, moves: NDArray[np.float32], repeat: int) -> dict[str, Any]:
    began = _clock()
    operator = Operator(edges, viewport)
    build = _clock() - began
    coarse = viewport.coarse(4)
    frame = Frame(viewport, edges.n_nodes)
    walking = Frame(viewport, edges.n_nodes)
    dense = np.random.default_rng(0).uniform(0.1, 1, edges.n_nodes).astype(np.float32)
    last = moves[-1]
    direct = Direct(edges, viewport)
    aggregate = datashader_sum(edges, direct.values(last), viewport)
    work: dict[str, Callable[[], object]] = {
        "datashader": aggregate,
        "dense": lambda: frame.redraw(operator, dense),
        "full": lambda: frame.redraw(operator, last),
        "coarse": lambda: Frame(coarse, edges.n_nodes).redraw(Direct(edges, coarse), last),
        "direct": lambda: frame.redraw(direct, last),
        "shade": lambda: shade(walking.image, scale_for(walking.image), LEVELS),
    }
    taken: dict[str, list[float]] = {name: [] for name in work}
    walk: list[list[float]] = []
    for _ in range(repeat):
        for name, run in work.items():
            taken[name].append(_ms(run))
        walking.redraw(operator, moves[0])
        walk.append([_ms(partial(walking.update, operator, move)) for move in moves[1:]])
    best = {name: min(times) for name, times in taken.items()}
    # Some movements change more than others: the median movement, each at its best.
    best["update"] = float(np.median(np.min(walk, axis=0)))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    medians["update"] = float(np.median(walk))
    exact = aggregate()
    error = float(np.abs(frame.redraw(operator, last) - exact).max() / exact.max())
    levels = shade(frame.image, scale_for(frame.image), LEVELS)
    return {
        "build_s": build,
        "operator_bytes": operator.nbytes,
        "operator_bits": operator.bits,
        "session_bytes": frame.nbytes,
        "error_of_maximum": error,
        "ms": best,
        "median_ms": medians,
        "ratio": {name: best["datashader"] / best[name] for name in ("dense", "full", "update")},
        "zlib_bytes": len(zlib.compress(levels.tobytes(), 1)),
    }


def _ms(run: Callable[[], object]) -> float:
    began = _clock()
    run()
    return (_clock() - began) * 1e3
