"""Random variants of training images: turned, moved, scaled, sheared, bent, with thinner or thicker strokes.

The displacement of every pixel is linear in a handful of random numbers: six of an affine map, and the
values of an elastic field at the knots of a coarse grid. So the displacements of a whole batch are *one*
matrix product with fixed basis images, followed by one bilinear look-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.warp import framed, sample

Array = NDArray[Any]


@dataclass(frozen=True)
class Augmentation:
    """How far images are distorted: half widths of triangular distributions around "not at all".

    Triangular, since most of what networks will see is near the middle, while the far ends must be met too.

    Attributes:
        rotation: degrees.
        shift: pixels, in x and y.
        scale, aspect: natural logarithm of the factor, and of the ratio of the factors in x and y.
        shear: x per y.
        elastic: pixels, standard deviation at a knot of the elastic field.
        knots: per side of that field's grid.
        thinner, thicker: largest share of a one-pixel erosion or dilation that is blended in.
        plain: share of the images that are left as they are.
    """

    rotation: float = 40.0
    shift: float = 5.5
    scale: float = 0.3
    aspect: float = 0.1
    shear: float = 0.25
    elastic: float = 0.7
    knots: int = 6
    thinner: float = 0.5
    thicker: float = 0.8
    plain: float = 0.1


class Augmenter:
    """`Augmentation` for images of one size."""

    def __init__(self, setting: Augmentation, rows: int = 28, columns: int = 28) -> None:
        self.setting = setting
        self.shape = (rows, columns)
        y, x = np.mgrid[:rows, :columns].reshape(2, -1)
        centre = [(columns - 1) / 2, (rows - 1) / 2]
        affine = [x - centre[0], y - centre[1], np.ones(rows * columns)]
        bend = np.einsum("iy,jx->ijyx", _bumps(rows, setting.knots), _bumps(columns, setting.knots))
        self._basis = np.concatenate([affine, bend.reshape(setting.knots**2, -1)]).astype(np.float32)
        self._centre = np.array(centre, np.float32)

    def __call__(self, images: Array, rng: np.random.Generator) -> Array:
        """float32[B, rows, columns] variants of images of the same shape, values 0 to 1."""
        count = len(images)
        frame = framed(images)
        plain = rng.random(count) < self.setting.plain
        self._thicken(frame, np.where(plain, 0, rng.uniform(-1, 1, count)).astype(np.float32))
        fields = (self._coefficients(count, rng, plain) @ self._basis).reshape(count, 2, -1)
        values = sample(frame, fields[:, 0], fields[:, 1])
        return values.reshape(images.shape)

    def _coefficients(self, count: int, rng: np.random.Generator, plain: Array) -> Array:
        """float32[2 × count, 3 + knots²]: per image a row for x and one for y, in terms of the basis."""
        setting = self.setting
        amount = rng.triangular(-1, 0, 1, (6, count)) * ~plain
        angle = np.radians(setting.rotation) * amount[0]
        size = np.exp(-setting.scale * amount[1])
        aspect = np.exp(setting.aspect / 2 * amount[2])
        shear = setting.shear * amount[3]
        c, s = np.cos(angle) * size, np.sin(angle) * size
        rows = np.empty((count, 2, len(self._basis)), np.float32)
        rows[:, 0, 0], rows[:, 0, 1] = c * aspect, (c * shear - s) / aspect
        rows[:, 1, 0], rows[:, 1, 1] = s * aspect, (s * shear + c) / aspect
        rows[:, :, 2] = self._centre + setting.shift * amount[4:].T
        bend = rng.standard_normal((count, 2, setting.knots**2), np.float32)
        rows[:, :, 3:] = bend * (setting.elastic * ~plain)[:, None, None]
        return rows.reshape(2 * count, -1)

    def _thicken(self, frame: Array, amount: Array) -> None:
        """Blend each image with its dilation (amount > 0) or erosion (amount < 0) by a cross of 3 × 3."""
        flipped = np.where(amount < 0, np.float32(-1), np.float32(1))
        share = np.abs(amount) * np.where(amount < 0, self.setting.thinner, self.setting.thicker)
        frame *= flipped[:, None, None]  # an erosion is the dilation of the negative
        inner = frame[:, 1:-2, 1:-2]
        wide = np.maximum(inner, frame[:, :-3, 1:-2])
        for other in (frame[:, 2:-1, 1:-2], frame[:, 1:-2, :-3], frame[:, 1:-2, 2:-1]):
            np.maximum(wide, other, out=wide)
        wide -= inner
        wide *= share.astype(np.float32)[:, None, None]
        inner += wide
        frame *= flipped[:, None, None]


def _bumps(size: int, knots: int) -> Array:
    """[knots, size]: a smooth bump around each knot, the knots evenly spread from edge to edge."""
    spacing = (size - 1) / (knots - 1)
    away = (np.arange(size) - np.arange(knots)[:, None] * spacing) / spacing
    return np.asarray(np.exp(-(away**2) / 0.9))
