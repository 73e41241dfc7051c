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
    "light": ((34.0, 8.0, -48.0), (94.0, 0.0, -1.0), (34.0, 52.0, 38.0)),
    "dark": ((76.0, -8.0, -38.0), (18.0, 0.0, -3.0), (76.0, 36.0, 36.0)),
}


@cache
def palettes() -> dict[str, Bytes]:
    """For each theme the sequential and the diverging table, uint8[2 * 256 * 4], RGBA."""
    return {
        theme: np.concatenate([_ramp(_SEQUENTIAL[theme]), _ramp(_DIVERGING[theme])]).ravel()
        for theme in ("light", "dark")
    }


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
    return np.round(255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055))
