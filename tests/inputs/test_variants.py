"""Variants: nothing done changes nothing, turning and moving agree with drawing it so, pixels with warping them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.inputs import Stroke, drawing_to_input, reference
from vizapp.inputs.normalise import centre_of_mass
from vizapp.inputs.samples import FOUR_NINE, ONE_TWO
from vizapp.inputs.variants import AS_IT_IS, Setting, Variants
from vizapp.nets.warp import rotated, scaled, shifted

from .drawn import curve, stroke, supersampled

DIGIT: NDArray[np.float32] = reference()[0][8] / np.float32(255)
TWO = ONE_TWO.strokes(1)
RUBBED = [*FOUR_NINE.strokes(0), stroke([[0.3, 0.45], [0.5, 0.5]], 3, erase=True)]
LEAVING = [stroke([[0.2, 0.3], [1.3, 0.6]]), stroke([[0.4, -0.2], [0.5, 0.9]])]
INPUTS: dict[str, tuple[list[Stroke], NDArray[np.float32] | None]] = {
    "drawn": (TWO, None),
    "small": ([Stroke(s.points * np.float32(0.3) + np.float32(0.6)) for s in TWO], None),
    "rubbed": (RUBBED, None),
    "leaving the pad": (LEAVING, None),
    "an image": ([], DIGIT),
    "over an image": ([stroke([[0.2, 0.2], [0.8, 0.8]]), RUBBED[-1]], DIGIT),
    "nothing": ([], None),
}
NEARLY = [Setting(rotation=1e-3), Setting(x=1e-3), Setting(scale=1 + 1e-4), Setting(width=1e-3)]


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("normalised", [True, False])
def test_nothing_done_is_the_input_itself(name: str, normalised: bool) -> None:
    strokes, image = INPUTS[name]
    variants = Variants(strokes, normalised, image)
    assert np.array_equal(variants.at(AS_IT_IS), drawing_to_input(strokes, normalised, image))
    full_turn = variants.at(Setting(rotation=360))
    assert full_turn == pytest.approx(variants.image, abs=2e-3)


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("setting", NEARLY)
def test_hardly_anything_done_hardly_changes_it(name: str, setting: Setting) -> None:
    strokes, image = INPUTS[name]
    variants = Variants(strokes, True, image)
    # A path's points are sampled anew, which may move its edge by hundredths of a pixel.
    assert variants.at(setting) == pytest.approx(variants.image, abs=0.03)


@pytest.mark.parametrize(
    ("setting", "move"),
    [
        (Setting(rotation=30), lambda p: p @ turning(30)),
        (Setting(rotation=-90), lambda p: p @ turning(-90)),
        (Setting(x=3.3, y=-2.1), lambda p: p + np.array([3.3, -2.1]) / 28),
        (Setting(scale=0.7), lambda p: p * 0.7),
        (Setting(rotation=20, scale=1.2, x=1, y=2), lambda p: p @ turning(20) * 1.2 + np.array([1, 2]) / 28),
    ],
)
def test_paths_are_moved_and_drawn_again(setting: Setting, move: object) -> None:
    """As drawn on the pad, where no fitting hides what becomes of the points."""
    drawing = [curve(size=0.4), stroke([[0.3, 0.7], [0.6, 0.75]])]
    assert callable(move)
    moved = [Stroke((move(s.points - 0.5) + 0.5).astype(np.float32), s.width) for s in drawing]
    image = Variants(drawing, normalised=False).at(setting)
    assert image == pytest.approx(drawing_to_input(moved, False), abs=0.02)
    assert image == pytest.approx(supersampled(moved).astype(np.float32), abs=0.15)


def turning(degrees: float) -> NDArray[np.float64]:
    """Of rows (x, y), y down, counter-clockwise as seen."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s], [s, c]])


def test_it_is_not_centred_again() -> None:
    variants = Variants(TWO)
    x, y = centre_of_mass(variants.image)
    moved = centre_of_mass(variants.at(Setting(x=3, y=-4)))
    assert moved == pytest.approx((x + 3, y - 4), abs=0.05)
    # Beyond the frame ink is lost, where fitting would have brought it back.
    assert variants.at(Setting(x=12)).sum() < 0.7 * variants.image.sum()


def test_ink_near_the_frame_is_cut_at_the_frame() -> None:
    """Centring moved it by some pixels; what that leaves room for must be seen."""
    # A heavy blot pulls the drawing off the middle.
    drawing = [stroke([[0.2, 0.2], [0.2, 0.8]], 4), stroke([[0.2, 0.5], [0.7, 0.5]])]
    variants = Variants(drawing)
    assert np.flatnonzero(variants.image.any(axis=0))[[0, -1]].tolist() != [4, 23]
    for x in (-10.0, -4.0, 4.0, 10.0):
        expected = shifted(variants.image[None], int(x), 0)[0]
        assert variants.at(Setting(x=x)) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (Setting(rotation=25), rotated(DIGIT[None], 25)[0]),
        (Setting(scale=1.3), scaled(DIGIT[None], 1.3)[0]),
        (Setting(x=3, y=-2), shifted(DIGIT[None], 3, -2)[0]),
    ],
)
def test_pixels_are_warped(setting: Setting, expected: NDArray[np.float32]) -> None:
    assert Variants.of_image(DIGIT).at(setting) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("variants", [Variants(TWO, False), Variants.of_image(drawing_to_input(TWO, False))])
def test_a_wider_pen(variants: Variants) -> None:
    for width in (-1.2, -0.5, 0, 1, 2, 3):
        drawn = drawing_to_input([Stroke(s.points, s.width + width) for s in TWO], False)
        assert variants.at(Setting(width=width)).sum() == pytest.approx(drawn.sum(), rel=0.1)


def test_an_eraser_is_no_wider() -> None:
    line, rubber = stroke([[0.2, 0.5], [0.8, 0.5]], 2), stroke([[0.5, 0.3], [0.5, 0.7]], 4, erase=True)
    image = Variants([line, rubber], normalised=False).at(Setting(width=2))
    assert image == pytest.approx(drawing_to_input([Stroke(line.points, 4), rubber], False), abs=0.02)


def test_noise_is_one_picture_made_stronger() -> None:
    variants = Variants(TWO, seed=4)
    faint, strong = (variants.at(Setting(noise=amount)) for amount in (0.1, 0.2))
    free = (strong > 0) & (strong < 1)
    assert (strong - variants.image)[free] == pytest.approx(2 * (faint - variants.image)[free], abs=1e-5)
    assert np.array_equal(strong, Variants(TWO, seed=4).at(Setting(noise=0.2)))
    assert not np.array_equal(strong, Variants(TWO, seed=5).at(Setting(noise=0.2)))
    grey = np.full((28, 28), 0.5, np.float32)
    assert np.std(Variants.of_image(grey).at(Setting(noise=0.1))) == pytest.approx(0.1, rel=0.1)


def test_a_square_is_hidden() -> None:
    variants = Variants.of_image(np.ones((28, 28), np.float32), spot=(10.5, 20.0))
    image = variants.at(Setting(hidden=4))
    assert 784 - image.sum() == pytest.approx(16)
    assert image[18:22, 9:12].max() == 0
    assert image[18:22, 8] == pytest.approx(np.full(4, 0.5))
    assert variants.at(Setting(hidden=80)).max() == 0
    # Unless told otherwise, where the ink is.
    assert Variants(TWO).spot == pytest.approx((14.5, 14.5), abs=0.02)
