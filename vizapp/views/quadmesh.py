"""Rasters of Datashader's that are made of rectangles, for whichever thread."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ONE = threading.Lock()
"""They are parallel kernels of Numba. Where it has neither OpenMP nor TBB, two threads in such ones end the process."""


def quadmesh(canvas: Any, values: Any, x: str, y: str, reduction: Any) -> NDArray[Any]:
    """`Canvas.quadmesh` of an xarray.DataArray as an array [height, width], row 0 at the bottom."""
    with _ONE:
        return np.asarray(canvas.quadmesh(values, x=x, y=y, agg=reduction).values)
