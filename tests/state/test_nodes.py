"""Lists of nodes in links: any order comes back, and what a box selects is short."""

from __future__ import annotations

import param
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizapp import nets
from vizapp.state.codecs import Place, Unfit
from vizapp.state.nodes import Node, Nodes

CNN = nets.load("cnn")
PLACE = Place(param.List(), CNN)
IDS = st.integers(0, CNN.n_nodes - 1)


@given(st.lists(IDS, unique=True, max_size=80))
def test_any_order_comes_back(nodes: list[int]) -> None:
    assert Nodes().unpack(Nodes().pack(nodes), PLACE) == nodes


@given(st.lists(st.tuples(IDS, st.integers(1, 300)), max_size=6))
def test_runs_come_back(runs: list[tuple[int, int]]) -> None:
    nodes = list(dict.fromkeys(n for first, n in runs for n in range(first, min(first + n, CNN.n_nodes))))
    assert Nodes().unpack(Nodes().pack(nodes), PLACE) == nodes


def test_a_run_is_a_few_bytes_however_long() -> None:
    assert len(Nodes().pack(list(range(CNN.n_nodes)))) <= 3
    rows = [100 + 28 * row + column for row in range(28) for column in range(20)]
    assert len(Nodes().pack(rows)) <= 3 * 28


@given(st.binary(max_size=40))
def test_any_bytes_are_different_nodes_of_the_network_or_refused(data: bytes) -> None:
    try:
        nodes = Nodes().unpack(data, PLACE)
    except Unfit:
        return
    assert len(set(nodes)) == len(nodes)
    assert all(0 <= node < CNN.n_nodes for node in nodes)


def test_no_more_than_the_parameter_takes() -> None:
    pins = Place(param.List(bounds=(0, 6)), CNN)
    assert Nodes().from_json(list(range(6)), pins) == list(range(6))
    for read in (lambda: Nodes().from_json(list(range(7)), pins), lambda: Nodes().unpack(b"\x00\x06", pins)):
        with pytest.raises(Unfit, match="at most 6"):
            read()


@pytest.mark.parametrize("raw", [-1, CNN.n_nodes, True, 1.0, "1", [1]])
def test_what_is_no_node_is_refused(raw: object) -> None:
    with pytest.raises(Unfit):
        Node().from_json(raw, PLACE)
    assert Node().from_json(None, PLACE) is None
    assert Node().from_json(CNN.n_nodes - 1, PLACE) == CNN.n_nodes - 1
