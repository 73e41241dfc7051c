"""The raster of all edges as a session has it: Datashader's sums, in the documented code."""

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
from vizapp import nets
from vizapp.analysis.lenses import LENSES, edge_lens, typical_flow
from vizapp.analysis.tracing import trace_back
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES, reference
from vizapp.raster.bench import datashader_sum
from vizapp.raster.cache import OperatorCache
from vizapp.raster.edges import EdgeSet
from vizapp.raster.operators import Cancelled, Operator
from vizapp.raster.shade import scale_for
from vizapp.raster.viewport import Viewport
from vizapp.views import edges as module
from vizapp.views.colours import HUES, TONES
from vizapp.views.edge_codes import MAX_SCENE_EDGES, SCENE_EDGES, TRANSFERS
from vizapp.views.edge_values import TYPICAL_IMAGES
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


def session(name: str, **settings: Any) -> Explorer:
    """An explorer with an ambiguous drawing on its pad."""
    explorer = Explorer(network=name, drawing=Drawing(tuple(SAMPLES[0].strokes)))
    explorer.param.update(**settings)
    return explorer


def whole(explorer: Explorer, width: int = 420, height: int = 380) -> Viewport:
    return Viewport(*explorer.layout.bounds, width, height)


def part(viewport: Viewport, x: float, y: float, share: float) -> Viewport:
    """A window of `share` of the sides, as many pixels, around a place at shares (x, y) of the viewport."""
    wide, high = viewport.x1 - viewport.x0, viewport.y1 - viewport.y0
    at_x, at_y = viewport.x0 + x * wide, viewport.y0 + y * high
    half_x, half_y = share * wide / 2, share * high / 2
    return replace(viewport, x0=at_x - half_x, x1=at_x + half_x, y0=at_y - half_y, y1=at_y + half_y)


def along(explorer: Explorer, edge: int) -> Viewport:
    """So near that hardly more than one edge is seen."""
    edges = every_edge(explorer)
    x, y = (edges.positions[edges.source[edge]] + edges.positions[edges.target[edge]]) / 2
    return Viewport(x - 0.02, x + 0.02, y - 0.02, y + 0.02, 300, 300)


# The definition, from the networks themselves


def every_edge(explorer: Explorer) -> EdgeSet:
    return EdgeSet.of_network(explorer.net, explorer.layout.flat)


def kept(explorer: Explorer, edges: EdgeSet) -> Array:
    """bool[edge]: those that pass the filters."""
    net = explorer.net
    names = np.array([layer.name for layer in net.layers])
    source, target = (
        names[np.searchsorted(net.offsets, ends, side="right") - 1] for ends in (edges.source, edges.target)
    )
    keep = ~np.isin(source, explorer.hidden) & ~np.isin(target, explorer.hidden)
    if explorer.into != "all layers":
        keep &= target == explorer.into
    if explorer.sign != "both":
        keep &= (edges.weight > 0) if explorer.sign == "positive" else (edges.weight < 0)
    if explorer.touching:
        keep &= np.isin(edges.source, explorer.selection) | np.isin(edges.target, explorer.selection)
    return np.asarray(keep)


def expected_values(explorer: Explorer) -> tuple[EdgeSet, Array, Array]:
    """All edges, and what goes into the first and into the second hue of each."""
    edges = every_edge(explorer)
    net, trace = explorer.net, explorer.trace
    images = reference()[0][:TYPICAL_IMAGES] / np.float32(255)
    lens = edge_lens(
        explorer.lens,
        net,
        trace,
        explorer.contrast,
        typical_flow(net, net.forward(images.astype(np.float32))),
    )
    value = lens.first.values(edges).astype(np.float64)
    second = np.zeros_like(value) if lens.second is None else lens.second.values(edges)
    if explorer.tracing:
        traced = trace_back(trace, explorer.selection[0], explorer.kept)
        shares = traced.value / abs(traced.relevance.start)
        paths = dict(zip(zip(traced.source, traced.target, strict=True), shares, strict=True))
        value = np.array([paths.get(ends, 0.0) for ends in zip(edges.source, edges.target, strict=True)])
        lens = replace(lens, second=None)
    if lens.second is None:
        first, second = np.maximum(-value, 0), np.maximum(value, 0)
    else:
        first, second = np.maximum(value, 0), np.maximum(second, 0)
    keep = kept(explorer, edges)
    strength = np.where(keep, first + second, 0)
    if lens.counts and not explorer.tracing:
        first, second = np.zeros(len(edges)), np.ones(len(edges))
    if explorer.strongest:
        keep &= strength >= np.sort(strength)[-explorer.strongest]
    return edges, np.where(keep, first, 0), np.where(keep, second, 0)


def expected_picture(explorer: Explorer, viewport: Viewport) -> tuple[Array, Array, list[float]]:
    """Tone 0..TONES and balance per pixel, and the numbers of the bar: Datashader's sums through the code."""
    edges, first, second = expected_values(explorer)
    sums = [
        datashader_sum(edges, values.astype(np.float32), viewport)().astype(np.float32)
        for values in (first, second)
    ]
    strength = sums[0] + sums[1]
    scale = scale_for(strength, transfer=TRANSFERS[explorer.transfer])
    balance = np.divide(sums[1], strength, out=np.zeros_like(strength), where=strength > 0)
    return np.ceil(scale.share(strength) * TONES), balance, scale.value(np.linspace(0, 1, 6)).tolist()


def decoded(image: EdgeImage) -> tuple[Array, Array]:
    """Tone 0..TONES and hue 0..HUES-1 per pixel."""
    code = image.pixels.astype(int)
    return np.where(code > 0, 1 + (code - 1) // HUES, 0), np.where(code > 0, (code - 1) % HUES, 0)


def check_picture(explorer: Explorer, viewport: Viewport) -> None:
    raster = EdgeRaster(explorer)
    raster.viewport = viewport
    job = raster.resting()
    assert job is not None
    image, _ = job()
    assert image.pixels.shape == (viewport.height, viewport.width)
    assert image.viewport == viewport
    tone, balance, bar = expected_picture(explorer, viewport)
    found, hue = decoded(image)
    # Sums are single precision here and double there: next to a step they may fall on either side.
    assert np.abs(found - tone).max() <= 1
    assert (found != tone).mean() < 0.002
    inked = (found > 0) & (tone > 0)
    assert np.abs(hue - balance * (HUES - 1))[inked].max(initial=0) <= 0.51
    np.testing.assert_allclose(image.bar, bar, rtol=0.02)
    raster.close()


# The exact picture


@networks
@pytest.mark.parametrize("lens", LENSES)
def test_the_picture_is_datashaders(name: str, lens: str) -> None:
    explorer = session(name, lens=lens)
    check_picture(explorer, whole(explorer))
    # On a background of other edges, and down to a few.
    check_picture(explorer, part(whole(explorer), 0.45, 0.5, 0.12))


@networks
def test_the_picture_of_single_edges_is_datashaders(name: str) -> None:
    explorer = session(name)
    edges, first, second = expected_values(explorer)
    strongest = int((first + second).argmax())
    viewport = along(explorer, strongest)
    check_picture(explorer, viewport)
    explorer.strongest = 1
    check_picture(explorer, viewport)
    tone, _ = decoded(resting(explorer, viewport))
    # One line, from edge to edge of the window.
    assert 100 < (tone > 0).sum() < 2 * 300
    assert edges.source[strongest] < edges.target[strongest]


@networks
@pytest.mark.parametrize(
    "filters",
    [
        {"into": "fc2"},
        {"sign": "negative"},
        {"strongest": 300},
        {"strongest": 50, "lens": "contrast"},
        {"strongest": 50, "lens": "count"},
        {"touching": True},
        {"hidden": ["fc1"]},
        {"tracing": True, "kept": 0.6},
        {"tracing": True, "kept": 0.9, "lens": "contrast", "sign": "positive"},
        {"transfer": "linear"},
        {"transfer": "square root"},
        {"transfer": "logarithm"},
    ],
    ids=lambda filters: "-".join(map(str, filters)),
)
def test_the_picture_of_filtered_edges_is_datashaders(name: str, filters: dict[str, Any]) -> None:
    explorer = session(name)
    explorer.selection = [int(explorer.net.span("output").start) + explorer.contrast[0]]
    explorer.param.update(**filters)
    check_picture(explorer, whole(explorer))


def resting(explorer: Explorer, viewport: Viewport) -> EdgeImage:
    raster = EdgeRaster(explorer)
    raster.viewport = viewport
    job = raster.resting()
    assert job is not None
    return job()[0]


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
    code = "import tests.views.test_edges as t; t.use_everything_after_warming_up()"
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


# What comes with a picture


@networks
@pytest.mark.parametrize("lens", LENSES)
def test_the_scene_gets_strong_edges_of_every_layer(name: str, lens: str) -> None:
    explorer = session(name, lens=lens)
    detail = details(explorer)
    assert 0 < len(detail.source) <= SCENE_EDGES
    layers = {explorer.net.layer_index_of(int(node)) for node in detail.target}
    assert layers == set(range(1, len(explorer.net.layers)))


@networks
@pytest.mark.parametrize("lens", ["contribution", "contrast"])
def test_the_scene_gets_the_strongest_k(name: str, lens: str) -> None:
    for k in (7, 20_000):
        explorer = session(name, lens=lens, strongest=k)
        edges, first, second = expected_values(explorer)
        strength = first + second
        best = np.argsort(-strength)[: min(k, np.count_nonzero(strength))]
        detail = details(explorer)
        assert len(detail.source) == len(best) <= MAX_SCENE_EDGES
        wanted = set(zip(edges.source[best].tolist(), edges.target[best].tolist(), strict=True))
        assert set(zip(detail.source.tolist(), detail.target.tolist(), strict=True)) == wanted
        # The strongest comes last, to be drawn over the others.
        assert (int(detail.source[-1]), int(detail.target[-1])) == (
            int(edges.source[best[0]]),
            int(edges.target[best[0]]),
        )
        balance = dict(
            zip(
                zip(edges.source.tolist(), edges.target.tolist(), strict=True),
                (second / np.maximum(strength, 1e-30)).tolist(),
                strict=True,
            )
        )
        for s, t, code in zip(
            detail.source.tolist(), detail.target.tolist(), detail.code.tolist(), strict=True
        ):
            assert abs((code - 1) % HUES - balance[s, t] * (HUES - 1)) <= 0.51


def details(explorer: Explorer) -> Any:
    raster = EdgeRaster(explorer)
    raster.viewport = whole(explorer, 100, 100)
    job = raster.resting()
    assert job is not None
    return job()[1]


@networks
def test_evidence_lights_pixels_where_the_drawing_has_them(name: str) -> None:
    explorer = session(name, lens="evidence")
    raster = EdgeRaster(explorer)
    raster.viewport = whole(explorer, 100, 100)
    job = raster.resting()
    assert job is not None
    image, detail = job()
    assert image.lit is not None
    assert detail.frame is not None
    assert "residual" in (detail.note or "")
    lit = image.lit.reshape(28, 28) != 128
    # An empty pixel has no share in the evidence; and on the pad the lit ones lie on the ink.
    assert not (lit & (explorer.image == 0)).any()
    left, top, side = detail.frame
    rows, cols = np.nonzero(lit)
    places = np.stack([left + (cols + 0.5) / 28 * side, top + (rows + 0.5) / 28 * side], axis=1)
    ink = np.concatenate([stroke.points for stroke in explorer.drawing.strokes])
    distance = np.hypot(*(places[:, None] - ink[None]).transpose(2, 0, 1)).min(axis=1)
    assert np.median(distance) < 0.06
    assert session(name, lens="weight") is not explorer
    explorer.lens = "contribution"
    moving = raster.moving()
    assert moving is not None
    assert moving.lit is None


def test_a_trace_that_has_nothing_to_trace_says_so() -> None:
    explorer = session("cnn", tracing=True, selection=[5])
    assert details(explorer).note == "Nothing flows into input (0, 5)."
    assert len(details(explorer).source) == 0


# From a place to the edges there


@networks
@pytest.mark.parametrize("lens", ["weight", "contribution", "contrast"])
def test_the_edges_at_a_place_are_the_strongest_that_run_through_it(name: str, lens: str) -> None:
    explorer = session(name, lens=lens)
    raster = EdgeRaster(explorer)
    viewport = raster.viewport = whole(explorer)
    edges, first, second = expected_values(explorer)
    (ax, ay), (bx, by) = (edges.positions[ends].astype(np.float64).T for ends in (edges.source, edges.target))
    # Half way along a strong edge, in pixels.
    chosen = int((first + second).argmax())
    x, y = (ax[chosen] + bx[chosen]) / 2, (ay[chosen] + by[chosen]) / 2
    px, py = (ax - x) / viewport.unit_x, (ay - y) / viewport.unit_y
    dx, dy = (bx - ax) / viewport.unit_x, (by - ay) / viewport.unit_y
    t = np.clip(-(px * dx + py * dy) / np.maximum(dx**2 + dy**2, 1e-12), 0, 1)
    near = np.hypot(px + t * dx, py + t * dy) <= 2
    strength = np.where(near, first + second, 0)
    found = raster.near(x, y, 5)
    assert len(found) == min(5, np.count_nonzero(strength))
    best = np.sort(strength)[::-1][: len(found)]
    np.testing.assert_allclose([a + b for *_, a, b in found], best, rtol=1e-5)
    assert (int(edges.source[chosen]), int(edges.target[chosen])) == found[0][:2]
    for source, target, weight, *_ in found:
        into = explorer.net.edges_into(target)
        assert weight == pytest.approx(float(into.weight[into.source == source][0]))
    assert raster.near(1e6, 1e6) == []


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
