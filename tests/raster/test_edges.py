from __future__ import annotations

import numpy as np
import pytest

from tests.raster.samples import NETWORKS, edges_of, random_edges
from vizapp.nets import load
from vizapp.raster import EdgeSet, strongest


@pytest.mark.parametrize("name", NETWORKS)
def test_all_edges_of_a_network(name: str) -> None:
    edges, network = edges_of(name), load(name)
    assert len(edges) == network.n_edges
    for node in (0, network.n_nodes // 2, network.n_nodes - 20):
        out = network.edges_out_of(node)
        mine = slice(edges.first[node], edges.first[node + 1])
        assert np.array_equal(edges.target[mine], out.target)
        assert np.array_equal(edges.weight[mine], out.weight)


def test_order_and_index() -> None:
    source, target, weight = np.array([3, 0, 3, 1]), np.array([1, 2, 0, 3]), np.array([1.0, 2.0, 3.0, 4.0])
    edges = EdgeSet.of(source, target, weight, np.zeros((4, 2)))
    assert edges.source.tolist() == [0, 1, 3, 3]
    assert edges.target.tolist() == [2, 3, 0, 1]
    assert np.array_equal(weight[edges.index], edges.weight)
    assert edges.first.tolist() == [0, 1, 2, 2, 4]


def test_nobody_can_change_a_shared_set() -> None:
    edges = random_edges()
    with pytest.raises(ValueError, match="read-only"):
        edges.weight[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        edges.positions[0] = 1


def test_the_key_is_the_content() -> None:
    edges, same, other = random_edges(seed=1), random_edges(seed=1), random_edges(seed=2)
    weight = edges.weight.copy()
    weight[0] += 1
    edited = EdgeSet.of(edges.source, edges.target, weight, edges.positions)
    assert edges.key == same.key
    assert len({edges.key, other.key, edited.key}) == 3


def test_filters_against_plain_python() -> None:
    edges = random_edges(seed=3)
    triples = list(zip(edges.source, edges.target, edges.weight, strict=True))
    assert edges.mask().all()
    assert edges.mask(into=(10, 20)).tolist() == [10 <= t < 20 for _, t, _ in triples]
    assert edges.mask(sign="positive").tolist() == [w > 0 for _, _, w in triples]
    assert edges.mask(sign="negative", touching=[5, 7, 99]).tolist() == [
        w < 0 and (s in (5, 7) or t in (5, 7)) for s, t, w in triples
    ]
    with pytest.raises(ValueError, match="sign must be"):
        edges.mask(sign="zero")  # type: ignore[arg-type]


def test_a_subset_is_an_edge_set() -> None:
    edges = random_edges(seed=3)
    keep = edges.mask(touching=[5])
    for part in (edges.subset(keep), edges.subset(np.flatnonzero(keep)[::-1])):
        assert np.array_equal(part.weight, edges.weight[keep])
        assert np.array_equal(part.index, edges.index[keep])
        assert np.all(np.diff(part.source) >= 0)


@pytest.mark.parametrize("k", [0, 1, 5, 49, 50, 500])
def test_strongest_first(k: int) -> None:
    values = np.random.default_rng(0).normal(size=50).astype(np.float32)
    values[:10] = 0
    expected = [i for i in sorted(range(50), key=lambda i: -abs(values[i])) if values[i] != 0][:k]
    assert strongest(values, k).tolist() == expected


@pytest.mark.parametrize(
    ("source", "target", "weight", "positions", "message"),
    [
        ([0], [2], [1.0], np.zeros((2, 2)), "no position"),
        ([0], [-1], [1.0], np.zeros((2, 2)), "no position"),
        ([0, 1], [1], [1.0], np.zeros((2, 2)), "equally long"),
        ([0], [1], [np.inf], np.zeros((2, 2)), "weights must be finite"),
        ([0], [1], [1.0], np.full((2, 2), np.nan), "positions must be finite"),
        ([0], [1], [1.0], np.zeros((2, 3)), "positions must be finite and of shape"),
    ],
)
def test_what_does_not_fit_is_refused(
    source: list[int], target: list[int], weight: list[float], positions: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        EdgeSet.of(source, target, weight, positions)
