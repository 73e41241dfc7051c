"""Augmentation where the answer is known, and within its bounds where it is random."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.nets.augment import Augmentation, Augmenter

ndimage = pytest.importorskip("scipy.ndimage")
Array = NDArray[Any]
NONE = Augmentation(0, 0, 0, 0, 0, 0, thinner=0, thicker=0, plain=0)


def augmented(images: Array, seed: int = 0, **setting: float) -> Array:
    return Augmenter(replace(NONE, **setting))(images, np.random.default_rng(seed))


def blob(count: int = 400) -> Array:
    """A soft spot right of the centre: its place and size can be read off an image."""
    y, x = np.mgrid[:28, :28]
    spot = np.exp(-((x - 18.5) ** 2 + (y - 13.5) ** 2) / 4).astype(np.float32)
    return np.tile(spot, (count, 1, 1))


def centres(images: Array) -> tuple[Array, Array]:
    y, x = np.mgrid[:28, :28] - 13.5
    total = images.sum(axis=(1, 2))
    return (images * x).sum(axis=(1, 2)) / total, (images * y).sum(axis=(1, 2)) / total


def test_nothing_changes_nothing(images: Array) -> None:
    assert np.array_equal(augmented(images), images)


def test_plain_images_are_left_as_they_are(images: Array) -> None:
    many = np.tile(images, (20, 1, 1))
    found = augmented(many, plain=0.3, rotation=40, shift=5, elastic=1, thicker=1, thinner=1)
    same = (found == many).all(axis=(1, 2)).mean()
    assert 0.24 < same < 0.36


def test_the_same_seed_gives_the_same_images(images: Array) -> None:
    setting = Augmentation()
    first = Augmenter(setting)(images, np.random.default_rng(3))
    assert np.array_equal(Augmenter(setting)(images, np.random.default_rng(3)), first)
    assert not np.array_equal(Augmenter(setting)(images, np.random.default_rng(4)), first)


def test_shifts_are_triangular_and_bounded() -> None:
    x, y = centres(augmented(blob(2000), shift=4))
    for moved in (x - 5, y):
        assert np.abs(moved).max() <= 4.01
        assert np.abs(moved).max() > 3.5
        assert moved.std() == pytest.approx(4 / np.sqrt(6), rel=0.06)


def test_rotation_keeps_the_distance_from_the_centre() -> None:
    x, y = centres(augmented(blob(), rotation=30))
    angle = np.degrees(np.arctan2(y, x))
    np.testing.assert_allclose(np.hypot(x, y), 5, atol=0.05)
    assert 25 < np.abs(angle).max() <= 30.1


def test_scale_moves_along_the_ray() -> None:
    x, y = centres(augmented(blob(), scale=0.3))
    factor = x / 5
    assert np.abs(y).max() < 0.02
    assert np.exp(-0.3) - 0.02 <= factor.min() < 0.8
    assert 1.25 < factor.max() <= np.exp(0.3) + 0.02


def test_elastic_field_is_smooth_and_of_the_stated_size() -> None:
    setting = replace(NONE, elastic=1.0)
    augmenter = Augmenter(setting)
    rng = np.random.default_rng(0)
    fields = augmenter._coefficients(300, rng, np.zeros(300, bool)) @ augmenter._basis
    grid = np.mgrid[:28, :28][::-1].reshape(2, -1)
    bend = fields.reshape(300, 2, -1) - grid
    assert 0.7 < bend.std() < 1.8
    steps = np.diff(bend.reshape(300, 2, 28, 28), axis=3)
    assert np.abs(steps).std() < 0.4 * bend.std()


def test_dilation_and_erosion_equal_scipy(images: Array) -> None:
    cross = ndimage.generate_binary_structure(2, 1)
    for thicker, thinner, wanted, better in (
        (1.0, 0.0, ndimage.grey_dilation, np.greater_equal),
        (0.0, 1.0, ndimage.grey_erosion, np.less_equal),
    ):
        found = augmented(images, thicker=thicker, thinner=thinner)
        shares = []
        for before, after in zip(images, found, strict=True):
            extreme = wanted(before, footprint=cross, mode="constant", cval=0)
            inside = np.s_[1:-1, 1:-1]
            change = (extreme - before)[inside].astype(np.float64)
            share = ((after - before)[inside] * change).sum() / (change * change).sum()
            np.testing.assert_allclose(
                after[inside], (before + share * (extreme - before))[inside], atol=1e-5
            )
            assert better(after + 1e-6 * (1 if thicker else -1), before).all()
            shares.append(share)
        assert -1e-6 <= min(shares) <= 0.01  # half of the images go the other way, which is switched off
        assert 0.8 < max(shares) <= 1 + 1e-6


def test_values_stay_within_bounds(images: Array) -> None:
    found = Augmenter(Augmentation(elastic=3, thicker=1))(
        np.tile(images, (10, 1, 1)), np.random.default_rng(0)
    )
    assert found.dtype == np.float32
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-6
