"""States that the tests of documents and links write and read."""

from __future__ import annotations

from typing import Any

import numpy as np

from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import SAMPLES, Stroke, reference
from vizapp.state import TABLE

ONE = np.array([[0.51234, 0.2], [0.5, 0.8]], np.float32)
SEVEN = np.array([[0.25, 0.2], [0.75, 0.2], [0.4, 0.85]], np.float32)


def picture(index: int = 7) -> np.ndarray[Any, np.dtype[np.float32]]:
    return reference()[0][index].astype(np.float32) / 255


def everything() -> Explorer:
    """Nothing is at its default."""
    explorer = Explorer(network="mlp")
    strokes = Stroke(ONE, 3.5), Stroke(SEVEN), Stroke(ONE * 0.5, 6.0, erase=True)
    explorer.param.update(
        drawing=Drawing(strokes, picture(), sample=True),
        normalise=False,
        scale="map",
        panes="3D",
        lens="contrast",
        for_class=3,
        against_class=8,
        transfer="square root",
        into="fc2",
        sign="negative",
        strongest=250,
        touching=True,
        tracing=True,
        kept=0.93,
        hidden=["fc1"],
        selection=[1190, 5, 4, 300, 301, 302],
        pins=[1192, 0],
        reference=Drawing((Stroke(SEVEN),)),
        difference=True,
        walk="forward",
        walk_node=1185,
        step=4,
        sweep="rotation",
        start=Drawing((Stroke(ONE),)),
        end=Drawing((Stroke(SEVEN),)),
        way="blend",
        ways=["transport", "blend"],
        cursor=12.5,
        overlay=True,
        crossed="x",
        across=-2.25,
        chart="map",
        aside="hesitation",
        coverage="98 %",
        pad_shows="flip",
        projection="lda",
        map_colour="error",
        locked=["drawing", "network"],
    )
    return explorer


def states() -> dict[str, Explorer]:
    """Name → a state that a person may well have."""
    found = {"empty": Explorer(), "everything": everything()}
    found["sample"] = Explorer(drawing=Drawing(tuple(SAMPLES[0].strokes), sample=True))
    box = [100 + 28 * row + column for row in range(200) for column in range(3, 25)]
    found["box of nodes"] = Explorer(drawing=Drawing((Stroke(SEVEN),)), selection=box)
    found["morph"] = Explorer()
    found["morph"].morph()
    found["morph"].cursor = 0.3
    found["image and reference"] = Explorer(
        drawing=Drawing(image=picture(3)), reference=Drawing(image=picture())
    )
    return found


def assert_same(after: Explorer, before: Explorer, points: float) -> None:
    """Everything in the table is the same; the points of strokes by at most `points` pad widths."""
    for entry in TABLE:
        a, b = getattr(after, entry.name), getattr(before, entry.name)
        if isinstance(b, Drawing):
            assert isinstance(a, Drawing)
            assert a.sample == b.sample
            assert len(a.strokes) == len(b.strokes)
            for one, other in zip(a.strokes, b.strokes, strict=True):
                assert (one.width, one.erase) == (other.width, other.erase)
                # What was simplified away lies between its neighbours: ends and extent tell.
                for measure in (first, last, lowest, highest):
                    np.testing.assert_allclose(measure(one), measure(other), atol=points)
            if b.image is None:
                assert a.image is None
            else:
                np.testing.assert_allclose(a.image, b.image, atol=0.5 / 255 + 1e-6)
        else:
            assert a == b, entry.name
            assert type(a) is type(b)


def first(stroke: Stroke) -> Any:
    return stroke.points[0]


def last(stroke: Stroke) -> Any:
    return stroke.points[-1]


def lowest(stroke: Stroke) -> Any:
    return stroke.points.min(axis=0)


def highest(stroke: Stroke) -> Any:
    return stroke.points.max(axis=0)
