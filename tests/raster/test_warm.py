"""Nothing compiles on the way that the user waits for, and no start fails for want of a cache."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any

import numba
import numpy as np
import pytest

from tests.raster.samples import activation, edges_of, whole
from vizapp import jit
from vizapp.raster import Direct, Frame, Operator, edges_near, scale_for, shade, warm_up

MODULES = ("lines", "tiles", "hit", "shade")


def compiled() -> dict[str, int]:
    """How many type signatures each kernel has been compiled for."""
    counts = {}
    for name in MODULES:
        module = importlib.import_module(f"vizapp.raster.{name}")
        for key, value in vars(module).items():
            if hasattr(value, "signatures"):
                counts[f"{name}.{key}"] = len(value.signatures)
    return counts


def test_a_process_that_is_warm_compiles_nothing_more() -> None:
    code = "import tests.raster.test_warm as t; t.use_everything_after_warming_up()"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


def use_everything_after_warming_up() -> None:
    warm_up()
    before = compiled()
    assert before["tiles.add_tiles"] >= 3
    edges, viewport, values = edges_of("mlp"), whole("mlp"), activation("mlp")
    for kind in ("magnitude", "signed"):
        for engine in (Operator(edges, viewport, kind), Direct(edges, viewport, kind)):
            image = Frame(viewport, edges.n_nodes, kind).update(engine, values)
    Operator(edges, viewport, bits=8)
    per_edge = Direct(edges, viewport).values(values)
    Direct(edges.subset(np.arange(0, 1000)), viewport).draw(per_edge[:1000])
    Direct(edges, viewport).draw(edges.weight)
    Direct(edges, viewport).values(edges.positions[:, 0])
    edges_near(edges, edges.weight, 1, 50.0, (1, 2))
    shade(image[::2], scale_for(image[::2], transfer="eq_hist"))
    shade(image, scale_for(image, transfer="eq_hist"))
    assert compiled() == before


def test_kernels_work_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    njit = numba.njit

    def no_place(**options: Any) -> Any:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return njit(**options)

    monkeypatch.setattr(numba, "njit", lambda **options: no_place(**options))
    assert jit.kernel(lambda x: x + 1)(2) == 3
