from __future__ import annotations

import numpy as np
import pytest

from tests.analysis.relevances import linear, slow, trace_of
from vizapp.analysis.relevance import EPSILON
from vizapp.analysis.tracing import TraceBack, trace_back

SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


def answer(name: str, row: int) -> int:
    trace = trace_of(name)
    return int(trace.network.offsets[-2] + trace.prediction[row])


def strongest(name: str, layer: str, row: int) -> int:
    trace = trace_of(name)
    span = trace.network.span(layer)
    return span.start + int(trace.activation[row, span].argmax())


def pairs(found: TraceBack) -> set[tuple[int, int]]:
    return set(zip(found.source.tolist(), found.target.tolist(), strict=True))


def cases():
    for row in range(3):
        yield "mlp", answer("mlp", row), row
        yield "cnn", answer("cnn", row), row
    for layer in ("fc2", "fc1"):
        yield "mlp", strongest("mlp", layer, 0), 0
    for layer in ("fc2", "fc1", "pool2", "conv2", "pool1", "conv1"):
        yield "cnn", strongest("cnn", layer, 0), 0


CASES = pytest.mark.parametrize(("name", "node", "row"), list(cases()))


@CASES
@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_each_node_keeps_the_fewest_edges_that_carry_the_share(name, node, row, share):
    trace = trace_of(name)
    network = trace.network
    found = trace_back(trace, node, share, row)
    evidence = slow(trace, row, {node: float(trace.pre[row, node])}, EPSILON).edge
    assert not found.truncated
    reached = {node}
    for step in found.steps:
        into: dict[int, dict[int, float]] = {}
        for (source, target), value in evidence.items():
            if target in reached:
                into.setdefault(target, {})[source] = abs(value)
        kept: dict[int, list[int]] = {}
        for source, target in zip(step.source.tolist(), step.target.tolist(), strict=True):
            kept.setdefault(target, []).append(source)
        assert kept.keys() == into.keys()
        for target, sources in kept.items():
            sizes = into[target]
            assert len(set(sources)) == len(sources)
            carried = sorted(sizes[source] for source in sources)
            total = sum(sizes.values())
            assert sum(carried) >= share * total - 1e-4 * total
            assert sum(carried[1:]) < share * total + 1e-4 * total  # without the weakest: too little
            rest = [size for source, size in sizes.items() if source not in sources]
            assert max(rest, default=0) <= carried[0] + 1e-4 * total

        every = sum(sum(sizes.values()) for sizes in into.values())
        assert step.of == pytest.approx(sum(map(len, into.values())), abs=2)  # some all but vanish
        assert step.share == pytest.approx(np.abs(step.value).sum(dtype=float) / every, abs=1e-3)
        assert step.share >= share - 1e-9
        expected = [evidence[edge] for edge in zip(step.source.tolist(), step.target.tolist(), strict=True)]
        np.testing.assert_allclose(step.value, expected, rtol=1e-2, atol=1e-4)
        assert (np.diff(np.abs(step.value)) <= 0).all()
        reached = set(step.source.tolist())
    assert found.steps[-1].layer == network.layers[1].name
    assert max(reached) < network.layers[0].n_nodes


@CASES
def test_every_kept_edge_lies_on_a_path_to_the_pixels(name, node, row):
    trace = trace_of(name)
    network = trace.network
    found = trace_back(trace, node, 0.9, row)
    position = network.layer_index_of(node)
    assert [step.layer for step in found.steps] == [layer.name for layer in network.layers[position:0:-1]]
    above = {node}
    for step, below in zip(found.steps, [*found.steps[1:], None], strict=True):
        assert set(step.target.tolist()) == above - idle(trace, row, above)
        above = set(step.source.tolist())
        if below is None:
            assert (trace.activation[row, sorted(above)] > 0).all()  # pixels with ink
    ids = np.unique(np.concatenate([found.source, found.target]))
    np.testing.assert_array_equal(found.nodes, ids)


def idle(trace, row, nodes):
    """Those that nothing flows into: their value is their bias alone."""
    flowing = (trace.network.edges_into(node, trace, row) for node in nodes)
    return {
        node
        for node, edges in zip(nodes, flowing, strict=True)
        if not (trace.activation[row][edges.source] * edges.weight).any()
    }


@CASES
def test_raising_the_share_adds_edges_and_takes_none_away(name, node, row):
    trace = trace_of(name)
    smaller: set[tuple[int, int]] = set()
    for share in SHARES:
        larger = pairs(trace_back(trace, node, share, row))
        assert smaller <= larger
        smaller = larger
    assert smaller > pairs(trace_back(trace, node, 0.5, row))


def test_a_network_that_can_be_traced_by_hand():
    # Node a of the middle gets 8, −1, 1 from the pixels and passes all of it on; b gets 4 and passes on 2 of
    # 10 in all, c gets nothing.
    first = [[8.0, -1.0, 1.0], [0.0, 0.0, 4.0], [0.0, 0.0, 0.0]]
    network = linear(first, [[1.0, 0.5, 3.0]])
    trace = network.forward([[1.0, 1.0, 1.0]])
    top = 6
    found = trace_back(trace, top, 0.8, epsilon=0)
    assert pairs(found) == {(3, top), (0, 3)}
    np.testing.assert_array_equal(found.pixels, [[8, 0, 0]])
    assert [step.share for step in found.steps] == [0.8, 0.8]
    assert [step.of for step in found.steps] == [2, 3]
    found = trace_back(trace, top, 0.81, epsilon=0)
    assert pairs(found) == {(3, top), (4, top), (0, 3), (1, 3), (2, 4)}
    np.testing.assert_array_equal(found.pixels, [[8, -1, 2]])
    found = trace_back(trace, top, 1, epsilon=0)
    assert pairs(found) == {(3, top), (4, top), (0, 3), (1, 3), (2, 3), (2, 4)}
    np.testing.assert_array_equal(found.pixels, [[8, -1, 3]])
    np.testing.assert_array_equal(found.pixels, found.relevance.pixels)


def test_a_weak_node_keeps_its_share_too():
    # The second node passes on as much as the first, 5, but what comes into the first is a hundred times as
    # much: 250 and −245.
    trace = linear([[250.0, -245.0, 0.0], [0.0, 2.0, 3.0]], [[1.0, 1.0]]).forward([[1.0, 1.0, 1.0]])
    found = trace_back(trace, 5, 0.55, epsilon=0)
    assert pairs(found) == {(3, 5), (4, 5), (0, 3), (1, 3), (2, 4)}
    assert [step.value.tolist() for step in found.steps] == [[5, 5], [250, -245, 3]]


def test_a_share_that_is_just_reached_is_reached():
    # In floating point 2.4 / (2.4 + 0.6) is a little less than 0.8.
    found = trace_back(linear([[2.4, 0.6]]).forward([[1.0, 1.0]]), 2, 0.8, epsilon=0)
    assert pairs(found) == {(0, 2)}


def test_stays_within_the_limit_and_says_so():
    trace = trace_of("cnn")
    node = answer("cnn", 1)
    free = trace_back(trace, node, 0.95, 1)
    limit = len(free.source) // 2
    found = trace_back(trace, node, 0.95, 1, limit=limit)
    assert found.truncated
    assert limit - 5 <= len(found.source) <= limit
    assert pairs(found) <= pairs(free)
    assert found.share < 0.95
    assert all(step.share >= found.share - 1e-9 for step in found.steps)
    again = trace_back(trace, node, found.share, 1, limit=limit)
    assert not again.truncated
    assert pairs(again) == pairs(found)
    one = trace_back(trace, node, 0.95, 1, limit=1)
    assert [len(step) for step in one.steps] == [1] * 7


def test_the_paths_of_a_hidden_node_that_is_off_show_what_keeps_it_off():
    trace = trace_of("mlp")
    span = trace.network.span("fc2")
    node = span.start + int(trace.pre[0, span].argmin())
    found = trace_back(trace, node, 0.7)
    assert trace.activation[0, node] == 0
    assert found.relevance.start == pytest.approx(float(trace.pre[0, node]))
    assert found.steps[0].value.sum() < 0


def test_where_nothing_flows_there_is_no_path():
    trace = trace_of("cnn").network.forward(np.zeros((28, 28)))
    corner = trace.network.span("conv1").start
    for node in (0, corner):
        found = trace_back(trace, node)
        assert found.steps == ()
        assert found.nodes.tolist() == [node]
        assert not found.pixels.any()
        assert len(found.source) == len(found.target) == len(found.value) == 0
    # The answer to an empty pad is made of biases: the paths end above the input.
    found = trace_back(trace, int(trace.network.offsets[-2]))
    assert found.steps
    assert "conv1" not in [step.layer for step in found.steps]
    assert not found.pixels.any()


def test_says_what_it_cannot_trace():
    trace = trace_of("mlp")
    for share in (0, -0.5, 1.1, float("nan")):
        with pytest.raises(ValueError, match="share"):
            trace_back(trace, 900, share)
    with pytest.raises(ValueError, match="no node"):
        trace_back(trace, -1)
