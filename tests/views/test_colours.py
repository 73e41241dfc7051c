"""The colour tables, measured: lightness in CIELAB, and what is left of it for colour-deficient eyes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp.views.colours import palettes

Floats = NDArray[np.float64]
THEMES = ("light", "dark")
SURFACE = {"light": (255, 255, 255), "dark": (22, 27, 33)}

# Machado, Oliveira & Fernandes (2009), severity 1.0, for linear RGB.
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(srgb: Floats) -> Floats:
    """sRGB 0..255 to linear light 0..1 (IEC 61966-2-1)."""
    c = np.asarray(srgb, float) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def cielab(light: Floats) -> Floats:
    """Linear sRGB to CIELAB under D65 (CIE 15:2004), with Bruce Lindbloom's matrix."""
    matrix = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = light @ matrix.T / matrix.sum(axis=1)
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def tables(theme: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    table = palettes()[theme].reshape(2, 256, 4)
    return table[0], table[1]


def lightness(table: NDArray[np.uint8], matrix: list[list[float]] | None = None) -> Floats:
    light = linear(table[:, :3])
    if matrix is not None:
        light = np.clip(light @ np.transpose(matrix), 0, 1)
    return cielab(light)[:, 0]


def contrast(a: Floats, b: Floats) -> Floats:
    """WCAG 2 contrast ratio of linear colours."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    high, low = np.maximum(a @ weights, b @ weights), np.minimum(a @ weights, b @ weights)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_tables_are_opaque_bytes(theme: str) -> None:
    table = palettes()[theme]
    assert table.dtype == np.uint8
    assert table.shape == (2 * 256 * 4,)
    assert (table.reshape(-1, 4)[:, 3] == 255).all()


@pytest.mark.parametrize("theme", THEMES)
def test_sequential_lightness_is_a_straight_line(theme: str) -> None:
    seen = lightness(tables(theme)[0])
    line = np.linspace(seen[0], seen[-1], 256)
    assert abs(seen[-1] - seen[0]) > 60
    # Rounding to bytes costs up to half a unit of lightness in dark colours.
    assert abs(seen - line).max() < 1.0


@pytest.mark.parametrize("theme", THEMES)
def test_zero_is_nearest_to_the_page(theme: str) -> None:
    """Nothing there looks like nothing there, in either theme."""
    sequential, diverging = tables(theme)
    page = cielab(linear(np.array([SURFACE[theme]])))[0, 0]
    for table, zero in ((sequential, 0), (diverging, 128)):
        distance = abs(lightness(table) - page)
        assert distance.argmin() in range(zero - 2, zero + 3)
        assert distance[zero] < 10


@pytest.mark.parametrize("theme", THEMES)
def test_the_highest_values_stand_out_from_the_page(theme: str) -> None:
    page = linear(np.array([SURFACE[theme]]))
    sequential, diverging = tables(theme)
    ends = linear(np.array([sequential[255, :3], diverging[0, :3], diverging[255, :3]]))
    assert (contrast(ends, page) >= 4.5).all()


@pytest.mark.parametrize("theme", THEMES)
def test_diverging_is_neutral_in_the_middle_and_even_on_both_sides(theme: str) -> None:
    table = tables(theme)[1]
    lab = cielab(linear(table[:, :3]))
    middle = lab[127:129]
    assert np.hypot(middle[:, 1], middle[:, 2]).max() < 6
    assert abs(lab[:, 0] - lab[::-1, 0]).max() < 1.5
    half = lab[:128, 0]
    assert abs(half - np.linspace(half[0], half[-1], 128)).max() < 1.2
    # The two sides are two hues, far apart.
    assert np.hypot(*(lab[0, 1:] - lab[255, 1:])) > 60


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("matrix", DEFICIENCIES.values(), ids=DEFICIENCIES.keys())
def test_order_stays_for_colour_deficient_eyes(theme: str, matrix: list[list[float]]) -> None:
    sequential, diverging = (lightness(table, matrix) for table in tables(theme))
    for part in (sequential, diverging[:128], diverging[127:]):
        # From one step in sixteen to the next: single steps are lost in rounding.
        steps = np.diff(part[::16])
        assert (np.sign(steps) == np.sign(part[-1] - part[0])).all()
        assert abs(part[-1] - part[0]) > 40


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("matrix", DEFICIENCIES.values(), ids=DEFICIENCIES.keys())
def test_signs_stay_apart_for_colour_deficient_eyes(theme: str, matrix: list[list[float]]) -> None:
    table = tables(theme)[1]
    lab = cielab(np.clip(linear(table[:, :3]) @ np.transpose(matrix), 0, 1))
    strong = slice(0, 64)
    apart = np.linalg.norm(lab[strong] - lab[::-1][strong], axis=1)
    # A difference of 10 is seen at a glance; 2.3 is just noticeable.
    assert apart.min() > 10
