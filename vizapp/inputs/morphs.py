"""Morphs: from one input to another, by one of several ways.

    strokes     pen strokes move into each other: every frame could have been written by hand
    transport   ink moves to its place by the shortest way
    distance    the edges of the ink move
    blend       pixels fade into each other, the baseline

The end of the one and the start of the other digit depend on the way; none of them is the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .drawing import drawing_to_input
from .pad import SIDE
from .strokes import InputError, Stroke
from .ways.blend import Blend
from .ways.distance import Distance
from .ways.strokes import Strokes
from .ways.transport import Transport

Floats = NDArray[np.float32]
Drawn = tuple[Stroke, ...]
End = Sequence[Stroke] | Floats
"""A drawing, or an image float32[28, 28] in 0..1 as a network sees it, 1 being ink."""
Frame = Drawn | Floats

MAX_FRAMES = 1024
_MANY = 4
"""Fewer frames are drawn one by one."""
_compiled: ModuleType | None = None
NO_INK = "There is nothing to morph: one of the two ends has no ink."


class Way(Protocol):
    """What lies strictly between two ends."""

    def at(self, t: float) -> Frame: ...


IMAGE_WAYS: dict[str, Callable[[Floats, Floats], Way]] = {
    "transport": Transport,
    "distance": Distance,
    "blend": Blend,
}
WAYS = ("strokes", *IMAGE_WAYS)


class Morph:
    """One way between two ends: what is costly is done once, frames can then be had anywhere.

    Attributes:
        way: its name.
        ends: the frames at 0 and 1: the given strokes, or an image.
        normalised: whether drawings are fitted and centred on their way to the network.
    """

    def __init__(self, way: str, start: End, end: End, normalised: bool = True) -> None:
        """
        Raises:
            InputError: for a way that does not exist or cannot be taken between these ends, an end without
                ink, or an image that is not float[28, 28] in 0..1.
        """
        if way not in WAYS:
            raise InputError(f"No way is called {way!r}; there are {', '.join(WAYS)}.")
        self.way, self.normalised = way, normalised
        ends = [_end(given) for given in (start, end)]
        images = [to_image(frame, normalised) for frame in ends]
        if not all(image.any() for image in images):
            raise InputError(NO_INK)
        self.ends: tuple[Frame, Frame]
        if way == "strokes":
            first, second = ends
            if not isinstance(first, tuple) or not isinstance(second, tuple):
                raise InputError("The way of strokes needs two drawings; an image has no strokes.")
            self.ends = first, second
            self._between: Way = Strokes(first, second)
        else:
            self.ends = images[0], images[1]
            self._between = IMAGE_WAYS[way](*images)

    def at(self, t: float) -> Frame:
        """The frame at this share of the way, 0 to 1; at 0 and 1 it is the end itself.

        Raises:
            InputError: for a share that is not between 0 and 1.
        """
        if not 0 <= t <= 1:
            raise InputError(f"The way goes from 0 to 1, so there is no frame at {t:g}.")
        return self.ends[0] if t == 0 else self.ends[1] if t == 1 else self._between.at(float(t))

    def frames(self, positions: ArrayLike) -> list[Frame]:
        """The frames at these shares of the way, at most 1024, in any order. InputError as for `at`."""
        shares = np.asarray(positions, np.float64)
        if shares.ndim != 1 or len(shares) > MAX_FRAMES:
            raise InputError(f"At most {MAX_FRAMES} frames, in a row, are made at once.")
        return [self.at(t) for t in shares.tolist()]

    def images(self, positions: ArrayLike) -> Floats:
        """float32[K, 28, 28]: what a network sees of the frames at these shares of the way."""
        return to_images(self.frames(positions), self.normalised)


def morph(way: str, start: End, end: End, positions: ArrayLike, normalised: bool = True) -> list[Frame]:
    """The frames at `positions` on a way: strokes, or images float32[28, 28]. InputError as for `Morph`."""
    return Morph(way, start, end, normalised).frames(positions)


def ways_between(start: End, end: End) -> tuple[str, ...]:
    """The ways that can be taken, the best first: strokes if both ends are drawn."""
    drawn = not isinstance(start, np.ndarray) and not isinstance(end, np.ndarray)
    return WAYS if drawn else tuple(IMAGE_WAYS)


def to_image(frame: End, normalised: bool = True) -> Floats:
    """float32[28, 28]: what a network sees; an image is left as it is."""
    return frame if isinstance(frame, np.ndarray) else drawing_to_input(frame, normalised)


def to_images(frames: Sequence[Frame], normalised: bool = True) -> Floats:
    """float32[K, 28, 28], as `to_image`: about 0.3 ms a drawing, and a quarter of that after `warm_up`, where
    most then come from a compiled twin and differ by rounding."""
    if normalised and _compiled is not None and len(frames) >= _MANY:
        drawn = [frame for frame in frames if isinstance(frame, tuple)]
        if len(drawn) == len(frames) and all(map(_compiled.is_plain, drawn)):
            found: Floats = _compiled.pictures(drawn)
            return found
    images = np.empty((len(frames), SIDE, SIDE), np.float32)
    for image, frame in zip(images, frames, strict=True):
        image[:] = to_image(frame, normalised)
    return images


def drawings(frames: Sequence[Frame]) -> tuple[Drawn | None, ...]:
    """The strokes of each frame, None for an image: what a sweep keeps."""
    return tuple(None if isinstance(frame, np.ndarray) else frame for frame in frames)


def warm_up() -> None:
    """Import what the ways need of SciPy, and what draws many frames at once: some 0.3 s, a machine's first time
    some seconds. For a thread, before anybody waits for it.
    """
    global _compiled
    import scipy.ndimage
    import scipy.optimize  # noqa: F401

    from . import compiled

    compiled.pictures([(Stroke(np.full((3, 2), 0.5, np.float32)),)])
    _compiled = compiled


def _end(given: End) -> Frame:
    if not isinstance(given, np.ndarray):
        return tuple(given)
    if given.shape != (SIDE, SIDE) or not np.isfinite(given).all() or given.min() < 0 or given.max() > 1:
        raise InputError("An image must be 28×28 numbers from 0 to 1, 1 being ink.")
    return np.asarray(given, np.float32)
