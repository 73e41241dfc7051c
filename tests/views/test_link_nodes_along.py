"""Nodes along a sweep, over the line: equal to single forward passes and brute force, harmless whatever is asked."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.views.pages import OpenPage, WaitingPage
from tests.views.test_wire import check_carried, interface
from vizapp import nets
from vizapp.analysis.sweep import Sweep
from vizapp.explorer import Drawing
from vizapp.views import node_map, wire
from vizapp.views.node_map import rasterised
from vizapp.views.topics import nodes_along as topic

TYPES = Path(wire.__file__).parent / "js" / "src" / "timeline" / "nodes" / "messages.ts"
KINDS = ("morph", "rotation", "scale")


def page_on(kind: str = "morph", **settings: Any) -> OpenPage:
    page = OpenPage(**settings)
    page.ask("sweep", kind=kind)
    return page


def sweep_of(page: OpenPage) -> Sweep:
    """Made anew: the page's own may be the one that is wrong."""
    explorer = page.explorer
    timeline = explorer.timeline
    assert timeline is not None
    return timeline.along(explorer.net, timeline.taken(explorer.way))


def answer(page: OpenPage, kind: str, **values: Any) -> dict[str, Any]:
    (message,) = page.ask(kind, **{"seq": 7, **values})
    assert (message["type"], message["ack"]) == (kind, 7)
    check_carried(message)
    return message


def heat(page: OpenPage, **values: Any) -> dict[str, Any]:
    layer = page.explorer.net.layers[-2].name
    return answer(page, "node_map", **{"layer": layer, "width": 126, "height": 50, **values})


def picture(message: dict[str, Any]) -> np.ndarray:
    return message["levels"].reshape(message["height"], message["width"])


# Curves


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["output", "pre"])
def test_curves_are_single_forward_passes_one_by_one(name: str, kind: str, what: str) -> None:
    page = page_on(kind, network=name)
    network = page.explorer.net
    nodes = [network.n_nodes - 1, 500, network.n_nodes - 40]
    message = answer(page, "node_curves", nodes=array("I", nodes), what=what)
    images = sweep_of(page).images
    assert message["nodes"].tolist() == nodes
    values = message["values"].reshape(len(nodes), -1)
    assert values.shape[1] == len(images) == len(message["positions"])
    for k in (0, 1, 20, len(images) - 1):
        trace = network.forward(images[k])
        expected = (trace.activation if what == "output" else trace.pre)[0, nodes]
        np.testing.assert_allclose(values[:, k], expected, rtol=1e-5, atol=1e-5)
    assert np.ptp(values) > 0


def test_the_cursor_reads_what_the_curve_has_there() -> None:
    page = page_on()
    message = answer(page, "node_curves", nodes=[9000, 9010])
    row = 21
    page.ask("cursor", seq=1, position=float(sweep_of(page).positions[row]))
    values = message["values"].reshape(2, -1)[:, row]
    np.testing.assert_allclose(page.explorer.trace.activation[0, [9000, 9010]], values, atol=1e-5)


def test_curves_follow_the_way_and_the_drawn_end() -> None:
    page = page_on()
    before = answer(page, "node_curves", nodes=[9000 + i for i in range(12)])
    assert before["way"] == "strokes"
    page.ask("cursor", seq=1, way="blend")
    blend = answer(page, "node_curves", nodes=before["nodes"].tolist())
    assert blend["way"] == "blend"
    assert not np.array_equal(blend["values"], before["values"])
    # The pad is at the start, which is drawn on.
    page.ask("load", source="sample", index=4)
    after = answer(page, "node_curves", nodes=before["nodes"].tolist())
    assert not np.array_equal(after["values"], blend["values"])
    expected = page.explorer.trace.activation[0, before["nodes"]]
    np.testing.assert_allclose(after["values"].reshape(12, -1)[:, 0], expected, atol=1e-5)


def test_a_way_by_hand_has_curves() -> None:
    page = OpenPage()
    page.ask("sweep", kind="hand")
    page.ask("load", source="sample", index=3)
    message = answer(page, "node_curves", nodes=[9000])
    assert (message["sweep"], message["way"]) == ("hand", "hand")
    assert len(message["values"]) == 64


# The heat map


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize("kind", ["morph", "rotation"])
@pytest.mark.parametrize("scaling", ["own", "layer"])
def test_at_full_resolution_every_pixel_is_an_activation(name: str, kind: str, scaling: str) -> None:
    page = page_on(kind, network=name)
    sweep = sweep_of(page)
    layer = page.explorer.net.layers[-2]
    steps = len(sweep) - 1
    message = heat(page, width=2 * steps, height=2 * layer.n_nodes, order="node", scaling=scaling)
    values = sweep.trace.activation[:, message["nodes"]].T.astype(float)
    assert message["nodes"].tolist() == list(range(*page.explorer.net.span(layer.name).indices(10**6)))
    low = values.min(axis=1, keepdims=True) if scaling == "own" else 0
    high = values.max(axis=1, keepdims=True) if scaling == "own" else values.max()
    shares = np.divide(values - low, high - low, out=np.zeros_like(values), where=high - low > 0)
    # Half a step on both sides of a position: one pixel at the ends, two in between.
    columns = (np.arange(2 * steps) + 1) // 2
    shown = picture(message)
    np.testing.assert_allclose(shown[::2], 255 * shares[:, columns], atol=0.51)
    assert np.array_equal(shown[::2], shown[1::2])
    np.testing.assert_array_equal(message["low"], values.min(axis=1).astype(np.float32))
    np.testing.assert_array_equal(message["last"], values[:, -1].astype(np.float32))


@pytest.mark.parametrize("aggregate", ["max", "mean"])
@pytest.mark.parametrize(("height", "width"), [(31, 100), (7, 64), (100, 71), (200, 20)])
def test_what_shares_a_pixel_is_summed_up(aggregate: str, height: int, width: int) -> None:
    """By brute force: each cell is on the pixels from where it begins to where it ends, on one at least."""
    rng = np.random.default_rng(0)
    values, positions = rng.random((120, 64)), np.linspace(-3, 5, 64)
    shown = rasterised(values, positions, width, height, aggregate)
    half = (positions[1] - positions[0]) / 2
    edges = np.append(positions - half, positions[-1] + half)
    across = np.clip((edges - positions[0]) / (positions[-1] - positions[0]) * width, 0, width)
    down = np.arange(121) / 120 * height
    cells: dict[tuple[int, int], list[float]] = {}
    for i, j in np.ndindex(values.shape):
        for y in pixels(down[i], down[i + 1]):
            for x in pixels(across[j], across[j + 1]):
                cells.setdefault((y, x), []).append(values[i, j])
    for (y, x), those in cells.items():
        assert shown[y, x] == pytest.approx(max(those) if aggregate == "max" else np.mean(those))
    assert len(cells) == height * width


def pixels(start: float, end: float) -> range:
    first, last = int(start), int(end)
    return range(first, max(last, first + 1))


def test_all_layers_in_one_picture() -> None:
    page = page_on()
    message = heat(page, layer=None, order="node", aggregate="max", scaling="layer")
    network, sweep = page.explorer.net, sweep_of(page)
    assert len(message["nodes"]) == network.n_nodes
    # A pixel row has the largest of its nodes, each over the largest in its layer.
    peaks = np.concatenate(
        [
            np.abs(sweep.trace.activation[:, span]).max() + np.zeros(span.stop - span.start)
            for span in (network.span(layer.name) for layer in network.layers)
        ]
    )
    shares = sweep.trace.activation / peaks
    per = network.n_nodes / 50
    for row in (0, 3, 20, 49):
        nodes = slice(int(np.ceil(row * per)) + 1, int((row + 1) * per) - 1)
        assert picture(message)[row].max() >= np.floor(255 * shares[:, nodes].max())


def test_rows_are_in_the_order_in_which_nodes_switch() -> None:
    page = page_on()
    message = heat(page, order="switch")
    sweep = sweep_of(page)
    switches = [first_crossing(sweep.positions, sweep.trace.activation[:, node]) for node in message["nodes"]]
    never = len(switches)
    found = [never if at is None else at for at in switches]
    assert found == sorted(found)
    assert message["moves"].tolist() == [at is not None for at in switches]
    for at, told in zip(switches, message["switch"], strict=True):
        assert told == pytest.approx(0 if at is None else at, abs=1e-6)
    only = heat(page, order="switch", moving=True)
    assert only["nodes"].tolist() == message["nodes"][message["moves"] == 1].tolist()
    assert only["count"] == len(message["nodes"]) > len(only["nodes"])


def first_crossing(positions: np.ndarray, values: np.ndarray) -> float | None:
    half = (float(values.min()) + float(values.max())) / 2
    for k in range(len(values) - 1):
        before, after = float(values[k]), float(values[k + 1])
        if (before > half) != (after > half):
            return float(
                positions[k] + (half - before) / (after - before) * (positions[k + 1] - positions[k])
            )
    return None


def test_rows_by_share_are_those_of_the_decision() -> None:
    page = page_on()
    by_share = heat(page, order="share")
    assert by_share["order"] == "share"
    split = answer(page, "node_split", start=0, end=1)
    assert by_share["nodes"].tolist() == split["nodes"].tolist()
    assert heat(page, layer="fc1", order="share")["order"] == "switch"


def test_values_below_zero_have_zero_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    found = node_map.normalised
    monkeypatch.setattr(node_map, "normalised", lambda *about: found(*about) * -1)
    message = heat(page_on(), scaling="layer", height=100)
    assert message["signed"] is True
    assert picture(message).max() == 128
    assert picture(message).min() == 1


# Who decided


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize(("start", "end"), [(0.0, 1.0), (0.2, 0.37), (0.8, 0.1), (0.5, 0.5)])
def test_shares_add_up_to_the_change_of_the_logits(name: str, start: float, end: float) -> None:
    page = page_on(network=name)
    message = answer(page, "node_split", start=start, end=end, a=2, b=1)
    network, timeline = page.explorer.net, page.explorer.timeline
    assert timeline is not None
    before, after = (timeline.along(network, "strokes", [at]).trace for at in (start, end))
    margins = [float(trace.logits[0, 2]) - float(trace.logits[0, 1]) for trace in (before, after)]
    assert message["margins"] == pytest.approx(margins, abs=1e-5)
    assert message["change"] == pytest.approx(margins[1] - margins[0], abs=2e-5)
    assert message["total"] == pytest.approx(message["change"], abs=2e-5)
    assert message["residue"] == message["change"] - message["total"]
    assert float(message["shares"].astype(float).sum()) == pytest.approx(message["total"], abs=1e-5)
    weight = network.layers[-1].weight
    assert weight is not None
    span = network.span(message["layer"])
    of = message["nodes"] - span.start
    np.testing.assert_allclose(message["weights"], weight[2, of] - weight[1, of], rtol=1e-6)
    product = message["weights"] * (message["after"] - message["before"])
    np.testing.assert_allclose(message["shares"], product, atol=1e-5)
    assert (np.diff(np.abs(message["shares"])) <= 0).all()
    np.testing.assert_allclose(message["after"], after.activation[0, message["nodes"]], atol=1e-5)


def test_without_two_digits_it_is_about_those_of_the_curve() -> None:
    message = answer(page_on(), "node_split", start=0, end=1)
    assert (message["a"], message["b"]) == (1, 2)
    assert message["margins"][0] > 0 > message["margins"][1]


def test_points_beyond_a_range_are_its_ends() -> None:
    page = page_on("rotation")
    message = answer(page, "node_split", start=-900, end=900)
    assert (message["start"], message["end"]) == (-60, 60)


# How many are active


@pytest.mark.parametrize("name", nets.names())
def test_active_nodes_are_counted(name: str) -> None:
    page = page_on("x", network=name)
    message = answer(page, "node_counts")
    network, sweep = page.explorer.net, sweep_of(page)
    assert [layer["name"] for layer in message["layers"]] == [layer.name for layer in network.layers[:-1]]
    for layer in message["layers"]:
        values = sweep.trace.activation[:, network.span(layer["name"])]
        assert layer["count"] == values.shape[1]
        assert layer["active"].tolist() == [sum(value > 0 for value in row) for row in values]


# What does not fit


def test_without_a_sweep_nothing_is_said() -> None:
    page = OpenPage()
    assert page.ask("node_curves", seq=1, nodes=[1]) == []
    assert page.ask("node_map", seq=1, layer="fc1", width=90, height=9) == []
    assert page.ask("node_split", seq=1, start=0, end=1) == []
    assert page.ask("node_counts", seq=1) == []


def test_nothing_is_made_that_was_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("curves_message", "map_message", "split_message", "counts_message"):
        monkeypatch.setattr(topic, name, None)
    page = page_on()
    heard = page.ask("cursor", seq=1, position=0.5)
    heard += page.ask("sweep_settle") + page.ask("set", name="chart", value="all nodes")
    assert not [message for message in heard if message["type"].startswith("node_")]


def test_a_range_of_nothing_has_no_nodes() -> None:
    page = OpenPage(drawing=Drawing())
    page.ask("sweep", kind="rotation")
    assert page.ask("node_counts", seq=1) == []


def test_what_was_left_is_passed_over() -> None:
    page = page_on(network="mlp")
    assert page.ask("node_curves", seq=1, nodes=[9000]) == []
    assert page.ask("node_map", seq=1, layer="conv2", width=90, height=9) == []


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        ("node_curves", {"nodes": []}),
        ("node_curves", {"nodes": list(range(13))}),
        ("node_curves", {"nodes": None}),
        ("node_curves", {"nodes": [-1]}),
        ("node_curves", {"nodes": array("f", [1.0])}),
        ("node_curves", {"nodes": ["1"]}),
        ("node_curves", {"what": "input"}),
        ("node_curves", {"seq": None}),
        ("node_map", {"layer": 3}),
        ("node_map", {"layer": "x" * 1000}),
        ("node_map", {"width": 2401}),
        ("node_map", {"width": 63}),
        ("node_map", {"height": 10**9}),
        ("node_map", {"height": 9.5}),
        ("node_map", {"order": "loud"}),
        ("node_map", {"scaling": None}),
        ("node_map", {"aggregate": "__class__"}),
        ("node_map", {"moving": "yes"}),
        ("node_split", {"start": float("nan")}),
        ("node_split", {"end": float("inf")}),
        ("node_split", {"end": "1"}),
        ("node_split", {"a": 3}),
        ("node_split", {"a": 3, "b": 3}),
        ("node_split", {"a": 3, "b": 10}),
        ("node_split", {"a": True, "b": 2}),
        ("node_counts", {"seq": -1}),
    ],
)
def test_nonsense_is_told_off(kind: str, bad: dict[str, Any]) -> None:
    good = {"nodes": [1], "layer": "fc1", "width": 90, "height": 20, "start": 0, "end": 1}
    (said,) = page_on().ask(kind, **{"seq": 1, **good, **bad})
    assert said["type"] == "notice"


class Waiting(WaitingPage):
    def finish(self, jobs: int = 1000) -> list[dict[str, Any]]:
        return [message for message in super().finish(jobs) if message["type"].startswith("node_")]


def test_one_job_at_a_time_and_of_each_question_the_newest() -> None:
    page = Waiting()
    page.ask("sweep", kind="morph")
    page.finish()
    for seq in range(1, 6):
        page.ask("node_curves", seq=seq, nodes=[9000 + seq])
        page.ask("node_split", seq=seq, start=0, end=1)
    assert len(page.waiting) == 1
    told = [(message["type"], message["ack"]) for message in page.finish()]
    assert told == [("node_curves", 1), ("node_curves", 5), ("node_split", 5)]


def test_a_job_that_fails_is_not_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_on()
    with monkeypatch.context() as broken:
        broken.setattr(topic, "counts_message", lambda *_: 1 / 0)
        assert [message["type"] for message in page.ask("node_counts", seq=1)] == ["notice"]
    assert [message["ack"] for message in page.ask("node_counts", seq=2)] == [2]


def test_a_sweep_is_made_once_for_all_charts_and_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_on()
    timeline = page.explorer.timeline
    assert timeline is not None
    page.ask("node_counts", seq=1)
    kept = timeline.kept(page.explorer.net, "strokes")
    monkeypatch.setattr(Sweep, "along", None)
    page.ask("node_map", seq=1, layer="fc1", width=90, height=9)
    assert timeline.kept(page.explorer.net, "strokes") is kept
    monkeypatch.undo()
    for way in timeline.ways:
        for name in nets.names():
            timeline.kept(nets.load(name), way)
    assert len(timeline._kept) == 3


@pytest.mark.skipif(not TYPES.exists(), reason="an installed package has no TypeScript")
def test_python_and_typescript_agree_on_the_fields() -> None:
    page = page_on()
    for kind, name, values in (
        ("node_curves", "NodeCurvesMessage", {"nodes": [1]}),
        ("node_map", "NodeMapMessage", {"layer": "fc1", "width": 90, "height": 9}),
        ("node_split", "NodeSplitMessage", {"start": 0, "end": 1}),
        ("node_counts", "NodeCountsMessage", {}),
    ):
        assert set(answer(page, kind, **values)) == interface(name, TYPES)
