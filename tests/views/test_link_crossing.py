"""Two sweeps crossed, over the line: every number of the map is that of its own input, made and answered alone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest

from tests.views import pages
from tests.views.test_wire import TYPES, check_carried, interface
from vizapp import nets
from vizapp.analysis.ranges import RANGES
from vizapp.crossing import COARSE, FINE, FINE_OF_WAYS
from vizapp.explorer import Drawing
from vizapp.state import LOCKABLE
from vizapp.views.crossing_picture import LEVELS, palette
from vizapp.views.link import Link
from vizapp.views.topics import crossing as topic

SIZE = {"width": 62, "height": 93}


class Page(pages.OpenPage):
    """A Link whose page is this test. Slow work is done when it is asked for, job by job."""

    def __init__(self, **settings: Any) -> None:
        self.slow: list[Callable[[], None]] = []
        super().__init__(**settings)

    def work(self, job: Callable[[], Any], done: Callable[[Future[Any]], None], slow: bool = False) -> None:
        if slow:
            self.slow.append(lambda: Link.work(self, job, done))
        else:
            super().work(job, done)

    def finish(self, jobs: int = 1000) -> list[dict[str, Any]]:
        """What comes of so many jobs."""
        self.heard.clear()
        while self.slow and jobs:
            self.slow.pop(0)()
            jobs -= 1
        return list(self.heard)

    def cross(self, kind: str, second: str) -> list[dict[str, Any]]:
        """Put a sweep on the timeline and cross it; the maps that come, the coarse one first."""
        self.ask("sweep", kind=kind)
        self.ask("cross", second=second)
        self.ask("crossing", **SIZE)
        return of("crossing", self.finish())


def of(kind: str, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if message["type"] == kind]


def states(messages: list[dict[str, Any]]) -> list[str]:
    return [message["state"] for message in of("crossing_state", messages)]


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
    assert page.slow == []
    page.ask("crossing", **SIZE)
    assert page.slow
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
    assert len(page.slow) == 1
    maps = of("crossing", page.finish())
    assert [m["second"]["name"] for m in maps] == ["scale", "scale"]


def test_a_map_that_is_known_is_not_made_again() -> None:
    page = Page()
    page.cross("rotation", "x")
    page.ask("set", name="network", value="mlp")
    assert [m["network"] for m in of("crossing", page.finish())] == ["mlp", "mlp"]
    page.ask("set", name="network", value="cnn")
    jobs = len(page.slow)
    (again,) = of("crossing", page.finish(1))
    assert jobs == 1
    assert (again["network"], again["fine"]) == ("cnn", True)
    assert page.slow == []


def test_the_pen_comes_first() -> None:
    page = Page()
    page.cross("rotation", "x")
    said = page.say(pages.pen())
    assert states(said) == ["waiting"]
    assert page.slow == []
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


# The cross


def test_the_cross_takes_the_networks_input_along() -> None:
    page = Page()
    message = page.cross("rotation", "x")[-1]
    row, column = 25, 6
    position, across = float(message["columns"][column]), float(message["rows"][row])
    heard = page.ask("cursor", seq=4, position=position, across=across)
    assert of("cursor", heard)[-1] == {
        "type": "cursor", "ack": 4, "position": position, "across": across, "way": "rotation"
    }  # fmt: skip
    explorer = page.explorer
    expected = explorer.timeline.rendered("rotation", position, ("x", across)).image
    np.testing.assert_array_equal(explorer.image, expected)
    (varied,) = of("varied", heard)
    np.testing.assert_array_equal(varied["image"], np.round(expected * 255).astype(np.uint8).ravel())
    assert explorer.prediction == message["answers"][row * FINE + column]
    assert of("frame", heard)[-1]["probabilities"] == explorer.trace.probabilities[0].tolist()


def test_a_cross_stays_on_its_axes() -> None:
    page = Page()
    page.cross("rotation", "x")
    page.ask("cursor", seq=1, position=900, across=-900)
    assert (page.explorer.cursor, page.explorer.across) == (60, -8)


def test_another_axis_begins_where_it_does_nothing() -> None:
    page = Page()
    page.cross("rotation", "x")
    page.ask("cursor", seq=1, position=20, across=5)
    (varied,) = of("varied", page.ask("cross", second="scale"))
    assert (page.explorer.crossed, page.explorer.across) == ("scale", None)
    assert varied["words"] == "turned 20° counter-clockwise"
    page.ask("edit", action="undo")
    assert page.explorer.crossed == "x"


def test_the_pad_is_told_what_the_network_sees_until_it_is_as_drawn() -> None:
    page = Page()
    assert of("varied", page.ask("sweep", kind="x")) == []
    (varied,) = of("varied", page.ask("cursor", seq=1, position=-3))
    assert varied["words"] == "moved 3 px to the left"
    left, top, side = varied["frame"]
    points = np.concatenate([stroke.points for stroke in page.explorer.drawing.strokes])
    # As a person sees it: the ink of the picture is 3 of its pixels left of what was drawn.
    picture = varied["image"].reshape(28, 28).astype(float)
    ink = np.array(
        [
            (picture.sum(axis=0) * (np.arange(28) + 0.5)).sum(),
            (picture.sum(axis=1) * (np.arange(28) + 0.5)).sum(),
        ]
    )
    seen = np.array([left, top]) + side * ink / picture.sum() / 28
    assert seen == pytest.approx(points.mean(axis=0) - [3 * side / 28, 0], abs=0.03)
    (back,) = of("varied", page.ask("cursor", seq=2, position=0))
    assert back == {"type": "varied", "words": None, "image": None, "frame": None}
    assert of("varied", page.ask("cursor", seq=3, position=0)) == []


def test_drawing_goes_on_while_it_is_turned() -> None:
    page = Page()
    page.ask("sweep", kind="rotation")
    page.ask("cursor", seq=1, position=30)
    before = page.explorer.drawing
    heard = page.say(pages.pen())
    assert page.explorer.drawing is not before
    assert page.explorer.cursor == 30
    assert of("varied", heard)[-1]["words"] == "turned 30° counter-clockwise"
    np.testing.assert_array_equal(page.explorer.image, page.explorer.timeline.rendered("rotation", 30).image)


# What does not fit


def test_the_same_axis_twice_is_refused() -> None:
    page = Page()
    page.ask("sweep", kind="rotation")
    for message in (("cross", {"second": "rotation"}), ("set", {"name": "crossed", "value": "rotation"})):
        (notice,) = page.ask(message[0], **message[1])
        assert notice["type"] == "notice"
        assert "itself" in notice["text"]
    assert page.explorer.crossed is None
    state = page.ask("crossing", **SIZE)[-1]
    assert "rotation" not in [choice["value"] for choice in state["choices"]]


@pytest.mark.parametrize(("kind", "second"), [(None, "x"), ("rotation", "way"), ("hand", "way")])
def test_what_does_not_go_together_is_refused(kind: str | None, second: str) -> None:
    page = Page()
    page.ask("sweep", kind=kind)
    assert [m["type"] for m in page.ask("cross", second=second)] == ["notice"]
    assert page.explorer.crossed is None


@pytest.mark.parametrize("second", ["rotation", "way"])
def test_a_state_that_crosses_what_does_not_go_together_shows_no_map(second: str) -> None:
    """As a link could have it."""
    page = Page(sweep="rotation", cursor=20.0, crossed=second, across=5.0)
    heard = page.ask("crossing", **SIZE)
    assert states(heard) == ["none"]
    assert page.slow == []
    alone = page.explorer.timeline.rendered("rotation", 20.0).image
    np.testing.assert_array_equal(page.explorer.image, alone)
    assert of("varied", page.ask("cursor", seq=1, position=10))[-1]["words"] == "turned 10° counter-clockwise"


def test_a_sweep_that_ends_or_becomes_another_drops_what_it_was_crossed_with() -> None:
    page = Page()
    page.cross("rotation", "x")
    page.ask("cursor", seq=1, position=20, across=5)
    heard = page.ask("sweep", kind="x")
    assert (page.explorer.crossed, page.explorer.across) == (None, None)
    assert states(heard)[-1] == "none"
    page.ask("cross", second="rotation")
    page.ask("cursor", seq=2, position=3, across=5)
    assert of("varied", page.ask("sweep", kind=None))[-1]["words"] is None
    assert page.explorer.crossed is None
    assert [m for m in page.heard if m["type"] == "notice"] == []


def test_an_empty_pad_is_a_sentence() -> None:
    page = Page(drawing=Drawing())
    page.ask("sweep", kind="rotation")
    page.ask("cross", second="x")
    state = of("crossing_state", page.ask("crossing", **SIZE))[-1]
    assert state["state"] == "none"
    assert "draw something" in state["problem"]
    assert page.slow == []


def test_what_is_locked_is_not_crossed() -> None:
    page = Page(locked=[name for name in LOCKABLE if name in ("crossed", "across")])
    page.ask("sweep", kind="rotation")
    assert "notice" in [m["type"] for m in page.ask("cross", second="x")]
    assert page.explorer.crossed is None


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("crossing", {"width": -1, "height": 5}),
        ("crossing", {"width": 10**9, "height": 1}),
        ("crossing", {"width": 4096, "height": 4096}),
        ("crossing", {"width": "5", "height": 5}),
        ("crossing", {}),
        ("cross", {"second": 7}),
        ("cross", {"second": "x" * 100}),
        ("cross", {"second": "drawing"}),
        ("cross", {"second": ["x"]}),
    ],
)
def test_nonsense_is_told_off(kind: str, values: dict[str, Any]) -> None:
    page = Page()
    page.ask("sweep", kind="rotation")
    assert [m["type"] for m in page.ask(kind, **values)] == ["notice"]
    assert page.slow == []


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
