"""The picture of a crossed sweep, made by Datashader: a code per pixel, and what colour a code is.

A code is 0 where there is nothing, else 1 + answer * LEVELS + level: the hue says the answer, how far it is from the
paper how confident the network is. Datashader is imported at the first picture; that, and what it compiles, take
some seconds.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.grid import Grid
from vizapp.views.class_colours import CLASS_COLOURS
from vizapp.views.quadmesh import quadmesh

Bytes = NDArray[np.uint8]
Bounds = tuple[float, float]

LEVELS = 25
LEAST, MOST = 0.1, 1.0
"""Confidence at the first and the last level: the answer of ten classes never has less than a tenth."""
_PAPER = {"light": (255, 255, 255), "dark": (16, 21, 27)}
_FAINTEST = 0.1
"""Share of the hue at the first level."""


def cells(grid: Grid, columns: Bounds, rows: Bounds, width: int, height: int) -> NDArray[np.int64]:
    """Datashader's raster of the grid: which cell each pixel shows, int64[height, width], row 0 at the bottom.

    A cell is numbered row * K2 + column, and has what is nearer to its position than to its neighbours'.
    """
    import datashader
    import xarray

    numbers = np.arange(grid.answers.size, dtype=np.float64).reshape(grid.answers.shape)
    values = xarray.DataArray(
        numbers, coords={"y": grid.rows, "x": grid.columns}, dims=("y", "x"), name="cell"
    )
    canvas: Any = datashader.Canvas(width, height, x_range=columns, y_range=rows)
    return np.asarray(quadmesh(canvas, values, "x", "y", datashader.max("cell")), np.int64)


def coded(grid: Grid, columns: Bounds, rows: Bounds, width: int, height: int) -> Bytes:
    """The codes of all pixels, uint8[height, width], row 0 at the top. 10 ms, for a worker thread."""
    return codes(grid).ravel()[cells(grid, columns, rows, width, height)][::-1]


def codes(grid: Grid) -> Bytes:
    """The code of each cell."""
    share = (grid.confidence.astype(np.float64) - LEAST) / (MOST - LEAST)
    level = np.clip(np.rint(share * (LEVELS - 1)), 0, LEVELS - 1)
    return np.asarray(1 + grid.answers * LEVELS + level, np.uint8)


@cache
def palette() -> dict[str, Bytes]:
    """By theme the colour of each code, uint8[256 * 4], RGBA."""
    strength = np.linspace(_FAINTEST, 1, LEVELS)[:, None]
    found = {}
    for theme, colours in CLASS_COLOURS.items():
        table = np.zeros((256, 4), np.uint8)
        for answer, colour in enumerate(colours):
            hue = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
            here = slice(1 + answer * LEVELS, 1 + (answer + 1) * LEVELS)
            table[here, :3] = np.rint(hue * strength + np.array(_PAPER[theme]) * (1 - strength))
            table[here, 3] = 255
        found[theme] = table.ravel()
    return found
