"""Datashader's parallel kernels, which two threads at a time may not be in."""

from __future__ import annotations

from typing import Any

import datashader
import numpy as np
import pytest

from vizapp.analysis.grid import Grid
from vizapp.analysis.sweep import Axis
from vizapp.views import quadmesh
from vizapp.views.crossing_picture import cells
from vizapp.views.node_map import rasterised


def test_one_thread_at_a_time_is_in_a_parallel_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    alone: list[bool] = []
    real = datashader.Canvas.quadmesh

    def watched(*args: Any, **values: Any) -> Any:
        alone.append(quadmesh._ONE.locked())
        return real(*args, **values)

    monkeypatch.setattr(datashader.Canvas, "quadmesh", watched)
    places, answers = np.linspace(0, 1, 3), np.arange(9).reshape(3, 3)
    grid = Grid(Axis("a", "a"), Axis("b", "b"), places, places, answers, answers.astype(np.float32), answers)
    assert cells(grid, (0, 1), (0, 1), 6, 6)[0, 0] == 0
    assert rasterised(np.eye(3), places, 6, 6, "max").max() == 1
    assert alone == [True, True]
