"""Variants of an input: turned, moved, scaled, with another pen, noisy or partly hidden, and *not* fitted again.

What the network sees of a drawing is fitted and centred once, as always. What then happens to it the network has to
cope with by itself: that is what is to be judged. Strokes are turned, moved and scaled as paths and drawn again, with
the pen's width; an image's pixels are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.warp import transform

from .drawing import FINE, Rendered, rendered
from .normalise import CENTRE, centre_of_mass, resampled, resampling
from .pad import SIDE
from .strokes import MIN_WIDTH, PEN_WIDTH, Stroke
from .ways import distance

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

_SAME = 1e-4
"""Rounding of the ink: less than this is no difference."""
_MIDDLE = SIDE / 2


@dataclass(frozen=True)
class Setting:
    """What is done to an input; as given here, nothing.

    Attributes:
        rotation: degrees about the middle of the frame, counter-clockwise as seen.
        x, y: input pixels to the right and down.
        scale: factor about the middle of the frame; a drawing's pen keeps its width, an image's lines do not.
        width: input pixels by which the pen gets wider; an image's lines grow by half of it on both sides.
        noise: standard deviation of the noise added to each pixel, full ink being 1.
        hidden: side, in input pixels, of a square that is blanked.
    """

    rotation: float = 0.0
    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    width: float = 0.0
    noise: float = 0.0
    hidden: float = 0.0


AS_IT_IS = Setting()


class Variants:
    """One input, and what becomes of it by any `Setting`; the same for the same setting.

    Attributes:
        image: float32[28, 28], the input as it is: what `drawing_to_input` gives.
        view: where the pad's points are in it; None without ink.
        spot: (x, y), middle of the square that is hidden, in pixels from the left and top edge; unless given,
            where the ink's mass is, so that a growing square hides the digit from its middle outwards.
    """

    def __init__(
        self,
        strokes: Sequence[Stroke],
        normalised: bool = True,
        background: Floats | None = None,
        seed: int = 1,
        spot: tuple[float, float] | None = None,
    ) -> None:
        """`seed`: of the noise, which is one picture, made stronger or weaker by the setting."""
        found = rendered(strokes, normalised, background)
        self.image = found.image
        self.view = found.view
        self.spot = spot or (centre_of_mass(self.image) if self.image.any() else (_MIDDLE, _MIDDLE))
        self._noise = np.random.default_rng(seed).standard_normal((SIDE, SIDE), np.float32)
        self._paths: tuple[Stroke, ...] = ()
        self._across = self._down = np.eye(SIDE, dtype=np.float32)
        # What the pad's edge cut off must not come to light, so such a drawing is taken as an image.
        inside = all(stroke.points.min() >= 0 and stroke.points.max() <= 1 for stroke in strokes)
        if inside and found.view is not None and found.fine is not None and strokes:
            self._lay(strokes, found, normalised)
        # What strokes do not account for, above all an image under them. It is moved as pixels are.
        rest = self.image - self._drawn(AS_IT_IS)
        self._rest = rest if np.abs(rest).max() > _SAME else None
        self._field: Floats | None = None

    @classmethod
    def of_image(cls, image: Floats, seed: int = 1, spot: tuple[float, float] | None = None) -> Variants:
        """Of an image float32[28, 28] as a network sees it."""
        return cls((), False, image, seed, spot)

    def at(self, setting: Setting) -> Floats:
        """float32[28, 28] in 0..1: the input by this setting; `AS_IT_IS` gives `image`, bit for bit."""
        if setting == AS_IT_IS:
            return self.image
        image = self._drawn(setting) if self._paths else np.zeros_like(self.image)
        if self._rest is not None:
            image = image + self._moved(setting)
        if setting.noise:
            image = image + np.float32(setting.noise) * self._noise
        if setting.hidden > 0:
            rows, columns = (_covered(at, setting.hidden) for at in reversed(self.spot))
            image = image * (1 - np.outer(rows, columns))
        return np.clip(image, 0.0, 1.0).astype(np.float32)

    def _lay(self, strokes: Sequence[Stroke], found: Rendered, normalised: bool) -> None:
        """Lay the paths into the frame, as near to where they are seen as whole fine pixels take them.

        The ink is then moved by the same fraction of a pixel as when it was centred, so that nothing changes.
        """
        assert found.view is not None
        assert found.fine is not None
        view, shift = found.view, np.zeros(2)
        if normalised and found.fine.any():
            shift = CENTRE - np.array(centre_of_mass(found.fine)) / FINE
        rest = shift - np.rint(shift * FINE) / FINE
        size = SIDE * FINE
        self._across, self._down = (resampling(size, 1 / FINE, float(part)) for part in rest)
        self._shift = rest
        offset = np.array([view.x, view.y]) - rest
        # An eraser is magnified with what it covers, and covers the surplus of ink that did not get smaller.
        pen = max((stroke.width for stroke in strokes if not stroke.erase), default=PEN_WIDTH)
        surplus = pen * max(0.0, 1 / view.magnification - 1)
        self._paths = tuple(
            Stroke(
                (stroke.points.astype(np.float64) * (SIDE * view.magnification) + offset).astype(np.float32),
                (stroke.width + surplus) * view.magnification if stroke.erase else stroke.width,
                stroke.erase,
            )
            for stroke in strokes
        )

    def _drawn(self, setting: Setting) -> Floats:
        """The strokes by this setting."""
        if not self._paths:
            return np.zeros((SIDE, SIDE), np.float32)
        matrix, offset = _affine(setting, self._shift)
        strokes = [
            Stroke(
                ((stroke.points @ matrix.T + offset) / SIDE).astype(np.float32),
                stroke.width * setting.scale
                if stroke.erase
                else max(MIN_WIDTH, stroke.width + setting.width),
                stroke.erase,
            )
            for stroke in self._paths
        ]
        fine = rendered(strokes, False).fine
        assert fine is not None
        return resampled(fine, self._down, self._across)

    def _moved(self, setting: Setting) -> Floats:
        """What is not drawn, by this setting."""
        image = self._rest
        assert image is not None
        if setting.width and not self._paths:
            image = self._thickened(image, setting.width)
        if (setting.rotation, setting.x, setting.y, setting.scale) == (0, 0, 0, 1):
            return image
        matrix, offset = _affine(setting)
        # Warping takes points of the result to those of the original.
        back = np.linalg.inv(matrix)
        middle = np.full(2, _MIDDLE)
        move = back @ (middle - offset) - middle
        return np.asarray(transform(image[None], np.column_stack([back, move]))[0], np.float32)

    def _thickened(self, image: Floats, width: float) -> Floats:
        if self._field is None:
            self._field = distance.field(image)
        plain = distance.shape(self._field)
        changed = distance.shape(self._field - np.float32(width / 2))
        # The grey levels that do not follow from the edge stay, but for where ink comes or goes.
        rest = (image - plain) * (1 - np.abs(changed - plain))
        return np.asarray(np.clip(changed + rest, 0.0, 1.0), np.float32)


def _affine(setting: Setting, shift: Doubles | None = None) -> tuple[Doubles, Doubles]:
    """matrix [2, 2] and offset [2]: a point p of the frame goes to matrix @ p + offset, in input pixels.

    `shift`: where points lie too far to the left and up by this much, before and after.
    """
    angle = np.radians(setting.rotation)
    c, s = np.cos(angle) * setting.scale, np.sin(angle) * setting.scale
    matrix = np.array([[c, s], [-s, c]])
    middle = np.full(2, _MIDDLE) - (0 if shift is None else shift)
    return matrix, middle - matrix @ middle + np.array([setting.x, setting.y])


def _covered(at: float, side: float) -> Floats:
    """float32[28]: how much of each pixel in a row lies within side / 2 of a place."""
    edges = np.clip(np.arange(SIDE + 1), at - side / 2, at + side / 2)
    return np.diff(edges).astype(np.float32)
