"""The lines are Datashader's, pixel for pixel."""

from __future__ import annotations

import numpy as np
import pytest

from tests.raster.samples import NETWORKS, activation, edges_of, part, random_edges, whole
from vizapp.raster import Direct, EdgeSet, Viewport
from vizapp.raster.bench import datashader_sum


def same_as_datashader(edges: EdgeSet, viewport: Viewport, values: np.ndarray) -> bool:
    return np.array_equal(
        Direct(edges, viewport).draw(values, np.float64), datashader_sum(edges, values, viewport)()
    )


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(
    "window",
    [
        (0.5, 0.5, 1.0, 500, 300),
        (0.5, 0.5, 1.3, 1000, 600),
        (0.6, 0.4, 0.4, 500, 300),
        (0.55, 0.62, 0.05, 700, 433),
        (0.5, 0.3, 0.003, 320, 200),
        (1.2, 0.5, 0.5, 100, 100),
        (3.0, 0.5, 0.5, 100, 100),
    ],
)
def test_both_networks_at_several_places(name: str, window: tuple[float, float, float, int, int]) -> None:
    edges = edges_of(name)
    viewport = part(whole(name), *window)
    contributions = Direct(edges, viewport, "signed").values(activation(name))
    assert same_as_datashader(edges, viewport, contributions)


@pytest.mark.parametrize("seed", range(30))
def test_random_edges_with_ends_and_slopes_on_pixel_borders(seed: int) -> None:
    rng = np.random.default_rng(seed)
    edges = random_edges(seed=seed, grid=float(rng.choice([0.25, 0.5, 1.0, 0.1, 1 / 3])))
    x0, y0 = rng.integers(-9, 3, 2).astype(float)
    viewport = Viewport(
        x0, x0 + rng.integers(1, 12), y0, y0 + rng.integers(1, 12), *rng.integers(1, 90, 2).tolist()
    )
    assert same_as_datashader(edges, viewport, rng.normal(size=len(edges)))


def test_lines_as_long_as_a_viewport_may_be() -> None:
    rng = np.random.default_rng(5)
    positions = rng.integers(0, 8193, (400, 2)) * [1.0, 480 / 8192]
    edges = EdgeSet.of(np.arange(0, 400, 2), np.arange(1, 400, 2), np.ones(200), positions)
    assert same_as_datashader(edges, Viewport(0, 8192, 0, 480, 8192, 480), rng.normal(size=200))


def test_an_edge_adds_its_value_once_to_each_of_its_pixels() -> None:
    edges = random_edges(seed=3)
    viewport = Viewport(-8, 8, -8, 8, 64, 48)
    direct = Direct(edges, viewport)
    for index in range(0, len(edges), 7):
        values = np.zeros(len(edges))
        values[index] = 2.5
        image = direct.draw(values, np.float64)
        reach = np.abs(np.diff(direct.ends[direct.edge == index].reshape(2, 2).astype(int), axis=0)).max()
        assert set(np.unique(image)) <= {0.0, 2.5}
        assert np.count_nonzero(image) == reach + 1
    assert direct.length == direct.draw(np.ones(len(edges)), np.float64).sum()


def test_cost_is_counted_per_source() -> None:
    edges = random_edges(seed=4)
    direct = Direct(edges, Viewport(-4, 6, -3, 5, 50, 40))
    for source in range(edges.n_nodes):
        alone = (edges.source == source).astype(np.float64)
        assert direct.cost[source] == direct.draw(alone, np.float64).sum()


def test_only_keeps_the_lines_of_some_sources() -> None:
    edges = random_edges(seed=6)
    direct = Direct(edges, Viewport(-4, 6, -3, 5, 50, 40))
    sources = np.arange(edges.n_nodes) % 3 == 0
    values = np.random.default_rng(0).normal(size=len(edges))
    kept = np.where(sources[edges.source], values, 0)
    part_of = direct.only(sources)
    assert np.array_equal(part_of.draw(values), direct.draw(kept))
    assert part_of.length == part_of.cost.sum() == direct.cost[sources].sum()


def test_values_are_products_of_weight_source_and_target() -> None:
    edges = random_edges(seed=7)
    rng = np.random.default_rng(1)
    source, target = rng.normal(size=(2, edges.n_nodes)).astype(np.float32)
    direct = Direct(edges, Viewport(-4, 6, -3, 5, 50, 40), "signed")
    expected = [
        w * source[s] * target[t] for s, t, w in zip(edges.source, edges.target, edges.weight, strict=True)
    ]
    np.testing.assert_allclose(direct.values(source, target), expected, rtol=1e-6)


def test_one_value_per_edge_is_needed() -> None:
    edges = random_edges()
    with pytest.raises(ValueError, match="one value per edge"):
        Direct(edges, Viewport(0, 1, 0, 1, 8, 8)).draw(np.ones(len(edges) - 1))
    with pytest.raises(ValueError, match="one value per node"):
        Direct(edges, Viewport(0, 1, 0, 1, 8, 8)).values(np.ones(3, np.float32))
