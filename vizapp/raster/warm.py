"""Compile every kernel before anybody waits for one."""

from __future__ import annotations

import numpy as np

from vizapp.raster.direct import Direct
from vizapp.raster.edges import EdgeSet, Kind
from vizapp.raster.frame import Engine, Frame
from vizapp.raster.hit import edges_near
from vizapp.raster.operators import Operator
from vizapp.raster.shade import scale_for, shade
from vizapp.raster.viewport import Viewport


def warm_up() -> None:
    """Run all kernels once on a handful of edges, with the types that the app uses.

    The first time on a machine this compiles for some seconds; later it loads from the cache in a fraction
    of one. Call it in a background thread at the start.
    """
    positions = [(0, 0), (1, 0), (2, 0), (0, 2), (1, 2), (2, 2)]
    source, target = np.divmod(np.arange(9), 3)
    edges = EdgeSet.of(source, target + 3, np.linspace(-1, 1, 9), positions)
    viewport = Viewport(-1, 3, -1, 3, 24, 24)
    values = np.ones(6, dtype=np.float32)
    kinds: tuple[Kind, ...] = ("magnitude", "signed")
    for kind in kinds:
        direct = Direct(edges, viewport, kind)
        frame = Frame(viewport, 6, kind)
        engines: list[Engine] = [
            direct,
            Operator(edges, viewport, kind),
            Operator(edges, viewport, kind, bits=8),
        ]
        for engine in engines:
            image = frame.redraw(engine, values)
    per_edge = direct.values(values)
    direct.draw(per_edge)
    edges_near(edges, per_edge, 1, 1, 0.5)
    shade(image, scale_for(image, transfer="eq_hist"))
