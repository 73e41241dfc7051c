from __future__ import annotations

import numpy as np
import pytest

from tests.raster.samples import activation, edges_of, random_edges, whole
from vizapp.raster import Direct, Frame, Kind, Operator, Viewport

VIEW = Viewport(-8, 8, -8, 8, 120, 90)


class Counting:
    """An engine that remembers how many nodes it was asked to add."""

    def __init__(self, direct: Direct) -> None:
        self.direct, self.viewport, self.kind, self.cost = direct, direct.viewport, direct.kind, direct.cost
        self.added: list[int] = []

    def add(self, image: np.ndarray, change: np.ndarray, active: np.ndarray) -> None:
        self.added.append(len(active))
        self.direct.add(image, change, active)


@pytest.mark.parametrize("kind", ["magnitude", "signed"])
def test_many_updates_lead_to_the_same_picture_as_one_redraw(kind: Kind) -> None:
    edges = random_edges(seed=1)
    operator = Operator(edges, VIEW, kind)
    frame, rng = Frame(VIEW, edges.n_nodes, kind), np.random.default_rng(0)
    values = rng.normal(size=edges.n_nodes)
    for _ in range(200):
        values = values.copy()
        values[rng.integers(0, edges.n_nodes, 3)] = rng.normal(size=3) * rng.integers(0, 2, 3)
        frame.update(operator, values)
    expected = Frame(VIEW, edges.n_nodes, kind).redraw(operator, values)
    np.testing.assert_allclose(frame.image, expected, atol=1e-5 * np.abs(expected).max())


def test_only_what_changed_is_touched() -> None:
    edges = random_edges(seed=1)
    engine = Counting(Direct(edges, VIEW))
    frame = Frame(VIEW, edges.n_nodes)
    values = np.ones(edges.n_nodes)
    frame.update(engine, values)
    frame.update(engine, values)
    values[[3, 5]] = 2
    frame.update(engine, values)
    assert engine.added == [edges.n_nodes, 0, 2]


def test_when_most_goes_away_what_stays_is_drawn() -> None:
    edges = random_edges(seed=1)
    engine = Counting(Direct(edges, VIEW))
    frame = Frame(VIEW, edges.n_nodes)
    frame.update(engine, np.ones(edges.n_nodes))
    few = np.zeros(edges.n_nodes)
    few[2] = 1
    np.testing.assert_array_equal(frame.update(engine, few), Frame(VIEW, edges.n_nodes).redraw(engine, few))
    assert engine.added[1] == 1


def test_small_differences_wait_but_do_not_add_up() -> None:
    edges = random_edges(seed=1)
    direct = Direct(edges, VIEW)
    frame = Frame(VIEW, edges.n_nodes)
    values = np.ones(edges.n_nodes)
    before = frame.update(direct, values).copy()
    for step in range(1, 10):
        image = frame.update(direct, values * (1 + 0.01 * step), tolerance=0.1)
        assert np.array_equal(image, before)
    expected = Frame(VIEW, edges.n_nodes).redraw(direct, values * 1.11)
    np.testing.assert_allclose(frame.update(direct, values * 1.11, tolerance=0.1), expected, rtol=1e-5)


def test_one_engine_takes_over_from_another() -> None:
    edges, view, values = edges_of("mlp"), whole("mlp"), activation("mlp")
    frame = Frame(view, edges.n_nodes)
    frame.update(Direct(edges, view), values)
    other = activation("mlp", seed=1)
    image = frame.update(Operator(edges, view), other)
    expected = Frame(view, edges.n_nodes).redraw(Direct(edges, view), other)
    np.testing.assert_allclose(image, expected, atol=3e-5 * expected.max())


def test_work_foretells_the_cheaper_way() -> None:
    edges = random_edges(seed=1)
    direct, frame = Direct(edges, VIEW), Frame(VIEW, edges.n_nodes)
    values = np.ones(edges.n_nodes)
    assert frame.work(direct, values) == direct.length
    frame.update(direct, values)
    values[7] = 3
    assert frame.work(direct, values) == direct.cost[7]


def test_magnitudes_count_where_the_kind_is_magnitude() -> None:
    edges = random_edges(seed=1)
    direct, values = Direct(edges, VIEW), np.random.default_rng(0).normal(size=edges.n_nodes)
    one, other = Frame(VIEW, edges.n_nodes), Frame(VIEW, edges.n_nodes)
    assert np.array_equal(one.redraw(direct, values), other.redraw(direct, np.abs(values)))


def test_what_cannot_be_drawn_is_refused_and_the_picture_stays() -> None:
    edges = random_edges()
    direct, frame = Direct(edges, VIEW), Frame(VIEW, edges.n_nodes)
    before = frame.update(direct, np.ones(edges.n_nodes)).copy()
    bad = np.ones(edges.n_nodes)
    bad[4] = np.nan
    with pytest.raises(ValueError, match="finite"):
        frame.update(direct, bad)
    with pytest.raises(ValueError, match="one value per node"):
        frame.update(direct, np.ones(3))
    with pytest.raises(ValueError, match="another picture"):
        frame.update(Direct(edges, VIEW, "signed"), np.ones(edges.n_nodes))
    assert np.array_equal(frame.image, before)


def test_a_session_keeps_little() -> None:
    assert Frame(Viewport(0, 1, 0, 1, 1000, 600), 9134).nbytes < 2_500_000
