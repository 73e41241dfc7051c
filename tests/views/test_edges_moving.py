"""The picture of all edges while the pen moves; what is shared between sessions, and what a session leaves."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.raster.test_warm import compiled as compiled_kernels
from tests.views.edge_sessions import (
    decoded,
    part,
    session,
    whole,
)
from vizapp import nets
from vizapp.analysis.lenses import LENSES
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES
from vizapp.raster.cache import OperatorCache
from vizapp.raster.edges import EdgeSet
from vizapp.raster.operators import Cancelled, Operator
from vizapp.raster.viewport import Viewport
from vizapp.views import edges as module
from vizapp.views.edges import MOVING_PIXELS, EdgeImage, EdgeRaster, warm

Array = NDArray[Any]
networks = pytest.mark.parametrize("name", nets.names())


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    warm().result()


@pytest.fixture
def cache() -> Iterator[OperatorCache]:
    cache = OperatorCache()
    yield cache
    cache.close()


# The picture while the pen moves


class Waiting(OperatorCache):
    """Operators that are never ready until they are let through."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        super().__init__(build=self.build)

    def build(self, edges: EdgeSet, viewport: Viewport, kind: Any, *, cancelled: Any) -> Operator:
        while not self.gate.wait(0.01):
            if cancelled():
                raise Cancelled
        return Operator(edges, viewport, kind)


def strokes(explorer: Explorer, steps: int = 8) -> Iterator[None]:
    """The pen draws the second sample, a few points at a time."""
    explorer.clear()
    for number, stroke in enumerate(SAMPLES[1].strokes):
        points = np.array_split(stroke.points, steps)
        at = 0
        for chunk in points:
            explorer.pen(number, at, chunk, 2.4, False)
            at += len(chunk)
            yield


@networks
@pytest.mark.parametrize("lens", LENSES)
def test_every_movement_has_a_picture_like_the_exact_one(name: str, lens: str, cache: OperatorCache) -> None:
    explorer = session(name, lens=lens)
    raster = EdgeRaster(explorer, cache)
    raster.viewport = whole(explorer, 500, 460)
    for step, _ in enumerate(strokes(explorer)):
        image = raster.moving()
        assert image is not None
        assert image.viewport == raster.viewport
        assert image.pixels.size <= MOVING_PIXELS * 1.02
        assert (image.pixels > 0).any()
        if step % 5 == 0:
            check_like(image, exact(raster))


def exact(raster: EdgeRaster) -> EdgeImage:
    job = raster.resting()
    assert job is not None
    return job()[0]


def check_like(moving: EdgeImage, resting: EdgeImage) -> None:
    """The same tones and hues at the same places, seen from so far that single pixels do not count."""
    (tone, hue), (fine_tone, fine_hue) = decoded(moving), decoded(resting)
    rows, cols = (side // 12 for side in tone.shape)

    def blurred(image: Array) -> Array:
        y, x = (
            np.arange(count) * side // count for count, side in zip((rows, cols), image.shape, strict=True)
        )
        total = np.add.reduceat(np.add.reduceat(image, y, axis=0), x, axis=1)
        ones = np.add.reduceat(np.add.reduceat(np.ones_like(image), y, axis=0), x, axis=1)
        return np.asarray(total / ones)

    assert np.corrcoef(blurred(tone).ravel(), blurred(fine_tone).ravel())[0, 1] > 0.97
    if fine_hue.any() and fine_hue.min() != fine_hue.max():
        weight, fine_weight = blurred(tone * hue), blurred(fine_tone * fine_hue)
        assert np.corrcoef(weight.ravel(), fine_weight.ravel())[0, 1] > 0.95


@networks
def test_pictures_do_not_change_size_of_place_while_operators_are_built(name: str) -> None:
    cache = Waiting()
    explorer = session(name)
    raster = EdgeRaster(explorer, cache)
    raster.viewport = whole(explorer, 1200, 700)
    before = []
    for _ in strokes(explorer, 4):
        image = raster.moving()
        assert image is not None
        assert image.viewport == raster.viewport
        assert (image.pixels > 0).any()
        before.append(image)
    cache.gate.set()
    cache.wait()
    assert len(cache) == 2
    after = raster.moving()
    assert after is not None
    check_like(before[-1], after)
    np.testing.assert_allclose(after.bar, before[-1].bar, rtol=0.5)
    cache.close()


@networks
@pytest.mark.parametrize("lens", ["contribution", "contrast"])
def test_the_numbers_of_the_moving_picture_are_the_exact_ones(
    name: str, lens: str, cache: OperatorCache
) -> None:
    explorer = session(name, lens=lens)
    raster = EdgeRaster(explorer, cache)
    raster.viewport = whole(explorer, 900, 560)
    assert raster.moving() is not None
    rested = exact(raster)
    again = raster.moving()
    assert again is not None
    np.testing.assert_allclose(again.bar, rested.bar, rtol=1e-6)
    # And a little later in the stroke, before the pen rests again.
    drawing = explorer.drawing.strokes
    explorer.drawing = Drawing((*drawing[:-1], replace(drawing[-1], points=drawing[-1].points[:-2])))
    moved = raster.moving()
    assert moved is not None
    np.testing.assert_allclose(moved.bar[1:5], exact(raster).bar[1:5], rtol=0.15)


def test_a_single_edge_is_as_bright_while_the_pen_moves(cache: OperatorCache) -> None:
    explorer = session("cnn", strongest=1)
    raster = EdgeRaster(explorer, cache)
    raster.viewport = whole(explorer)
    image, rested = raster.moving(), exact(raster)
    assert image is not None
    assert set(np.unique(image.pixels)) == set(np.unique(rested.pixels))
    np.testing.assert_allclose(image.bar, rested.bar, rtol=1e-6)


def test_nothing_is_drawn_or_compiled_before_the_kernels_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("this thread would wait for the compiler")

    monkeypatch.setattr(module, "warm", lambda: Future())
    for name in ("answer", "edges_near", "coded"):
        monkeypatch.setattr(module, name, fail)
    raster = EdgeRaster(session("cnn"))
    raster.viewport = Viewport(0, 1, 0, 1, 100, 100)
    assert raster.moving() is None
    assert raster.resting() is None
    assert raster.near(0.5, 0.5) == []
    assert not raster.ready


def test_a_session_of_a_warm_process_compiles_nothing() -> None:
    code = "import tests.views.test_edges_moving as t; t.use_everything_after_warming_up()"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=600)


def use_everything_after_warming_up() -> None:
    warm().result()
    before = compiled_kernels()
    assert before["lines.products"] >= 1
    for name, lens in product(nets.names(), LENSES):
        explorer = session(name, lens=lens)
        explorer.selection = [explorer.net.n_nodes - 1]
        raster = EdgeRaster(explorer)
        # Many overlapping lines and few, with operators and without, and what goes with each picture.
        for share, filters in ((1, {}), (0.05, {}), (1, {"touching": True}), (1, {"tracing": True})):
            explorer.param.update(touching=False, tracing=False)
            explorer.param.update(**filters)
            raster.viewport = part(whole(explorer, 1000, 600), 0.5, 0.5, share)
            raster.moving()
            module.CACHE.wait()
            raster.moving()
            exact(raster)
            raster.near(0, 0)
        raster.close()
    assert compiled_kernels() == before


@networks
def test_a_lens_on_the_weights_alone_follows_the_pen_only_in_tracing(name: str) -> None:
    explorer = session(name, lens="weight")
    raster = EdgeRaster(explorer)
    assert not raster.follows_drawing
    explorer.tracing = True
    assert not raster.follows_drawing
    explorer.selection = [explorer.net.n_nodes - 1]
    assert raster.follows_drawing


# Memory and the end


def test_the_operators_of_both_start_up_views_are_small_and_bounded(cache: OperatorCache) -> None:
    for name, size in product(nets.names(), ((560, 640), (1120, 640))):
        for _ in range(2):  # sessions share them
            explorer = session(name)
            raster = EdgeRaster(explorer, cache)
            raster.viewport = whole(explorer, *size)
            raster.moving()
            cache.wait()
        if size == (560, 640):
            assert cache.nbytes < 300e6
    assert cache.nbytes <= cache.max_bytes * 1.1


def test_a_session_that_ends_leaves_no_wishes() -> None:
    cache = Waiting()
    raster = EdgeRaster(session("cnn"), cache)
    raster.viewport = Viewport(*session("cnn").layout.bounds, 1200, 700)
    raster.moving()
    assert cache._wishes
    raster.close()
    assert not cache._wishes
    assert raster.moving() is None
    cache.close()
