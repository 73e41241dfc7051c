"""Colour tables. Each means one thing: sequential for activation, diverging with a neutral zero for signed values.

All are straight lines in CIELAB, so equal steps of a value are equal steps of lightness, and they stay apart for
eyes with a colour-vision deficiency: what carries the value is lightness, in blue alone or blue against orange-red.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Lab = tuple[float, float, float]

_SEQUENTIAL: dict[str, tuple[Lab, ...]] = {
    "light": ((93.0, -1.0, -3.5), (57.0, -9.0, -38.0), (21.0, 14.0, -44.0)),
    "dark": ((17.0, -1.0, -6.0), (55.0, -8.0, -36.0), (93.0, -14.0, -6.0)),
}
_DIVERGING: dict[str, tuple[Lab, ...]] = {
    "light": ((40.0, -30.0, -10.0), (94.0, 0.0, 0.0), (40.0, 30.0, 46.0)),
    "dark": ((78.0, -36.0, -10.0), (18.0, 0.0, 0.0), (78.0, 24.0, 60.0)),
}
TONES = 36
"""Steps of strength in a coded pixel of the edge raster."""
HUES = 7
"""Steps of its balance, from all of the first hue to all of the second."""
_SIGNS: dict[str, tuple[Lab, ...]] = {
    "light": ((42.0, -32.0, -12.0), (45.0, 2.0, -4.0), (44.0, 34.0, 50.0)),
    "dark": ((78.0, -38.0, -10.0), (76.0, 0.0, -4.0), (76.0, 28.0, 62.0)),
}
_CLASSES: dict[str, tuple[Lab, ...]] = {
    "light": ((38.0, 8.0, -52.0), (36.0, 42.0, -42.0), (42.0, 62.0, 22.0)),
    "dark": ((68.0, 4.0, -52.0), (62.0, 48.0, -44.0), (66.0, 60.0, 20.0)),
}


@cache
def palettes() -> dict[str, Bytes]:
    """For each theme the sequential and the diverging table, uint8[2 * 256 * 4], RGBA."""
    return {
        theme: np.concatenate([_ramp(_SEQUENTIAL[theme]), _ramp(_DIVERGING[theme])]).ravel()
        for theme in ("light", "dark")
    }


@cache
def edge_palettes() -> dict[str, dict[str, Bytes]]:
    """Colours of the edge raster's coded pixels, uint8[256 * 4], by what the hue means and by theme.

    Pixel 0 is nothing; 1 + tone * HUES + hue is a hue at an opacity that grows with the tone.
    """
    return {
        name: {theme: _coded(stops) for theme, stops in hues.items()}
        for name, hues in (("sign", _SIGNS), ("class", _CLASSES))
    }


def _coded(stops: tuple[Lab, ...]) -> Bytes:
    hues = _ramp(stops)[np.linspace(0, 255, HUES).round().astype(int)]
    table = np.zeros((256, 4), np.uint8)
    for tone in range(TONES):
        here = slice(1 + tone * HUES, 1 + (tone + 1) * HUES)
        table[here] = hues
        table[here, 3] = round(255 * (0.04 + 0.92 * (tone + 1) / TONES))
    return table.ravel()


def _ramp(stops: tuple[Lab, ...]) -> Bytes:
    """256 colours along straight lines between CIELAB stops at equal distances, uint8[256, 4]."""
    at = np.linspace(0, len(stops) - 1, 256)
    lab = np.empty((256, 3))
    for index, (start, end) in enumerate(pairwise(np.array(stops))):
        here = (at >= index) & (at <= index + 1)
        lab[here] = start + (at[here, None] - index) * (end - start)
    return np.column_stack([_srgb(lab), np.full(256, 255)]).astype(np.uint8)


def _srgb(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIELAB (D65) to sRGB, 0..255 (CIE 15:2004; IEC 61966-2-1)."""
    y = (lab[:, 0] + 16) / 116
    xyz = np.stack([y + lab[:, 1] / 500, y, y - lab[:, 2] / 200], axis=1)
    xyz = np.where(xyz > 6 / 29, xyz**3, 3 * (6 / 29) ** 2 * (xyz - 4 / 29)) * [0.95047, 1.0, 1.08883]
    matrix = [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
    linear = np.clip(xyz @ np.transpose(matrix), 0, 1)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(255 * srgb))
