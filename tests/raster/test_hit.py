from __future__ import annotations

import numpy as np
import pytest

from tests.raster.samples import activation, edges_of, random_edges, whole
from vizapp.raster import Direct, EdgeSet, edges_near


def distance(edges: EdgeSet, index: int, x: float, y: float, scale: np.ndarray) -> float:
    """From (x, y) to the line of an edge, in units of `scale`, by trying many of its points."""
    a, b = (edges.positions[ends[index]].astype(float) for ends in (edges.source, edges.target))
    points = a + np.linspace(0, 1, 4001)[:, None] * (b - a)
    return float(np.sqrt((((points - (x, y)) / scale) ** 2).sum(axis=1).min()))


@pytest.mark.parametrize("radius", [0.8, (1.5, 0.4)])
def test_finds_what_brute_force_finds(radius: float | tuple[float, float]) -> None:
    edges = random_edges(seed=2)
    values = np.random.default_rng(0).normal(size=len(edges)).astype(np.float32)
    values[::5] = 0
    scale = np.broadcast_to(radius, 2)
    for x, y in [(0.3, 0.2), (-4, 5.1), (7.5, -7.5), (30, 30)]:
        away = np.array([distance(edges, i, x, y, scale) for i in range(len(edges))])
        expected = np.flatnonzero((away <= 1) & (values != 0))
        found = edges_near(edges, values, x, y, radius, limit=1000)
        border = np.abs(away - 1) < 1e-3
        assert set(found[~border[found]]) == set(expected[~border[expected]])
        assert np.all(np.diff(np.abs(values[found])) <= 0)


def test_the_strongest_edge_through_a_pixel_of_the_picture() -> None:
    edges, viewport = edges_of("cnn"), whole("cnn")
    values = Direct(edges, viewport).values(activation("cnn"))
    strongest = int(np.argmax(values))
    middle = edges.positions[[edges.source[strongest], edges.target[strongest]]].mean(axis=0)
    found = edges_near(edges, values, *middle, (2 * viewport.unit_x, 2 * viewport.unit_y), limit=3)
    assert found[0] == strongest
    assert len(found) == 3


def test_an_edge_between_nodes_at_one_place_is_a_point() -> None:
    edges = EdgeSet.of([0], [1], [1.0], [(1, 1), (1, 1)])
    one = np.ones(1, np.float32)
    assert edges_near(edges, one, 1.2, 1, 0.5).tolist() == [0]
    assert edges_near(edges, one, 1.2, 1, 0.1).tolist() == []


def test_places_that_are_none_are_refused() -> None:
    edges = random_edges()
    values = np.ones(len(edges), np.float32)
    for x, radius in [(np.nan, 1.0), (0.0, 0.0), (0.0, -1.0), (0.0, np.inf)]:
        with pytest.raises(ValueError, match="finite place"):
            edges_near(edges, values, x, 0, radius)
    with pytest.raises(ValueError, match="one value per edge"):
        edges_near(edges, values[:-1], 0, 0, 1)
