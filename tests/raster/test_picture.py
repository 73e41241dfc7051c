from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from tests.raster.samples import activation, edges_of, part, random_edges, whole
from vizapp.raster import Direct, EdgeSet, Kind, Operator, OperatorCache, Picture, Viewport
from vizapp.raster.bench import datashader_sum

WAIT = 30.0


class Gated:
    def __init__(self) -> None:
        self.gate = threading.Event()

    def __call__(
        self, edges: EdgeSet, viewport: Viewport, kind: Kind, *, cancelled: Callable[[], bool]
    ) -> Operator:
        assert self.gate.wait(WAIT)
        return Operator(edges, viewport, kind, bits=8, cancelled=cancelled)


def exact(edges: EdgeSet, viewport: Viewport, values: np.ndarray) -> np.ndarray:
    return datashader_sum(edges, Direct(edges, viewport).values(values), viewport)()


def test_first_coarse_then_quick_then_exact() -> None:
    build, ready = Gated(), threading.Event()
    cache = OperatorCache(build=build)
    picture = Picture(cache, "session", on_ready=ready.set)
    edges, viewport, values = edges_of("cnn"), whole("cnn", 1000, 600), np.ones(9134, np.float32)
    picture.look_at(edges, viewport)
    coarse = picture.moving(values)
    assert coarse.shape == (150, 250)
    expected = exact(edges, viewport, values)
    assert coarse.mean() == pytest.approx(expected.mean(), rel=0.05)
    resting = picture.resting(values)
    np.testing.assert_allclose(resting, expected, rtol=1e-4)
    build.gate.set()
    assert ready.wait(WAIT)
    values = values * np.linspace(0.5, 1, values.size, dtype=np.float32)
    expected = exact(edges, viewport, values)
    quick = picture.moving(values)
    assert quick.shape == expected.shape
    assert np.abs(quick - expected).max() < 4e-3 * expected.max()
    np.testing.assert_allclose(picture.resting(values), expected, rtol=1e-4)
    cache.close()


def test_few_edges_in_view_are_drawn_at_full_resolution_without_an_operator() -> None:
    build = Gated()
    cache = OperatorCache(build=build)
    picture = Picture(cache, "session")
    viewport, values = part(whole("cnn"), 0.5, 0.08, 0.02, 300, 200), activation("cnn")
    picture.look_at(edges_of("cnn"), viewport)
    image = picture.moving(values)
    np.testing.assert_allclose(image, exact(edges_of("cnn"), viewport, values), rtol=1e-4, atol=1e-6)
    assert len(cache) == 0
    build.gate.set()
    cache.close()


def test_an_operator_that_had_to_go_is_asked_for_again_when_the_pen_rests() -> None:
    cache = OperatorCache(max_bytes=1)
    picture = Picture(cache, "session")
    picture.look_at(edges_of("mlp"), whole("mlp"))
    values = activation("mlp")
    cache.request(edges_of("cnn"), whole("cnn", 100, 60), owner="another").result(WAIT)
    assert picture.moving(values).any()
    picture.resting(values)
    again = cache.request(edges_of("mlp"), whole("mlp"), owner="to wait")
    assert again.result(WAIT).viewport == whole("mlp")
    cache.close()


def test_values_per_edge() -> None:
    cache = OperatorCache()
    picture = Picture(cache, "session")
    edges, viewport = edges_of("mlp"), whole("mlp", 1000, 600)
    picture.look_at(edges, viewport, "signed")
    values = np.random.default_rng(0).normal(size=len(edges)).astype(np.float32)
    expected = datashader_sum(edges, values, viewport)()
    assert np.abs(picture.of_edges(values) - expected).max() < 1e-5 * np.abs(expected).max()
    coarse = picture.of_edges(np.abs(values), moving=True)
    assert coarse.shape == (150, 250)
    full = datashader_sum(edges, np.abs(values), viewport)()
    assert coarse.mean() == pytest.approx(full.mean(), rel=0.05)
    few = np.where(np.arange(len(edges)) % 100 == 0, values, 0)
    assert picture.of_edges(few, moving=True).shape == (600, 1000)
    cache.close()


def test_looking_elsewhere_and_closing_give_up_what_was_asked_for() -> None:
    build = Gated()
    cache = OperatorCache(build=build)
    told: list[None] = []
    picture = Picture(cache, "session", on_ready=lambda: told.append(None))
    picture.look_at(edges_of("mlp"), whole("mlp", 500, 300))
    first = cache.request(edges_of("mlp"), whole("mlp", 500, 300), owner="watch")
    cache.release("watch")
    picture.look_at(edges_of("mlp"), whole("mlp", 400, 300))
    assert first.cancelled()
    picture.close()
    build.gate.set()
    cache.close()
    assert told == []
    assert len(cache) == 0


def test_a_new_place_starts_a_new_picture() -> None:
    cache = OperatorCache()
    picture = Picture(cache, "session")
    edges = random_edges()
    values = np.ones(edges.n_nodes)
    for viewport in (Viewport(-8, 8, -8, 8, 50, 40), Viewport(-2, 3, -1, 4, 60, 30)):
        picture.look_at(edges, viewport)
        expected = exact(edges, viewport, values.astype(np.float32))
        np.testing.assert_allclose(picture.moving(values), expected, rtol=1e-5, atol=1e-6)
    cache.close()
