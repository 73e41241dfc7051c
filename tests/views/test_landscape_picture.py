"""Pictures of the map: every image in its pixel, in its colour; counted by hand."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import cKDTree

from tests.views.test_colours import DEFICIENCIES, SURFACE, THEMES, cielab, contrast, linear
from vizapp import nets
from vizapp.analysis.landscape import METHODS, Landscape, landscape
from vizapp.raster.viewport import Viewport
from vizapp.views import landscape_picture as module
from vizapp.views.class_colours import CLASS_COLOURS
from vizapp.views.landscape_picture import COLOURS, SPANS, Wanted, counts, legend, picture


def around(place: NDArray[np.floating], reach: float, side: int = 101) -> Viewport:
    x, y = (float(value) for value in place)
    return Viewport(x - reach, x + reach, y - reach, y + reach, side, side)


def whole(found: Landscape, side: int = 240) -> Viewport:
    low, high = found.position.min(axis=0), found.position.max(axis=0)
    return around((low + high) / 2, 0.55 * float((high - low).max()), side)


def pixels(png: bytes) -> NDArray[np.uint8]:
    """RGBA, row 0 at the bottom as in the view."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))[::-1]


def pixel_of(view: Viewport, place: NDArray[np.floating]) -> tuple[int, int]:
    x, y = place
    return int((y - view.y0) / view.unit_y), int((x - view.x0) / view.unit_x)


def rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def alone(found: Landscape, reach: float) -> NDArray[np.intp]:
    """Images that have no other one within `reach`, in x or in y."""
    distance, _ = cKDTree(found.position).query(found.position, k=2, p=np.inf)
    return np.flatnonzero(distance[:, 1] > reach)


@pytest.fixture(scope="module")
def found() -> Landscape:
    return landscape(nets.load("cnn"))


@pytest.mark.parametrize("name", nets.names())
@pytest.mark.parametrize("method", METHODS)
def test_every_image_in_sight_is_counted_in_its_pixel(name: str, method: str) -> None:
    here = landscape(nets.load(name), method)
    centre = np.median(here.position, axis=0)
    for view in (whole(here), around(centre, 3.0), around(centre, 0.1)):
        amounts = counts(here, view)
        x, y = here.position.astype(float).T
        inside = (x >= view.x0) & (x <= view.x1) & (y >= view.y0) & (y <= view.y1)
        expected = np.zeros_like(amounts)
        cols = ((x[inside] - view.x0) / view.unit_x).astype(int)
        rows = ((y[inside] - view.y0) / view.unit_y).astype(int)
        np.add.at(expected, (rows, cols, here.label[inside]), 1)
        np.testing.assert_array_equal(amounts.sum(axis=(0, 1)), np.bincount(here.label[inside], minlength=10))
        # On a pixel's border rounding may say this one or the next.
        assert np.abs(amounts - expected).sum() <= 4
        assert picture(here, Wanted(view, "class", "light")).shown == inside.sum()
        assert picture(here, Wanted(view, "class", "light", of=3)).shown == (here.label[inside] == 3).sum()


def test_there_is_ink_where_images_are_and_nowhere_else(found: Landscape) -> None:
    view = whole(found)
    for colour in COLOURS:
        ink = pixels(picture(found, Wanted(view, colour, "light")).png)[..., 3] > 0
        assert ink.shape == (240, 240)
        full = counts(found, view).sum(axis=2) > 0
        assert ink[full].all()
        # Dots are spread by a few pixels, no further.
        rows, cols = np.nonzero(ink & ~full)
        there = np.argwhere(full)
        for row, col in list(zip(rows, cols, strict=True))[::50]:
            assert np.abs(there - [row, col]).max(axis=1).min() <= 6


@pytest.mark.parametrize("theme", THEMES)
def test_a_dot_has_the_colour_of_its_class(found: Landscape, theme: str) -> None:
    lonely = alone(found, 0.16)
    for digit in range(10):
        (index, *_) = lonely[found.label[lonely] == digit]
        view = around(found.position[index], 0.15)
        shown = pixels(picture(found, Wanted(view, "class", theme)).png)[50, 50]
        assert shown[:3].tolist() == rgb(CLASS_COLOURS[theme][digit])
        assert shown[3] >= 150


@pytest.mark.parametrize("colour", ["entropy", "margin"])
def test_a_dot_has_the_colour_of_its_value(found: Landscape, colour: str) -> None:
    value = getattr(found, colour)
    steps = np.array([rgb(step) for step in legend(colour)["light"]], float)
    low, high = SPANS[colour]
    for index in alone(found, 0.5)[::20]:
        view = around(found.position[index], 0.4)
        shown = pixels(picture(found, Wanted(view, colour, "light")).png)[50, 50]
        share = np.clip((value[index] - low) / (high - low), 0, 1) * (len(steps) - 1)
        expected = [np.interp(share, np.arange(len(steps)), steps[:, c]) for c in range(3)]
        np.testing.assert_allclose(shown[:3], expected, atol=2.5)
        assert shown[3] == 255


@pytest.mark.parametrize("colour", ["entropy", "margin"])
def test_the_most_ambiguous_lie_on_top(found: Landscape, colour: str) -> None:
    """The darkest of the light theme's colours, wherever one of the most ambiguous is, however full it is there."""
    image = pixels(picture(found, Wanted(whole(found), colour, "light")).png).astype(int)
    strongest = rgb(legend(colour)["light"][-1 if colour == "entropy" else 0])
    most = np.argsort(found.margin)[:5] if colour == "margin" else np.argsort(-found.entropy)[:5]
    for index in most:
        row, col = pixel_of(whole(found), found.position[index])
        assert np.abs(image[row, col, :3] - strongest).max() <= 6


def test_all_errors_are_seen(found: Landscape) -> None:
    view = whole(found)
    image = pixels(picture(found, Wanted(view, "error", "dark")).png)
    right, wrong = (rgb(colour) for colour in legend("error")["dark"])
    for index in np.flatnonzero(found.error):
        assert image[pixel_of(view, found.position[index])][:3].tolist() == wrong
    seen = {tuple(colour) for colour in image[image[..., 3] == 255][:, :3].tolist()}
    assert seen == {tuple(right), tuple(wrong)}


def test_errors_are_the_larger_dots(found: Landscape) -> None:
    places = np.array([[-5, 0], [5, 0]], np.float32)
    two = replace(
        found,
        position=places,
        label=found.label[:2],
        error=np.array([False, True]),
        entropy=found.entropy[:2],
        margin=found.margin[:2],
    )
    image = pixels(picture(two, Wanted(around(np.zeros(2), 10), "error", "light")).png)
    right, wrong = ((image == [*rgb(colour), 255]).all(axis=2).sum() for colour in legend("error")["light"])
    assert wrong > right > 0


def test_a_class_that_is_picked_out_lies_on_the_others(found: Landscape) -> None:
    view = whole(found)
    image = pixels(picture(found, Wanted(view, "class", "light", of=8)).png)
    eight = np.abs(image[..., :3].astype(int) - rgb(CLASS_COLOURS["light"][8])).max(axis=2) < 30
    assert eight[counts(found, view, of=8)[..., 8] > 0].all()
    for digit in (2, 5):
        other = np.abs(image[..., :3].astype(int) - rgb(CLASS_COLOURS["light"][digit])).max(axis=2) < 6
        assert not (other & (image[..., 3] > 0)).any()
    assert (image[..., 3] > 0).sum() > 2 * eight.sum()


def test_where_no_image_is_nothing_is_drawn(found: Landscape) -> None:
    for colour in COLOURS:
        for of in (None, 3):
            made = picture(found, Wanted(Viewport(500, 501, 500, 501, 40, 30), colour, "dark", of))
            assert made.shown == 0
            assert pixels(made.png).shape == (30, 40, 4)
            assert not pixels(made.png)[..., 3].any()


def test_pictures_are_kept_within_a_bound(found: Landscape, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [Wanted(whole(found, 100 + i), "error", "light") for i in range(6)]
    first = picture(found, wanted[0])
    assert picture(found, wanted[0]) is first
    monkeypatch.setattr(module, "MAX_BYTES", 3 * len(first.png))
    for each in wanted:
        picture(found, each)
    assert sum(len(kept.png) for kept in module._pictures.values()) <= 3 * len(first.png)
    assert picture(found, wanted[0]) is not first


def test_few_bytes_are_no_way_to_have_many_kept(found: Landscape, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KEPT", 3)
    for i in range(5):
        picture(found, Wanted(whole(found, 100 + i), "error", "dark"))
    assert len(module._pictures) == 3


# The ten colours


@pytest.mark.parametrize("theme", THEMES)
def test_classes_are_told_apart_by_any_eyes(theme: str) -> None:
    light = linear(np.array([rgb(colour) for colour in CLASS_COLOURS[theme]]))
    assert (contrast(light, linear(np.array([SURFACE[theme]]))) >= 3).all()
    for matrix in ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], *DEFICIENCIES.values()):
        lab = cielab(np.clip(light @ np.transpose(matrix), 0, 1))
        # A difference of 10 is seen at a glance.
        assert min(np.linalg.norm(a - b) for a, b in combinations(lab, 2)) > 20


@pytest.mark.parametrize("theme", THEMES)
def test_right_and_wrong_are_told_apart_by_any_eyes(theme: str) -> None:
    light = linear(np.array([rgb(colour) for colour in legend("error")[theme]]))
    for matrix in DEFICIENCIES.values():
        a, b = cielab(np.clip(light @ np.transpose(matrix), 0, 1))
        assert np.linalg.norm(a - b) > 20
