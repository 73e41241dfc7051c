from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizapp.inputs import Pad, normalise, reference
from vizapp.inputs.normalise import CENTRE, centre_of_mass, resampling

from .drawn import curve, stroke


def mnist(count: int) -> np.ndarray:
    return reference()[0][:count].astype(np.float32) / np.float32(255)


def test_mnist_comes_back_as_it_is() -> None:
    for image in mnist(1000):
        np.testing.assert_array_equal(normalise(image), image)


@given(st.integers(0, 199), st.integers(-4, 4), st.integers(-4, 4))
def test_a_shifted_mnist_image_comes_back_where_it_was(index: int, right: int, down: int) -> None:
    image = mnist(200)[index]
    shifted = np.roll(image, (down, right), (0, 1))
    if np.array_equal(np.roll(np.pad(image, 4), (down, right), (0, 1))[4:-4, 4:-4], shifted):
        np.testing.assert_array_equal(normalise(shifted), image)


def test_ink_is_fitted_into_the_box_and_centred_by_mass() -> None:
    for size, centre in ((0.7, (0.4, 0.6)), (0.95, (0.5, 0.5)), (0.3, (0.2, 0.8))):
        image = normalise(Pad.of([curve(centre=centre, size=size)]).ink)
        rows, columns = np.nonzero(image > 0.25)
        assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 21
        assert centre_of_mass(image) == pytest.approx((CENTRE, CENTRE), abs=0.02)
        assert 0 <= image.min() <= image.max() <= 1


def test_place_and_size_on_the_pad_do_not_matter() -> None:
    ink = Pad.of([curve(size=0.5, centre=(0.4, 0.4))]).ink
    moved = np.roll(ink, (37, 51), (0, 1))
    np.testing.assert_allclose(normalise(moved), normalise(ink), atol=1e-4)
    halved = np.zeros_like(ink)
    halved[20:160, 60:200] = ink.reshape(140, 2, 140, 2).mean((1, 3))
    np.testing.assert_allclose(normalise(halved), normalise(ink), atol=0.1)


def test_no_ink_stays_none_and_a_speck_stays_small() -> None:
    assert not normalise(np.zeros((280, 280), np.float32)).any()
    assert not normalise(np.zeros((28, 28), np.float32)).any()
    dot = normalise(Pad.of([stroke([[0.9, 0.1]])]).ink)
    rows, _ = np.nonzero(dot > 0.5)
    assert np.ptp(rows) + 1 <= 3 * 2.4 + 1
    assert centre_of_mass(dot) == pytest.approx((CENTRE, CENTRE), abs=0.02)


def test_resampling_by_one_is_the_identity_and_shrinking_is_the_mean() -> None:
    np.testing.assert_array_equal(resampling(28, 1.0, 0.0), np.eye(28))
    np.testing.assert_array_equal(resampling(28, 1.0, 2.0), np.eye(28, k=-2))
    np.testing.assert_allclose(
        resampling(280, 0.1, 0.0), np.kron(np.eye(28), np.full((1, 10), 0.1)), atol=1e-6
    )


def test_magnifying_interpolates_linearly_or_keeps_the_pixels() -> None:
    values = np.arange(4, dtype=np.float32)
    fine = resampling(4, 4.0, 0.0, 16) @ values
    # The middle of target pixel 6 lies at 6.5 / 4 = 1.625 in the source, whose pixel middles are at k + 1/2.
    assert fine[6] == pytest.approx(1.125)
    np.testing.assert_array_equal(resampling(4, 4.0, 0.0, 16, least=0.0) @ values, np.repeat(values, 4))
