"""Normalising an image as MNIST was made: its ink fitted into 20x20 pixels, then centred by mass in 28x28.

Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition"
(1998), section III.A. In MNIST itself the mass lies within half a pixel of the centre of pixel (14, 14).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .pad import SIDE

Floats = NDArray[np.float32]

BOX = 20
"""The longer side of the ink, in input pixels."""
CENTRE = 14.5
"""Where the mass goes, in pixels from the left (top) edge: the middle of pixel 14."""
MAX_MAGNIFICATION = 3.0
"""A speck of ink is not blown up to a digit: at most this much larger than it was in the 28x28 frame."""

_TRACE = 1 / 512
"""Ink below half a grey level is none."""


def normalise(image: Floats) -> Floats:
    """A square image or pad float32[n, n] in 0..1, 1 = ink -> float32[28, 28]; without ink, zeros.

    One separable resampling: area average where it shrinks, linear interpolation where it magnifies.
    Where the size is right already the shift is by whole pixels, as in MNIST, so that nothing is blurred
    and a normalised image comes back unchanged.
    """
    fit = fitted(image)
    return np.zeros((SIDE, SIDE), np.float32) if fit is None else placed(image, *fit)


def fitted(image: Floats) -> tuple[float, float, float] | None:
    """(scale, x, y) by which `placed` normalises an image; None without ink."""
    inked = image > _TRACE
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return None
    extent = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    scale = min(BOX / extent, MAX_MAGNIFICATION * SIDE / len(image))
    x, y = centre_of_mass(image)
    shift_x, shift_y = CENTRE - scale * x, CENTRE - scale * y
    if scale == 1.0:
        shift_x, shift_y = float(np.rint(shift_x)), float(np.rint(shift_y))
    return float(scale), float(shift_x), float(shift_y)


def centre_of_mass(image: Floats) -> tuple[float, float]:
    """(x, y) of the ink's centre of mass, in pixels from the left and top edge."""
    columns, rows = image.sum(axis=0, dtype=np.float64), image.sum(axis=1, dtype=np.float64)
    places = np.arange(len(image)) + 0.5
    total = columns.sum()
    return float(columns @ places / total), float(rows @ places / total)


def placed(image: Floats, scale: float, x: float, y: float, target: int = SIDE, least: float = 1.0) -> Floats:
    """float32[target, target]: the square image with its point p at `scale * p + (x, y)`."""
    down = resampling(len(image), scale, y, target, least)
    across = resampling(len(image), scale, x, target, least)
    return resampled(image, down, across)


def resampled(image: Floats, down: Floats, across: Floats) -> Floats:
    """float32[rows, columns]: an image resampled by two matrices of `resampling`, its values kept in 0..1."""
    result = np.asarray(down @ image @ across.T, np.float32)
    return np.clip(result, 0.0, 1.0, out=result)


def resampling(source: int, scale: float, shift: float, target: int = SIDE, least: float = 1.0) -> Floats:
    """float32[target, source] that takes a line of pixels to one where x lies at `scale * x + shift`.

    A target pixel is the mean of the source under it, but never of less than `least` source pixels: 1 makes
    it an area average when shrinking and linear interpolation when magnifying, 0 keeps a magnified pixel's
    edges. Zero outside the source.
    """
    middle = (np.arange(target) + 0.5 - shift) / scale
    half = max(least, 1.0 / scale) / 2
    edges = np.arange(source + 1)
    within = np.clip(edges, (middle - half)[:, None], (middle + half)[:, None])
    matrix = np.diff(within, axis=1)
    matrix /= 2 * half
    return matrix.astype(np.float32)
