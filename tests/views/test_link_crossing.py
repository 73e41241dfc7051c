"""Two sweeps crossed, over the line: every number of the map is that of its own input, made and answered alone."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

from tests.views import pages
from tests.views.crossed import SIZE, Page, of, states
from tests.views.test_wire import TYPES, check_carried, interface
from vizapp import nets
from vizapp.analysis.ranges import RANGES
from vizapp.crossing import COARSE, FINE, FINE_OF_WAYS
from vizapp.inputs import SAMPLES
from vizapp.views.crossing_picture import LEVELS, palette
from vizapp.views.topics import crossing as topic


def cells(message: dict[str, Any], count: int = 12) -> list[tuple[int, int]]:
    """The corners and some others."""
    rows, columns = len(message["rows"]), len(message["columns"])
    rng = np.random.default_rng(3)
    some = zip(
        rng.integers(rows, size=count).tolist(), rng.integers(columns, size=count).tolist(), strict=True
    )
    return [(0, 0), (0, columns - 1), (rows - 1, 0), (rows - 1, columns - 1), *some]


# What is in it


@pytest.mark.parametrize("network", nets.names())
@pytest.mark.parametrize(
    ("kind", "second"),
    [
        ("rotation", "x"),
        ("noise", "hidden"),
        ("scale", "width"),
        ("y", "rotation"),
        ("morph", "rotation"),
        ("morph", "noise"),
    ],
)
def test_each_cell_is_its_own_input_answered_alone(network: str, kind: str, second: str) -> None:
    page = Page(network=network)
    coarse, fine = page.cross(kind, second)
    assert (len(coarse["rows"]), len(coarse["columns"])) == (COARSE, COARSE)
    assert (len(fine["rows"]), len(fine["columns"])) == (FINE, FINE)
    timeline, network_ = page.explorer.timeline, nets.load(network)
    for message in (coarse, fine):
        rows, columns = (np.asarray(message[name], np.float64) for name in ("rows", "columns"))
        exact = (
            RANGES[second].positions(len(rows)),
            timeline.range.positions(len(columns)) if timeline.range else columns,
        )
        for row, column in cells(message):
            at = float(exact[1][column]), (second, float(exact[0][row]))
            trace = network_.forward(timeline.rendered("strokes", *at).image)
            cell = row * len(columns) + column
            # The same inputs; a batch is summed up in another order.
            assert message["confidence"][cell] == pytest.approx(trace.probabilities[0].max(), abs=2e-3)
            best, other = np.sort(trace.logits[0])[::-1][:2]
            assert message["margin"][cell] == pytest.approx(best - other, abs=1e-2)
            assert message["answers"][cell] == trace.prediction[0] or best - other < 1e-3


def test_rows_of_ways_are_the_ways() -> None:
    page = Page()
    message = page.cross("morph", "way")[-1]
    timeline, columns = page.explorer.timeline, np.linspace(0, 1, FINE_OF_WAYS)
    assert [name["name"] for name in message["names"]] == list(timeline.ways)
    assert len(timeline.ways) > 2
    answers = message["answers"].reshape(-1, FINE_OF_WAYS)
    for row, way in enumerate(timeline.ways):
        for column in (0, 20, 31, 45, FINE_OF_WAYS - 1):
            trace = nets.load("cnn").forward(timeline.rendered(way, float(columns[column])).image)
            assert answers[row, column] == trace.prediction[0]
            confidence = message["confidence"][row * FINE_OF_WAYS + column]
            assert confidence == pytest.approx(trace.probabilities[0].max(), abs=2e-3)


def test_the_picture_shows_the_cells() -> None:
    message = Page().cross("rotation", "x")[-1]
    pixels = message["pixels"].reshape(SIZE["height"], SIZE["width"])
    assert pixels.min() > 0
    columns, rows = message["columns"], message["rows"]
    # Pixel centres; the first row is at the top, where the second axis ends.
    x = -60 + 120 * (np.arange(SIZE["width"]) + 0.5) / SIZE["width"]
    y = 8 - 16 * (np.arange(SIZE["height"]) + 0.5) / SIZE["height"]
    for at_y in range(0, SIZE["height"], 7):
        for at_x in range(0, SIZE["width"], 5):
            near_x, near_y = np.sort(np.abs(columns - x[at_x])), np.sort(np.abs(rows - y[at_y]))
            if near_x[1] - near_x[0] < 2.1 or near_y[1] - near_y[0] < 0.2:
                continue  # on an edge between cells
            cell = np.abs(rows - y[at_y]).argmin() * len(columns) + np.abs(columns - x[at_x]).argmin()
            answer, level = divmod(int(pixels[at_y, at_x]) - 1, LEVELS)
            assert answer == message["answers"][cell]
            assert level == round((message["confidence"][cell] - 0.1) / 0.9 * (LEVELS - 1))


def test_ways_are_in_their_order_from_the_top() -> None:
    page = Page()
    count = len(page.cross("morph", "way")[-1]["names"])
    page.ask("crossing", width=600, height=10 * count)
    (message,) = of("crossing", page.finish())
    answers = message["answers"].reshape(count, FINE_OF_WAYS)
    shown = (message["pixels"].reshape(10 * count, 600).astype(int) - 1) // LEVELS
    # Ten pixels around each position.
    np.testing.assert_array_equal(shown[5::10, ::10], answers[:, :-1])
    assert not (answers[0] == answers[-1]).all()


def test_lightness_is_told_from_hue() -> None:
    for theme, table in palette().items():
        colours = table.reshape(256, 4)[1 : 1 + 10 * LEVELS, :3].reshape(10, LEVELS, 3).astype(int)
        sure = {tuple(colour) for colour in colours[:, -1].tolist()}
        assert len(sure) == 10, theme
        paper = np.array([255, 255, 255] if theme == "light" else [16, 21, 27])
        away = np.abs(colours - paper).sum(axis=2)
        assert (np.diff(away, axis=1) > 0).all()


def test_the_sentence_says_the_share() -> None:
    message = Page().cross("rotation", "x")[-1]
    answers = message["answers"].reshape(FINE, FINE)
    inside = answers == answers[FINE // 2, FINE // 2]
    # Inputs at the edge of the rectangle stand for half as much of it.
    weight = np.ones(FINE)
    weight[[0, -1]] = 0.5
    share = (inside * np.outer(weight, weight)).sum() / weight.sum() ** 2
    assert f"{100 * share:.0f} %" in message["sentence"]
    assert f"stays {answers[FINE // 2, FINE // 2]}" in message["sentence"]


def test_regions_have_their_names_inside_of_them() -> None:
    message = Page().cross("rotation", "x")[-1]
    answers = message["answers"].reshape(FINE, FINE)
    assert message["regions"]
    for region in message["regions"]:
        assert answers[region["row"], region["column"]] == region["answer"]


# How it comes


def test_the_coarse_map_comes_first_and_progress_is_told() -> None:
    page = Page()
    page.ask("sweep", kind="rotation")
    page.ask("crossing", **SIZE)
    said = page.ask("cross", second="x")
    assert of("crossing_state", said)[-1]["total"] == COARSE**2
    heard = page.finish()
    progress = [(m["done"], m["total"]) for m in of("crossing_state", heard) if m["state"] == "working"]
    assert progress == sorted(progress, key=lambda pair: (pair[1], pair[0]))
    assert {total for _, total in progress} == {COARSE**2, FINE**2}
    assert [m["fine"] for m in of("crossing", heard)] == [False, True]
    assert states(heard)[-1] == "done"


def test_nothing_is_made_that_no_page_shows() -> None:
    page = Page()
    page.ask("sweep", kind="rotation")
    page.ask("cross", second="x")
    assert page.waiting == []
    page.ask("crossing", **SIZE)
    assert page.waiting
    page.finish(1)
    page.ask("crossing", width=0, height=0)
    assert of("crossing", page.finish()) == []


def test_stopping_keeps_what_there_is_and_going_on_makes_the_rest() -> None:
    page = Page()
    page.ask("sweep", kind="rotation")
    page.ask("cross", second="x")
    page.ask("crossing", **SIZE)
    for _ in range(10):
        if of("crossing", page.finish(1)):
            break
    page.finish(2)
    (stopped,) = of("crossing_state", page.ask("crossing_stop"))
    assert stopped["state"] == "stopped"
    assert 0 < stopped["done"] < stopped["total"]
    assert of("crossing", page.finish()) == []
    # Scrubbing is no reason to go on.
    page.ask("cursor", seq=1, position=10, across=1)
    assert page.finish() == []
    page.ask("crossing", **SIZE)
    assert [m["fine"] for m in of("crossing", page.finish())] == [False, True]


def test_the_newest_wins() -> None:
    page = Page()
    page.ask("sweep", kind="rotation")
    page.ask("cross", second="x")
    page.ask("crossing", **SIZE)
    page.finish(2)
    page.ask("cross", second="scale")
    assert len(page.waiting) == 1
    maps = of("crossing", page.finish())
    assert [m["second"]["name"] for m in maps] == ["scale", "scale"]


def test_a_map_that_is_known_is_not_made_again() -> None:
    page = Page()
    page.cross("rotation", "x")
    page.ask("set", name="network", value="mlp")
    assert [m["network"] for m in of("crossing", page.finish())] == ["mlp", "mlp"]
    page.ask("set", name="network", value="cnn")
    jobs = len(page.waiting)
    (again,) = of("crossing", page.finish(1))
    assert jobs == 1
    assert (again["network"], again["fine"]) == ("cnn", True)
    assert page.waiting == []


def test_the_pen_comes_first() -> None:
    page = Page()
    page.cross("rotation", "x")
    said = page.say(pages.pen())
    assert states(said) == ["waiting"]
    assert page.waiting == []
    page.ask("crossing", **SIZE)
    maps = of("crossing", page.finish())
    assert [m["fine"] for m in maps] == [False, True]
    trace = nets.load("cnn").forward(page.explorer.timeline.rendered("rotation", 0.0).image)
    assert maps[-1]["answers"].reshape(FINE, FINE)[FINE // 2, FINE // 2] == trace.prediction[0]


def test_a_map_that_fails_says_so_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    page.ask("sweep", kind="rotation")
    page.ask("cross", second="x")
    with monkeypatch.context() as broken:
        broken.setattr(topic, "crossing_message", lambda *_: 1 / 0)
        page.ask("crossing", **SIZE)
        assert "failed" in states(page.finish())
    page.ask("crossing", **SIZE)
    assert len(of("crossing", page.finish())) == 2


def test_a_picture_that_fails_is_not_said_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    page.cross("rotation", "x")
    with monkeypatch.context() as broken:
        broken.setattr(topic, "crossing_message", lambda *_: 1 / 0)
        page.ask("crossing", **SIZE)
        assert states(page.finish())[-1] == "failed"
    page.ask("crossing", **SIZE)
    assert [m["fine"] for m in of("crossing", page.finish())] == [True]


def test_a_map_that_is_known_keeps_no_sweep_alive() -> None:
    page = Page()
    page.cross("rotation", "x")
    sweep = weakref.ref(page.explorer.timeline.kept(page.explorer.net, "rotation"))
    assert sweep() is not None
    page.explorer.draw(SAMPLES[1].strokes)
    page.ask("crossing", **SIZE)
    page.finish()
    gc.collect()
    assert sweep() is None


# The wire


@pytest.mark.skipif(not TYPES.exists(), reason="an installed package has no TypeScript")
def test_python_and_typescript_agree_on_the_fields() -> None:
    types = TYPES.parent / "crossing" / "messages.ts"
    page = Page()
    message = page.cross("morph", "way")[-1]
    page.ask("crossing", **SIZE)
    state = of("crossing_state", page.finish())[-1]
    page.ask("cross", second="x")
    varied = of("varied", page.ask("cursor", seq=1, position=0.5, across=3))[-1]
    for name, told in {
        "CrossingMessage": message,
        "CrossingStateMessage": state,
        "VariedMessage": varied,
    }.items():
        assert set(told) == interface(name, types)
        check_carried(told)
    assert set(message["first"]) == interface("MapAxis", types)
