"""What lies along a timeline: ends, frames, ranges, the way by hand."""

from __future__ import annotations

import numpy as np
import pytest

from vizapp import nets
from vizapp.analysis.ranges import RANGES
from vizapp.inputs import InputError, Stroke, drawing_to_input
from vizapp.inputs.digits import drawn_digits
from vizapp.inputs.morphs import WAYS
from vizapp.inputs.reference import reference
from vizapp.inputs.variants import Setting, Variants
from vizapp.state.drawing import Drawing
from vizapp.timeline import HAND, Timeline, first_morph

BAR = Stroke(np.array([[0.2, 0.7], [0.8, 0.3]], np.float32))
LINE = Stroke(np.array([[0.5, 0.2], [0.5, 0.8]], np.float32))


def morph(normalised: bool = True) -> Timeline:
    return Timeline("morph", *first_morph(), None, normalised)


def image(index: int) -> Drawing:
    return Drawing(image=reference()[0][index].astype(np.float32) / 255)


def by_hand(start: Drawing, end: Drawing) -> Timeline:
    return Timeline(HAND, start, end, None, True)


def test_the_first_morph_goes_from_a_1_to_a_2() -> None:
    for name in nets.names():
        ends = [nets.load(name).forward(drawing_to_input(end.strokes)).prediction[0] for end in first_morph()]
        assert ends == [1, 2]


@pytest.mark.parametrize("normalised", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_the_frames_at_both_ends_are_the_drawings(way: str, normalised: bool) -> None:
    timeline = morph(normalised)
    for position, end in ((0.0, timeline.start), (1.0, timeline.end), (-3.0, timeline.start)):
        assert timeline.frame(way, position) is end
        assert end is not None
        expected = drawing_to_input(end.strokes, normalised)
        np.testing.assert_array_equal(timeline.rendered(way, position).image, expected)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_on_the_pad_is_what_the_network_sees(way: str) -> None:
    timeline = morph()
    frame = timeline.frame(way, 0.4)
    assert frame is not None
    if way == "strokes":
        seen = drawing_to_input(frame.strokes)
    else:
        assert frame.image is not None
        seen = frame.image
    np.testing.assert_array_equal(timeline.rendered(way, 0.4).image, seen)


def test_a_way_that_cannot_be_taken_gives_way_to_the_best() -> None:
    timeline = Timeline("morph", image(1), image(2), None, True)
    assert timeline.ways == ("transport", "distance", "blend")
    assert timeline.taken("strokes") == "transport"
    assert timeline.taken("blend") == "blend"


def test_a_morph_needs_ink_at_both_ends() -> None:
    with pytest.raises(InputError, match="no ink"):
        Timeline("morph", Drawing(), first_morph()[1], None, True).way("strokes")
    with pytest.raises(InputError, match="two ends"):
        Timeline("morph", None, first_morph()[1], None, True).ends  # noqa: B018


@pytest.mark.parametrize("name", RANGES)
def test_a_range_moves_what_the_network_sees_and_not_the_pad(name: str) -> None:
    base = Drawing((LINE, BAR))
    timeline = Timeline(name, None, None, base, True)
    range_ = RANGES[name]
    assert timeline.frame(name, range_.high) is None
    at = range_.low + 0.8 * (range_.high - range_.low)
    expected = Variants(base.strokes, True).at(Setting(**{name: at}))
    np.testing.assert_array_equal(timeline.rendered(name, at).image, expected)
    np.testing.assert_array_equal(
        timeline.rendered(name, 1e6).image, timeline.rendered(name, range_.high).image
    )


def test_crossed_with_a_range_both_happen() -> None:
    timeline = Timeline("rotation", None, None, Drawing((LINE,)), True)
    expected = Variants((LINE,), True).at(Setting(rotation=20, x=3))
    np.testing.assert_array_equal(timeline.rendered("rotation", 20, ("x", 3)).image, expected)


def test_a_way_by_hand_goes_through_every_stroke() -> None:
    start = Drawing((LINE,))
    timeline = by_hand(start, Drawing((LINE, BAR, Stroke(BAR.points[::-1], 4.0, True))))
    steps = timeline.way(HAND).steps  # type: ignore[union-attr]
    assert len(steps) == 3
    halfway = timeline.frame(HAND, float(steps[1]))
    assert halfway is not None
    assert len(halfway.strokes) == 2
    np.testing.assert_array_equal(halfway.strokes[1].points, BAR.points)
    part = timeline.frame(HAND, float(steps[1]) / 2)
    assert part is not None
    (_, growing) = part.strokes
    np.testing.assert_allclose(growing.points[-1], BAR.points.mean(axis=0), atol=1e-4)


def test_nothing_drawn_by_hand_is_no_way_yet() -> None:
    start = Drawing((LINE,))
    with pytest.raises(InputError, match="no edits yet"):
        by_hand(start, start).way(HAND)


def test_what_was_cleared_goes_at_once() -> None:
    timeline = by_hand(Drawing((LINE,)), Drawing((BAR,)))
    # From the one drawing to the other there is no stroke that is kept.
    assert len(timeline.way(HAND).steps) == 2  # type: ignore[union-attr]


@pytest.mark.parametrize("name", nets.names())
def test_along_is_one_batch_of_the_frames(name: str) -> None:
    timeline = Timeline("morph", Drawing(drawn_digits()[0]), Drawing(drawn_digits()[8]), None, True)
    sweep = timeline.along(nets.load(name), "strokes")
    assert len(sweep) == 64
    assert (sweep.answers[0], sweep.answers[-1]) == (0, 8)
    np.testing.assert_array_equal(sweep.images[31], timeline.rendered("strokes", sweep.positions[31]).image)
