from __future__ import annotations

import numpy as np
import pytest

from tests.raster.samples import NETWORKS, activation, edges_of, part, random_edges, whole
from vizapp.raster import Cancelled, Direct, EdgeSet, Frame, Kind, Operator, Viewport
from vizapp.raster.bench import datashader_sum

KINDS: tuple[Kind, ...] = ("magnitude", "signed", "count")


def picture(operator: Operator, values: np.ndarray) -> np.ndarray:
    return Frame(operator.viewport, values.size, operator.kind).redraw(operator, values).copy()


def exact(operator: Operator, values: np.ndarray) -> np.ndarray:
    """Datashader's aggregate of what the operator should show."""
    values = values if operator.kind == "signed" else np.abs(values)
    per_edge = Direct(operator.edges, operator.viewport, operator.kind).values(values.astype(np.float32))
    return datashader_sum(operator.edges, per_edge, operator.viewport)()


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bits", [16, 8])
def test_equals_datashader(name: str, kind: Kind, bits: int) -> None:
    values = activation(name)
    for viewport in (whole(name), part(whole(name), 0.55, 0.5, 0.4, 320, 240)):
        operator = Operator(edges_of(name), viewport, kind, bits=bits)
        expected = exact(operator, values)
        largest = Direct(edges_of(name), viewport).draw(Direct(edges_of(name), viewport).values(values)).max()
        largest = expected.max() if kind == "count" else largest
        tolerance = {16: 3e-5, 8: 4e-3}[bits]
        assert np.abs(picture(operator, values) - expected).max() <= tolerance * largest


@pytest.mark.parametrize("size", [(8192, 3), (1, 300), (17, 483), (1000, 9), (64, 129)])
def test_strips_and_tiles_end_where_images_end(size: tuple[int, int]) -> None:
    edges = random_edges(seed=2)
    viewport = Viewport(-8, 8, -8, 8, *size)
    operator = Operator(edges, viewport)
    values = np.random.default_rng(0).uniform(0, 1, edges.n_nodes)
    expected = exact(operator, values)
    np.testing.assert_allclose(picture(operator, values), expected, atol=3e-5 * expected.max())


def test_is_linear_in_the_values() -> None:
    edges = random_edges(seed=9)
    operator = Operator(edges, Viewport(-8, 8, -8, 8, 120, 90), "signed")
    a, b = np.random.default_rng(0).normal(size=(2, edges.n_nodes)).astype(np.float32)
    both = picture(operator, 2 * a - 3 * b)
    np.testing.assert_allclose(both, 2 * picture(operator, a) - 3 * picture(operator, b), atol=1e-4)


def test_an_edge_s_footprint_sums_to_its_value_times_its_pixels() -> None:
    edges = EdgeSet.of([0], [1], [-0.75], [(0.2, 0.3), (7.9, 3.1)])
    operator = Operator(edges, Viewport(0, 8, 0, 4, 80, 40))
    assert picture(operator, np.array([2.0, 0.0])).sum() == pytest.approx(1.5 * 78, rel=1e-4)


def test_sources_with_few_overlaps_need_no_tiles() -> None:
    x = np.arange(20.0)
    edges = EdgeSet.of(
        np.arange(20), np.arange(20, 40), np.ones(20), np.r_[np.c_[x, 0 * x], np.c_[x, 0 * x + 9]]
    )
    operator = Operator(edges, Viewport(-1, 20, -1, 10, 100, 100))
    fan = EdgeSet.of(np.zeros(20, int), np.arange(20, 40), np.ones(20), edges.positions)
    assert operator.nbytes < Operator(fan, operator.viewport).nbytes / 2
    assert np.array_equal(picture(operator, np.ones(40)), exact(operator, np.ones(40)))


def test_an_operator_without_visible_edges_draws_nothing() -> None:
    edges = random_edges()
    operator = Operator(edges, Viewport(50, 60, 50, 60, 30, 30))
    assert not picture(operator, np.ones(edges.n_nodes)).any()


@pytest.mark.parametrize("limit", [0, 5_000, 20_000, 10**9])
def test_what_has_no_room_is_drawn_all_the_same(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    edges, viewport = random_edges(seed=5), Viewport(-8, 8, -8, 8, 100, 100)
    monkeypatch.setattr("vizapp.raster.operators.MAX_BYTES", limit)
    values = np.random.default_rng(0).uniform(0, 1, edges.n_nodes)
    operator = Operator(edges, viewport, bits=16)
    expected = exact(operator, values)
    np.testing.assert_allclose(picture(operator, values), expected, atol=3e-5 * expected.max())
    assert operator._tiles.nbytes <= limit
    assert (operator._tiles.nbytes == 0) == (limit == 0)


def test_large_operators_get_small_numbers_but_signed_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    edges, viewport = random_edges(), Viewport(-8, 8, -8, 8, 100, 100)
    monkeypatch.setattr("vizapp.raster.operators.MAX_BYTES", 50_000)
    small, signed = Operator(edges, viewport), Operator(edges, viewport, "signed")
    assert (small.bits, signed.bits) == (8, 16)
    assert (small.exact, signed.exact) == (False, True)


def test_building_stops_when_nobody_wants_it() -> None:
    edges = edges_of("mlp")
    looks = iter([False] * 20 + [True])
    with pytest.raises(Cancelled):
        Operator(edges, whole("mlp"), cancelled=lambda: next(looks))


def test_other_numbers_of_bits_are_refused() -> None:
    with pytest.raises(ValueError, match="bits must be 8 or 16"):
        Operator(random_edges(), Viewport(0, 1, 0, 1, 8, 8), bits=12)
