"""The map of the test images over the line: made when it is looked at, answered, bounded."""

from __future__ import annotations

import csv
import io
from array import array
from typing import Any

import numpy as np
import pytest

from tests.views import pages
from tests.views.pages import of, pen, state
from tests.views.test_wire import TYPES, check_carried, interface
from vizapp import nets
from vizapp.analysis.landscape import landscape
from vizapp.explorer import Drawing
from vizapp.inputs import reference
from vizapp.raster.viewport import MAX_SIDE
from vizapp.views.landscape_messages import AMBIGUOUS, PER_PAGE
from vizapp.views.landscape_picture import MAX_PIXELS
from vizapp.views.topics.landscape import MAX_CORNERS

VIEW: dict[str, Any] = {
    "seq": 1, "x0": -20.0, "x1": 20.0, "y0": -15.0, "y1": 15.0, "width": 80, "height": 60, "theme": "light", "of": None
}  # fmt: skip


class Page(pages.WaitingPage):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"aside": "map", **settings})


def mapped(**settings: Any) -> Page:
    """A page on which the map is there."""
    page = Page(**settings)
    page.finish()
    return page


def listed(page: Page, /, **values: Any) -> dict[str, Any]:
    page.ask("map_list", **{"seq": 3, "list": "ambiguous", "page": 0, **values})
    (answer,) = page.finish()
    return answer


def corners(*places: tuple[float, float]) -> array[float]:
    return array("f", [value for place in places for value in place])


# When it is made, and what is told


def test_nothing_is_made_before_the_map_is_looked_at() -> None:
    page = Page(aside="node")
    assert not [each for each in page.heard if each["type"].startswith(("landscape", "map_"))]
    page.say(pen())
    assert not page.waiting
    page.ask("set", name="aside", value="map")
    assert [message["type"] for message in page.finish()] == ["landscape", "map_mark"]
    # Nor told again, or when it is out of sight.
    page.ask("set", name="aside", value="node")
    assert not of("map_mark", page.say(pen(seq=2, stroke=2)))
    back = page.ask("set", name="aside", value="map")
    assert not of("landscape", back)
    assert len(of("map_mark", back)) == 1


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize("method", ["pca", "lda"])
def test_what_a_map_is(name: str, method: str) -> None:
    page = Page(network=name, projection=method)
    about, mark = page.finish()
    network = nets.load(name)
    layer = network.layers[-2].name
    trace = network.forward(reference()[0] / np.float32(255))
    features = trace.layer(layer).reshape(10_000, -1).astype(float)
    assert (about["network"], about["method"], about["layer"]) == (name, method, layer)
    assert about["nodes"] == features.shape[1]
    assert about["errors"] == (trace.logits.argmax(axis=1) != reference()[1]).sum()
    projection = landscape(network, method).projection
    place = (features - features.mean(axis=0)) @ projection.axes
    np.testing.assert_allclose(
        np.reshape(about["bounds"], (2, 2)),
        np.stack([place.min(axis=0), place.max(axis=0)], axis=1),
        atol=0.02,
    )
    for digit in range(10):
        expected = np.median(place[reference()[1] == digit], axis=0)
        np.testing.assert_allclose(about["centres"][2 * digit : 2 * digit + 2], expected, atol=0.02)
    own = page.explorer.trace.layer(layer).reshape(-1)
    np.testing.assert_allclose(mark["place"], (own - features.mean(axis=0)) @ projection.axes, atol=0.02)


def test_the_drawing_moves_on_the_map_with_the_pen() -> None:
    page = mapped()
    (before,) = of("map_mark", page.say(pen()))
    (after,) = of("map_mark", page.say(pen(np.array([[0.2, 0.2], [0.8, 0.2]], np.float32), seq=2, stroke=2)))
    assert before["place"] != after["place"]
    np.testing.assert_allclose(
        after["place"], landscape(page.explorer.net).project(page.explorer.trace)[0], rtol=1e-9
    )
    (gone,) = of("map_mark", page.ask("edit", action="clear"))
    assert gone["place"] is None
    # A test image is where it is.
    (there,) = of("map_mark", page.ask("load", source="reference", index=42))
    np.testing.assert_allclose(there["place"], landscape(page.explorer.net).position[42], atol=0.02)


def test_of_a_sweep_the_whole_way_is_on_the_map() -> None:
    page = mapped()
    assert not of("map_way", page.say(pen()))
    page.explorer.morph()
    (told,) = of("map_way", page.finish())
    timeline = page.explorer.timeline
    assert timeline is not None
    images = timeline.along(page.explorer.net, "strokes").trace
    expected = landscape(page.explorer.net).project(images)
    np.testing.assert_allclose(told["places"].reshape(-1, 2), expected, atol=1e-3)
    # The mark goes along it, and it is not made again.
    for position, row in ((1.0, -1), (0.0, 0)):
        page.heard.clear()
        page.explorer.cursor = position
        (mark,) = of("map_mark", page.heard)
        np.testing.assert_allclose(mark["place"], expected[row], atol=1e-3)
        assert not of("map_way", page.finish())
    page.explorer.way = "blend"
    (other,) = of("map_way", page.finish())
    assert not np.allclose(other["places"], told["places"])
    page.heard.clear()
    page.explorer.leave_sweep()
    (gone,) = of("map_way", page.heard)
    assert gone["places"] is None


def test_the_newest_map_is_told() -> None:
    page = Page()
    page.ask("set", name="projection", value="lda")
    page.ask("set", name="network", value="mlp")
    told = of("landscape", page.finish())
    assert [(each["network"], each["method"]) for each in told] == [("mlp", "lda")]
    # One that was there before is there at once.
    page.ask("set", name="network", value="cnn")
    page.finish()
    back = page.ask("set", name="network", value="mlp")
    assert [each["network"] for each in of("landscape", back)] == ["mlp"]
    assert not page.waiting


def test_a_map_that_is_being_made_is_waited_for() -> None:
    page = Page()
    questions = {
        "map_picture": VIEW,
        "map_point": {"seq": 1, "x": 0, "y": 0},
        "map_list": {"seq": 1, "list": "area", "page": 0},
        "map_file": {"list": "misclassified"},
    }
    for kind, values in questions.items():
        assert page.ask(kind, **values) == [{"type": "map_waits", "question": kind}]


def test_a_failure_is_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    page = mapped()

    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("vizapp.views.topics.landscape.picture", fail)
        page.ask("map_picture", **VIEW)
        assert [answer["type"] for answer in page.finish()] == ["notice"]
    page.ask("map_picture", **VIEW)
    assert [answer["type"] for answer in page.finish()] == ["map_picture"]


def test_a_file_is_made_whatever_list_is_asked_for_next() -> None:
    page = mapped()
    for page_number in range(2):
        page.ask("map_list", seq=1 + page_number, list="ambiguous", page=page_number)
    page.ask("map_file", list="ambiguous")
    page.ask("map_list", seq=3, list="misclassified", page=0)
    assert [answer["type"] for answer in page.finish()].count("download") == 1


@pytest.mark.skipif(not TYPES.exists(), reason="an installed package has no TypeScript")
def test_python_and_typescript_agree_on_the_fields() -> None:
    types = TYPES.parent / "landscape" / "messages.ts"
    page = Page()
    (waits,) = page.ask("map_point", seq=1, x=0, y=0)
    assert set(waits) == interface("MapWaitsMessage", types)
    about, mark = page.finish()
    assert set(about) == interface("LandscapeMessage", types)
    (point,) = page.ask("map_point", seq=1, x=0, y=0)
    page.ask("map_picture", **VIEW)
    (picture,) = page.finish()
    page.explorer.morph()
    (way,) = of("map_way", page.finish())
    answers = {
        "MapWayMessage": way,
        "MapMarkMessage": mark,
        "MapPointMessage": point,
        "MapPictureMessage": picture,
        "MapListMessage": listed(page),
    }
    for name, message in answers.items():
        assert set(message) == interface(name, types), name
        check_carried(message)
    assert set(point["items"][0]) == interface("MapItem", types)
    # What the page asks is what the server takes.
    assert set(VIEW) - {"seq"} == interface("PictureQuestion", types)


# Pictures


def test_a_picture_is_of_what_is_looked_at() -> None:
    page = mapped(map_colour="entropy")
    page.ask("map_picture", **{**VIEW, "seq": 7, "of": 2})
    (answer,) = page.finish()
    position, label = landscape(page.explorer.net).position, landscape(page.explorer.net).label
    inside = (np.abs(position[:, 0]) <= 20) & (np.abs(position[:, 1]) <= 15)
    assert answer["ack"] == 7
    assert answer["shown"] == (inside & (label == 2)).sum()
    assert (answer["colour"], answer["theme"], answer["of"]) == ("entropy", "light", 2)
    assert answer["view"] == [-20, 20, -15, 15]
    assert answer["png"][:4].tobytes() == b"\x89PNG"


def test_of_many_pictures_the_newest_is_made() -> None:
    page = mapped()
    for seq in range(1, 30):
        page.ask("map_picture", **{**VIEW, "seq": seq})
    assert [answer["ack"] for answer in page.finish()] == [1, 29]


# Images at a place, and lists


def test_the_nearest_image_is_named() -> None:
    page = mapped()
    found = landscape(page.explorer.net)
    for place in ((0.0, 0.0), (3.25, -7.5), (900.0, 900.0)):
        (answer,) = page.ask("map_point", seq=5, x=place[0], y=place[1])
        distances = [float(np.hypot(*(row - place))) for row in found.position.astype(float)]
        (item,) = answer["items"]
        assert distances[item["index"]] == pytest.approx(min(distances))
        assert answer["at"] == list(place)
        np.testing.assert_array_equal(answer["images"], reference()[0][item["index"]].ravel())
        assert (item["label"], item["answer"]) == (
            reference()[1][item["index"]],
            found.answer[item["index"]],
        )


def test_the_most_ambiguous_come_page_by_page() -> None:
    page = mapped(network="mlp")
    trace = page.explorer.net.forward(reference()[0] / np.float32(255))
    best = np.sort(trace.logits.astype(float), axis=1)
    margins = best[:, -1] - best[:, -2]
    shown: list[dict[str, Any]] = []
    for number in range(20):
        answer = listed(page, page=number)
        if answer["page"] < number:
            break
        shown += answer["items"]
        images = answer["images"].reshape(-1, 28, 28)
        np.testing.assert_array_equal(images, reference()[0][[item["index"] for item in answer["items"]]])
    assert answer["pages"] == -(-AMBIGUOUS // PER_PAGE)
    np.testing.assert_allclose([item["margin"] for item in shown], np.sort(margins)[:AMBIGUOUS], atol=1e-4)
    assert len({item["index"] for item in shown}) == AMBIGUOUS == answer["total"]


def test_the_misclassified_come_with_the_surest_first() -> None:
    page = mapped()
    shown = [item for number in range(3) for item in listed(page, list="misclassified", page=number)["items"]]
    trace = page.explorer.net.forward(reference()[0] / np.float32(255))
    wrong = np.flatnonzero(trace.logits.argmax(axis=1) != reference()[1])
    assert {item["index"] for item in shown} == set(wrong.tolist())
    assert all(item["label"] != item["answer"] for item in shown)
    assert (np.diff([item["margin"] for item in shown]) <= 0).all()


def crossings(x: float, y: float, polygon: list[tuple[float, float]]) -> int:
    """How often a ray to the right crosses the polygon."""
    count = 0
    for (x0, y0), (x1, y1) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0):
            count += 1
    return count


def test_an_area_holds_what_is_inside_of_it() -> None:
    page = mapped()
    found = landscape(page.explorer.net)
    # A star, which crosses itself.
    angles = np.linspace(0, 4 * np.pi, 6)[:-1]
    star = [(float(np.float32(6 * np.cos(a))), float(np.float32(6 * np.sin(a) - 1))) for a in angles]
    answer = listed(page, list="area", polygon=corners(*star))
    inside = {i for i, (x, y) in enumerate(found.position.astype(float)) if crossings(x, y, star) % 2}
    assert answer["total"] == len(inside) > PER_PAGE
    items = [item for number in range(answer["pages"]) for item in
             listed(page, list="area", polygon=corners(*star), page=number)["items"]]  # fmt: skip
    assert {item["index"] for item in items} == inside
    assert (np.diff([item["margin"] for item in items]) >= 0).all()
    for item in items[:5]:
        assert item["place"] == found.position[item["index"]].tolist()


def test_an_area_may_be_empty() -> None:
    page = mapped()
    for polygon in (None, corners(), corners((0, 0)), corners((90, 90), (91, 90), (91, 91))):
        answer = listed(page, list="area", polygon=polygon, page=4)
        assert (answer["total"], answer["page"], answer["pages"], answer["items"]) == (0, 0, 1, [])


@pytest.mark.parametrize("name", ["ambiguous", "misclassified", "area"])
def test_a_list_is_taken_along_as_a_file(name: str) -> None:
    page = mapped(network="mlp", projection="lda")
    polygon = corners((-4, -4), (2, -4), (2, 3), (-4, 3))
    page.ask("map_file", list=name, polygon=polygon)
    (answer,) = page.finish()
    assert (answer["type"], answer["name"]) == ("download", f"vizapp-mlp-lda-{name}.csv")
    rows = list(csv.DictReader(io.StringIO(answer["text"])))
    shown: list[dict[str, Any]] = []
    for number in range(listed(page, list=name, polygon=polygon)["pages"]):
        shown += listed(page, list=name, polygon=polygon, page=number)["items"]
    assert len(rows) == len(shown) > 60
    for row, item in zip(rows, shown, strict=True):
        assert [int(row[key]) for key in ("image", "label", "answer")] == [
            item[key] for key in ("index", "label", "answer")
        ]
        numbers = [np.float32(row[key]) for key in ("entropy", "margin", "x", "y")]
        assert numbers == [
            np.float32(item["entropy"]),
            np.float32(item["margin"]),
            *map(np.float32, item["place"]),
        ]


# What a page may not say

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    "wrong",
    [
        *({"x0": value} for value in (NAN, INF, -INF, 1e30, "0", None, True)),
        {"x0": 5.0, "x1": 5.0},
        {"x0": 5.0, "x1": -5.0},
        {"y1": 1e6 + 1},
        {"width": 0},
        {"width": 2.5},
        {"width": MAX_PIXELS, "height": 2},
        {"width": MAX_SIDE + 1, "height": 1},
        {"width": 2000, "height": 2000},
        {"theme": "sepia"},
        {"theme": ["light"]},
        {"of": 10},
        {"of": -1},
        {"of": "3"},
        {"of": True},
        {"seq": None},
    ],
    ids=str,
)
def test_no_picture_of_nonsense(wrong: dict[str, Any]) -> None:
    refused(mapped(), "map_picture", **{**VIEW, **wrong})


@pytest.mark.parametrize(
    "wrong", [{"x": NAN}, {"y": INF}, {"x": "1"}, {"y": None}, {"x": -1e7}, {"seq": -1}], ids=str
)
def test_no_image_nowhere(wrong: dict[str, Any]) -> None:
    refused(mapped(), "map_point", **{"seq": 1, "x": 0.0, "y": 0.0, **wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"list": "all"},
        {"list": None},
        {"list": ["area"]},
        {"page": -1},
        {"page": 10**9},
        {"page": 0.5},
        {"polygon": corners((0, 0), (NAN, 1), (1, 1))},
        {"polygon": corners((0, 0), (INF, 1), (1, 1))},
        {"polygon": corners((0, 0), (1e20, 1), (1, 1))},
        {"polygon": array("f", [0, 0, 1])},
        {"polygon": array("d", [0, 0, 1, 1, 2, 0])},
        {"polygon": [0, 0, 1, 1, 2, 0]},
        {"polygon": corners(*[(i, i) for i in range(MAX_CORNERS + 1)])},
        {"polygon": array("f", bytes(4_000_000))},
        {"polygon": "0 0 1 1"},
    ],
    ids=lambda wrong: str(wrong)[:60],
)
def test_no_list_of_nonsense(wrong: dict[str, Any]) -> None:
    refused(mapped(), "map_list", **{"seq": 1, "list": "area", "page": 0, **wrong})
    if "page" not in wrong:
        refused(mapped(), "map_file", **{"list": "area", **wrong})


def refused(page: Page, kind: str, /, **values: Any) -> None:
    """One sentence, nothing done, and the session goes on."""
    before = state(page.explorer)
    (answer,) = page.ask(kind, **values)
    assert answer["type"] == "notice"
    assert "Something went wrong" not in answer["text"]
    assert answer["text"].endswith(".")
    assert not page.waiting
    assert state(page.explorer) == before
    assert of("map_mark", page.say(pen(seq=9, stroke=9)))


def test_what_is_locked_is_not_loaded() -> None:
    page = mapped(drawing=Drawing(), locked=["drawing", "projection", "map_colour"])
    assert of("notice", page.ask("load", source="reference", index=3))
    assert page.explorer.empty
    for name, value in (("projection", "lda"), ("map_colour", "error")):
        assert of("notice", page.ask("set", name=name, value=value))
    assert not page.waiting
