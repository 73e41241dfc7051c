from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizapp.inputs import PEN_WIDTH, InputError, Stroke, clean_strokes, strokes_to_json
from vizapp.inputs import strokes as limits

LINE = [[0.1, 0.2], [0.3, 0.4]]


@pytest.mark.parametrize(
    "form",
    [
        {"strokes": [LINE]},
        {"strokes": [LINE], "label": 3, "writer": "12"},
        [LINE],
        (tuple(map(tuple, LINE)),),
        [{"points": LINE}],
        [np.array(LINE)],
        [np.array(LINE, np.float32)],
        [Stroke(np.array(LINE, np.float32))],
    ],
)
def test_every_form_of_the_same_stroke(form: Any) -> None:
    (stroke,) = clean_strokes(form)
    assert stroke.points.dtype == np.float32
    assert stroke.points.tolist() == np.array(LINE, np.float32).tolist()
    assert (stroke.width, stroke.erase) == (PEN_WIDTH, False)


def test_width_and_eraser_are_kept_and_integers_are_coordinates() -> None:
    (stroke,) = clean_strokes([{"points": [[0, 1]], "width": 5, "erase": True}])
    assert (stroke.points.tolist(), stroke.width, stroke.erase) == ([[0.0, 1.0]], 5.0, True)


def test_a_path_outside_the_pad_is_not_bent_onto_its_border() -> None:
    (stroke,) = clean_strokes([[[0.5, 0.5], [1.5, 0.5], [99, -99]]])
    assert stroke.points.tolist() == [[0.5, 0.5], [1.5, 0.5], [2.0, -1.0]]


def test_strokes_without_points_are_left_out() -> None:
    assert clean_strokes({"strokes": [[], {"points": []}]}) == []
    assert len(clean_strokes([[], LINE, np.empty((0, 2))])) == 1


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (None, "null"),
        ("[[0, 0]]", "text"),
        (3, "number 3"),
        ({}, '"strokes"'),
        ({"strokes": {"a": 1}}, "an object"),
        ({"strokes": "abc"}, "a text"),
        (["ab"], "Stroke 1 is a text"),
        ([LINE, 7], "Stroke 2 is the number 7"),
        ([[0.1, 0.2]], "Stroke 1, point 1"),
        ([[[0.1, 0.2, 0.3]]], "a list of 3"),
        ([[[0.1, 0.2], [0.1]]], "Stroke 1, point 2"),
        ([[[True, 0.2]]], "true where a number"),
        ([[["0.1", 0.2]]], "a text where a number"),
        ([[[None, 0.2]]], "null where a number"),
        ([[[0.1, [0.2]]]], "a list of 1 where a number"),
        ([[[0, 0], [0, float("nan")]]], "point 2 is not finite"),
        ([[[float("inf"), 0]]], "point 1 is not finite"),
        ([[[10**400, 0]]], "point 1 is not finite"),
        ([np.zeros((3, 3))], "[3, 3]"),
        ([np.array([["a", "b"]])], "Stroke 1 is an array"),
        ([np.array([[True, False]])], "array of bool"),
        ([np.zeros(4)], "Stroke 1 is a ndarray"),
        ([{"width": 2}], 'no "points"'),
        ([{"points": LINE, "width": 0}], "width"),
        ([{"points": LINE, "width": 1e9}], "width of 1e+09"),
        ([{"points": LINE, "width": float("nan")}], "width of nan"),
        ([{"points": LINE, "width": "2"}], "width of a text"),
        ([{"points": LINE, "width": True}], "width of true"),
        ([{"points": LINE, "width": 10**5000}], "out of range"),
        ([{"points": LINE, "erase": 1}], '"erase"'),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(form: Any, says: str) -> None:
    with pytest.raises(InputError) as error:
        clean_strokes(form)
    message = str(error.value)
    assert says in message
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 200


def test_too_many_is_refused_before_anything_is_converted() -> None:
    # The points are not points: that they are not complained about shows that none was looked at.
    with pytest.raises(InputError, match="1,000,000 points"):
        clean_strokes([[None] * 1_000_000])
    with pytest.raises(InputError, match="20,500 points"):
        clean_strokes([[None] * 41] * limits.MAX_STROKES)
    with pytest.raises(InputError, match="1,000,000 strokes"):
        clean_strokes([None] * 1_000_000)


def test_lines_too_long_for_the_rasteriser_are_refused() -> None:
    across = [[0.0, 0.5], [1.0, 0.5]]
    assert len(clean_strokes([across * 200])) == 1
    with pytest.raises(InputError, match="401 pad widths"):
        clean_strokes([across * 201])


def test_deep_nesting_does_not_recurse() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for form in (deep, {"strokes": deep}, [[deep]], [[[deep, 0.0]]]):
        with pytest.raises(InputError):
            clean_strokes(form)
    # Taken apart by hand: freeing so deep a list would itself recurse in some interpreters.
    while deep:
        deep = deep.pop()


def test_a_drawing_survives_json() -> None:
    drawing = clean_strokes([LINE, {"points": [[0.123456, 0.5]], "width": 3.5, "erase": True}])
    again = clean_strokes(json.loads(json.dumps(strokes_to_json(drawing))))
    assert [(s.width, s.erase) for s in again] == [(PEN_WIDTH, False), (3.5, True)]
    for before, after in zip(drawing, again, strict=True):
        np.testing.assert_allclose(after.points, before.points, atol=6e-5)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["strokes", "points", "width", "erase", "x"]), inner, max_size=3)
    ),
    max_leaves=25,
)


@given(anything)
def test_anything_gives_clean_strokes_or_an_input_error(form: Any) -> None:
    try:
        strokes = clean_strokes(form)
    except InputError:
        return
    for stroke in strokes:
        assert stroke.points.shape == (len(stroke.points), 2)
        assert len(stroke.points)
        assert np.isfinite(stroke.points).all()
        assert stroke.points.min() >= limits.LOWEST
        assert stroke.points.max() <= limits.HIGHEST
        assert limits.MIN_WIDTH <= stroke.width <= limits.MAX_WIDTH
        assert type(stroke.erase) is bool


@given(st.lists(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=9), max_size=5))
def test_finite_points_are_always_taken(drawing: list[list[tuple[float, float]]]) -> None:
    strokes = clean_strokes(drawing)
    assert [len(stroke.points) for stroke in strokes] == [len(points) for points in drawing]
