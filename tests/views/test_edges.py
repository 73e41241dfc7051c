"""The exact picture of all edges: Datashader's sums, in the documented code; and what comes with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.views.edge_sessions import (
    along,
    decoded,
    expected_picture,
    expected_values,
    part,
    session,
    whole,
)
from vizapp import nets
from vizapp.analysis.lenses import LENSES
from vizapp.explorer import Explorer
from vizapp.raster.viewport import Viewport
from vizapp.views.colours import HUES
from vizapp.views.edge_codes import MAX_SCENE_EDGES, SCENE_EDGES
from vizapp.views.edges import EdgeImage, EdgeRaster, warm

Array = NDArray[Any]
networks = pytest.mark.parametrize("name", nets.names())


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    warm().result()


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
