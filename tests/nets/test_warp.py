"""Resampling against SciPy's, and in cases whose answer is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.nets.warp import framed, rotated, sample, scaled, shifted

ndimage = pytest.importorskip("scipy.ndimage")
Array = NDArray[Any]


def by_scipy(image: Array, matrix: Array) -> Array:
    """The image at `matrix` @ (x, y) from the centre; SciPy counts rows first."""
    flipped = matrix[::-1, ::-1]
    centre = np.array([13.5, 13.5])
    # Outside, MNIST is empty: with a frame, SciPy's grid-constant fades to zero as ours does.
    wide = np.pad(image.astype(np.float64), 20)
    offset = centre + 20 - flipped @ (centre + 20)
    found = ndimage.affine_transform(wide, flipped, offset, order=1)
    return np.asarray(found[20:-20, 20:-20])


@pytest.mark.parametrize("degrees", [15, -15, 30, -30, 71])
def test_rotation_equals_scipy(images: Array, degrees: float) -> None:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    for image, found in zip(images[:5], rotated(images[:5], degrees), strict=True):
        np.testing.assert_allclose(found, by_scipy(image, np.array([[c, -s], [s, c]])), atol=2e-5)


@pytest.mark.parametrize("factor", [0.8, 1.2, 0.5, 3])
def test_scaling_equals_scipy(images: Array, factor: float) -> None:
    for image, found in zip(images[:5], scaled(images[:5], factor), strict=True):
        np.testing.assert_allclose(found, by_scipy(image, np.eye(2) / factor), atol=2e-5)


def test_quarter_turn_is_counter_clockwise(images: Array) -> None:
    np.testing.assert_allclose(rotated(images, 90), np.rot90(images, axes=(1, 2)), atol=1e-4)


def test_shifts(images: Array) -> None:
    moved = shifted(images, right=3, down=-2)
    assert np.array_equal(moved[:, :-2, 3:], images[:, 2:, :-3])
    assert not moved[:, -2:].any()
    assert not moved[:, :, :3].any()
    assert np.array_equal(shifted(images, 0, 0), images)


def test_identity(images: Array) -> None:
    np.testing.assert_allclose(rotated(images, 0), images, atol=1e-6)
    np.testing.assert_allclose(scaled(images, 1), images, atol=1e-6)


def test_outside_is_zero(images: Array) -> None:
    far = np.full((len(images), 3), [-50, 27.9999 + 1, 1e6], np.float32)
    here = np.full((len(images), 3), 5, np.float32)
    assert np.abs(sample(framed(images), far.copy(), here.copy())).max() < 1e-2
    assert np.abs(sample(framed(images), here, far)).max() < 1e-2


def test_many_images_are_done_in_chunks(images: Array) -> None:
    many = np.tile(images, (30, 1, 1))
    assert np.array_equal(rotated(many, 20)[-37:], rotated(images, 20))
