from __future__ import annotations

import numpy as np
import pytest

from vizapp.raster import TRANSFERS, Transfer, parts, reduced, scale_for, shade, shade_signed

picture = np.random.default_rng(0).gamma(0.3, 5, (60, 90)).astype(np.float32)
picture[:20] = 0


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_the_colour_bar_says_what_the_picture_shows(transfer: Transfer) -> None:
    scale = scale_for(picture, transfer=transfer)
    for level in (20, 100, 200, 254):
        shown = picture[shade(picture, scale) == level]
        low, high = scale.value((level - 0.6) / 255), scale.value((level + 0.6) / 255)
        slack = 0.01 * scale.limit if transfer == "eq_hist" else 1e-6 * scale.limit
        assert np.all((shown >= low - slack) & (shown <= high + slack))


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_zero_is_zero_nothing_clips_and_more_is_never_darker(transfer: Transfer) -> None:
    levels = shade(picture, scale_for(picture, transfer=transfer))
    assert np.all(levels[picture == 0] == 0)
    assert levels[picture == picture.max()].tolist() == [255]
    in_order = levels.ravel()[np.argsort(picture, axis=None)]
    assert np.all(np.diff(in_order.astype(int)) >= 0)


def test_closed_forms() -> None:
    image = np.array([[0, 1, 25, 100]], np.float32)
    assert shade(image, scale_for(image, transfer="linear")).tolist() == [[0, 3, 64, 255]]
    assert shade(image, scale_for(image, transfer="sqrt")).tolist() == [[0, 26, 128, 255]]
    expected = np.round(255 * np.log1p([0, 10, 250, 1000]) / np.log(1001)).tolist()
    assert shade(image, scale_for(image, transfer="log")).tolist() == [expected]


def test_equalising_spreads_the_covered_pixels_evenly() -> None:
    levels = shade(picture, scale_for(picture, transfer="eq_hist"))
    covered = levels[picture > 1e-4 * picture.max()]
    counts = np.histogram(covered, 4, (64, 256))[0]
    assert counts.max() < 1.5 * counts.min()


def test_one_scale_for_two_images() -> None:
    scale = scale_for(picture, -3 * picture)
    assert scale.limit == pytest.approx(3 * picture.max())


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_an_empty_image_is_dark(transfer: Transfer) -> None:
    nothing = np.zeros((4, 5), np.float32)
    assert not shade(nothing, scale_for(nothing, transfer=transfer)).any()
    assert np.all(shade_signed(nothing, scale_for(nothing, transfer=transfer)) == 128)


def test_what_rounding_leaves_is_not_shown() -> None:
    image = picture.copy()
    image[:20] = -1e-7
    image[0] = 1e-7
    for transfer in TRANSFERS:
        assert not shade(image, scale_for(image, transfer=transfer))[:20].any()


def test_signed_levels_lie_around_128() -> None:
    image = np.array([[-100, -25, 0, 25, 100]], np.float32)
    assert shade_signed(image, scale_for(image)).tolist() == [[1, 64, 128, 192, 255]]
    assert shade_signed(image, scale_for(image, transfer="linear")).tolist() == [[1, 96, 128, 160, 255]]


@pytest.mark.parametrize("levels", [2, 5, 32, 64, 255, 256])
def test_so_many_levels_and_no_more(levels: int) -> None:
    image = np.linspace(0, 1, 10_000, dtype=np.float32)[None]
    values = np.unique(shade(image, scale_for(image, transfer="linear"), levels))
    assert (len(values), values[0], values[-1]) == (levels, 0, 255)


def test_parts_of_a_sum() -> None:
    contributions = np.random.default_rng(1).normal(size=(7, 4, 5)).astype(np.float32)
    positive, negative = parts(np.abs(contributions).sum(0), contributions.sum(0))
    np.testing.assert_allclose(positive, np.maximum(contributions, 0).sum(0), atol=1e-5)
    np.testing.assert_allclose(negative, np.maximum(-contributions, 0).sum(0), atol=1e-5)


def test_reducing_takes_means() -> None:
    image = np.arange(24, dtype=np.float32).reshape(4, 6)
    assert reduced(image, 2).tolist() == [[3.5, 5.5, 7.5], [15.5, 17.5, 19.5]]
    assert np.array_equal(reduced(image, 1), image)
    with pytest.raises(ValueError, match="cannot be reduced"):
        reduced(image, 4)


def test_bad_wishes_are_refused() -> None:
    with pytest.raises(ValueError, match="transfer must be one of"):
        scale_for(picture, transfer="cubic")  # type: ignore[arg-type]
    for levels in (1, 257):
        with pytest.raises(ValueError, match="levels"):
            shade(picture, scale_for(picture), levels)
