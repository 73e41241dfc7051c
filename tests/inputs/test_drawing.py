from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from vizapp.inputs import Stroke, clean_strokes, drawing_to_input, normalise, reference, rendered
from vizapp.inputs.normalise import CENTRE, centre_of_mass

from .drawn import curve, stroke, supersampled


def extent(image: NDArray[np.float32], level: float = 0.5) -> tuple[int, int]:
    """Width and height of the ink."""
    rows, columns = np.nonzero(image > level)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def digit(index: int) -> NDArray[np.float32]:
    return reference()[0][index].astype(np.float32) / np.float32(255)


def test_as_drawn_is_close_to_a_supersampled_reference() -> None:
    drawing = [
        curve(200),
        stroke([[0.1, 0.1]]),
        stroke([[0.2, 0.8], [0.8, 0.1]], width=4.0),
        stroke([[0.3, 0.3], [0.7, 0.6]], width=3.0, erase=True),
        stroke([[0.05, 0.5], [1.4, 0.55]]),
    ]
    difference = np.abs(drawing_to_input(drawing, normalised=False) - supersampled(drawing))
    assert difference.max() < 0.08
    assert difference.mean() < 0.002


@pytest.mark.parametrize("size", [0.15, 0.4, 0.93])
@pytest.mark.parametrize("centre", [(0.5, 0.5), (0.47, 0.52)])
def test_size_and_place_on_the_pad_do_not_matter(size: float, centre: tuple[float, float]) -> None:
    image = drawing_to_input([curve(centre=centre, size=size)])
    np.testing.assert_allclose(image, drawing_to_input([curve()]), atol=0.06)
    assert 20 <= max(extent(image, 0.02)) <= 22
    assert centre_of_mass(image) == pytest.approx((CENTRE, CENTRE), abs=0.02)


@pytest.mark.parametrize("width", [1.0, 2.4, 6.0])
@pytest.mark.parametrize("height", [0.2, 0.5, 0.9])
def test_the_pen_keeps_its_width_whatever_the_size(width: float, height: float) -> None:
    line = stroke([[0.3, 0.5 - height / 2], [0.3, 0.5 + height / 2]], width)
    # A capsule of 20 pixels from tip to tip.
    area = (20 - width) * width + np.pi * (width / 2) ** 2
    assert drawing_to_input([line]).sum() == pytest.approx(area, rel=0.02)


def test_pens_of_two_widths_fit_the_box_together() -> None:
    wide, narrow = stroke([[0.3, 0.2], [0.3, 0.7]], 6.0), stroke([[0.6, 0.1], [0.6, 0.6]], 1.0)
    width, height = extent(drawing_to_input([wide, narrow]), 0.02)
    assert 20 <= height <= 22
    assert width < height


def test_no_ink_gives_zeros() -> None:
    line = stroke([[0.2, 0.5], [0.8, 0.5]])
    rubber = stroke([[0.1, 0.5], [0.9, 0.5]], 6.0, erase=True)
    outside = stroke([[1.2, 0.5], [1.8, 0.5]])
    for drawing in ([], [rubber], [line, rubber], [outside]):
        for normalised in (True, False):
            assert not drawing_to_input(drawing, normalised).any()


def test_a_tap_or_a_jitter_stays_a_speck_in_the_middle() -> None:
    for points in ([[0.9, 0.1]], [[0.9, 0.1], [0.905, 0.103], [0.9, 0.1]]):
        speck = drawing_to_input([stroke(points)])
        assert max(extent(speck)) <= 4
        assert centre_of_mass(speck) == pytest.approx((CENTRE, CENTRE), abs=0.02)


def test_what_is_rubbed_out_does_not_count_for_the_size() -> None:
    line, arm = stroke([[0.5, 0.3], [0.5, 0.6]]), stroke([[0.5, 0.45], [0.95, 0.45]])
    rubber = stroke([[0.7, 0.45], [0.98, 0.45]], 5.0, erase=True)
    width, height = extent(drawing_to_input([line, arm, rubber]))
    assert 19 <= height <= 21
    assert 6 <= width <= 10
    assert extent(drawing_to_input([line, arm]))[0] > 15


def test_rubbing_out_all_that_is_seen_leaves_no_rim_of_a_large_drawing() -> None:
    # Normalising makes this drawing smaller but not its pen: its lines get wider than the eraser saw them.
    frame = stroke([[0.01, 0.01], [0.99, 0.01], [0.99, 0.99], [0.01, 0.99], [0.01, 0.01]])
    line, rubber = stroke([[0.3, 0.5], [0.7, 0.5]]), stroke([[0.3, 0.5], [0.7, 0.5]], 2.6, erase=True)
    rubbed, empty = drawing_to_input([frame, line, rubber]), drawing_to_input([frame])
    np.testing.assert_allclose(rubbed, empty, atol=0.05)


def test_a_gap_rubbed_into_a_small_drawing_stays_as_wide_as_the_drawing() -> None:
    line = stroke([[0.5, 0.4], [0.5, 0.6]])
    gap = stroke([[0.4, 0.5], [0.6, 0.5]], 1.4, erase=True)
    column = drawing_to_input([line, gap])[:, 14]
    # 1.4 of the 5.6 pixels from end to end are 17.6 / 4 = 4.4 of the 17.6 that they become.
    assert (column[8:21] < 0.5).sum() == pytest.approx(4.4, abs=1.01)


def test_the_part_outside_the_pad_is_not_seen_and_does_not_count() -> None:
    leaving = [stroke([[0.8, 0.2], [0.8, 0.6]]), stroke([[0.8, 0.4], [1.9, 0.4]])]
    stopping = [leaving[0], stroke([[0.8, 0.4], [1.0, 0.4]])]
    np.testing.assert_allclose(drawing_to_input(leaving), drawing_to_input(stopping), atol=0.25)


def test_an_image_alone_is_normalised_as_an_image() -> None:
    image = np.roll(digit(0), 3, 0)
    np.testing.assert_array_equal(drawing_to_input([], background=image), normalise(image))
    np.testing.assert_array_equal(drawing_to_input([], normalised=False, background=image), image)


def test_strokes_over_an_image_leave_the_rest_of_it_alone() -> None:
    image = digit(0)
    drawn = drawing_to_input([stroke([[0.1, 0.95], [0.9, 0.95]])], normalised=False, background=image)
    np.testing.assert_allclose(drawn[:24], image[:24], atol=1e-6)
    assert drawn[26, 5:23].min() > 0.9
    large = np.kron(image, np.ones((10, 10), np.float32))
    again = drawing_to_input([stroke([[0.1, 0.95], [0.9, 0.95]])], normalised=False, background=large)
    np.testing.assert_allclose(again, drawn, atol=1e-5)


def test_the_eraser_takes_images_away_too() -> None:
    rubber = stroke(
        [[0, y] if way else [1, y] for y in np.linspace(0, 1, 9) for way in (0, 1)], 8, erase=True
    )
    for normalised in (True, False):
        assert not drawing_to_input([rubber], normalised, digit(0)).any()
    half = stroke([[0.8, 0.0], [0.8, 1.0]], 14, erase=True)
    left = drawing_to_input([half], background=digit(0))
    assert centre_of_mass(left) == pytest.approx((CENTRE, CENTRE), abs=0.02)
    assert left.sum() > 20


def test_image_and_strokes_are_fitted_together() -> None:
    image = np.zeros((28, 28), np.float32)
    image[2:6, 2:6] = 1.0
    fitted = drawing_to_input([stroke([[0.9, 0.9]])], background=image)
    assert 19 <= max(extent(fitted, 0.1)) <= 21


point = st.tuples(st.floats(-1, 2, width=32), st.floats(-1, 2, width=32))
any_stroke = st.fixed_dictionaries(
    {
        "points": st.lists(point, min_size=1, max_size=6),
        "width": st.floats(0.5, 14),
        "erase": st.booleans(),
    }
)


@settings(max_examples=200)
@given(st.lists(any_stroke, max_size=5), st.booleans(), st.booleans())
def test_every_clean_drawing_gives_an_image(drawing: list[object], normalised: bool, over: bool) -> None:
    strokes: list[Stroke] = clean_strokes(drawing)
    image = drawing_to_input(strokes, normalised, digit(0) if over else None)
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    assert 0 <= image.min() <= image.max() <= 1


IMAGES = {"28": digit(3), "280": np.kron(np.roll(digit(5), 2, 1), np.ones((10, 10), np.float32))}
DRAWINGS: dict[str, tuple[list[Stroke], NDArray[np.float32] | None]] = {
    "strokes": ([curve(), stroke([[0.2, 0.2], [0.9, 0.4]], 5.0)], None),
    "tiny": ([stroke([[0.31, 0.7]], 1.0)], None),
    "image": ([], IMAGES["28"]),
    "large image": ([], IMAGES["280"]),
    "strokes over an image": ([stroke([[0.1, 0.9], [0.9, 0.95]])], IMAGES["28"]),
}


@pytest.mark.parametrize("normalised", [True, False])
@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_every_input_pixel_is_the_weighted_mean_of_finer_ones(
    drawing: tuple[list[Stroke], NDArray[np.float32] | None], normalised: bool
) -> None:
    result = rendered(drawing[0], normalised, drawing[1])
    np.testing.assert_array_equal(result.image, drawing_to_input(drawing[0], normalised, drawing[1]))
    covered = np.zeros_like(result.fine)
    for row in range(28):
        for column in range(28):
            part = result.averaged(row, column)
            assert part is not None
            assert part.fine.shape == part.weights.shape
            value = (part.fine.astype(float) * part.weights).sum()
            # Whatever clipping takes away is rounding.
            assert value == pytest.approx(result.image[row, column], abs=1e-6)
            assert part.weights.min(initial=0) >= 0
            assert part.weights.sum() < 1 + 1e-5
            rows, columns = part.fine.shape
            place = np.s_[part.row : part.row + rows, part.column : part.column + columns]
            np.testing.assert_array_equal(part.fine, result.fine[place])
            covered[place] += part.weights
    # All ink counts, and the same everywhere.
    inked = covered[result.fine > 0]
    np.testing.assert_allclose(inked, inked.mean(), atol=1e-3 * inked.mean())


def test_without_ink_no_pixel_is_made_of_anything() -> None:
    assert rendered([]).averaged(3, 4) is None
    assert rendered([], background=np.zeros((28, 28), np.float32)).view is None
