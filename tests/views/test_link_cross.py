"""The cross on a map of two sweeps, over the line: what it takes along, and what does not go together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.views import pages
from tests.views.crossed import SIZE, Page, of, states
from vizapp.crossing import FINE
from vizapp.explorer import Drawing
from vizapp.state import LOCKABLE

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
    assert page.waiting == []
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
    assert page.waiting == []


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
    assert page.waiting == []
