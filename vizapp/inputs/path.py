"""The way by hand: a person's own edits of a drawing as a path from the first version to the last.

Strokes of the pen and of the eraser appear from their first point on, along their length, one after the other. What
was cleared, loaded or replaced goes at once: the path jumps there, as the drawing did.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .drawing import drawing_to_input
from .morphs import MAX_FRAMES, Frame
from .strokes import InputError, Stroke
from .ways.matching import along, arc, extents

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Drawn = tuple[Stroke, ...]

NO_EDITS = "There are no edits yet to go through: draw or erase something first."
_PAUSE = 0.2
"""Length, in pad widths, that stands for an edit without strokes: clearing, loading an image."""


class Version(Protocol):
    """A drawing as the undo history keeps it: strokes over an image float32[28, 28], or over none."""

    @property
    def strokes(self) -> Drawn: ...

    @property
    def image(self) -> Floats | None: ...


class Path:
    """The way through successive versions of a drawing, oldest first; two at least.

    Attributes:
        steps: float64[versions], rising from 0 to 1: where each version is reached. They are as far apart as
            the strokes between them are long.
        normalised: whether drawings over an image are fitted and centred on their way to the network.

    Raises:
        InputError: if there are fewer than two versions.
    """

    def __init__(self, versions: Sequence[Version], normalised: bool = True) -> None:
        if len(versions) < 2:
            raise InputError(NO_EDITS)
        self.versions, self.normalised = tuple(versions), normalised
        self._kept = [0, *(_common(*pair) for pair in pairwise(versions))]
        # Of each version: how long the strokes are that make it of the one before.
        self._lengths = [
            extents(version.strokes[kept:]) for version, kept in zip(versions, self._kept, strict=True)
        ]
        work = np.array([0.0, *(float(lengths.sum()) or _PAUSE for lengths in self._lengths[1:])])
        self.steps: Doubles = np.cumsum(work) / work.sum()
        self.steps[-1] = 1.0

    def at(self, t: float) -> Version | tuple[Drawn, Floats | None]:
        """What was on the pad at this share of the way, 0 to 1: at a step that version itself.

        Raises:
            InputError: for a share that is not between 0 and 1.
        """
        if not 0 <= t <= 1:
            raise InputError(f"The way goes from 0 to 1, so there is nothing at {t:g}.")
        number = int(np.searchsorted(self.steps, t))
        version = self.versions[number]
        if t == self.steps[number]:
            return version
        share = (t - self.steps[number - 1]) / (self.steps[number] - self.steps[number - 1])
        kept, lengths = self._kept[number], self._lengths[number]
        strokes = list(version.strokes[:kept])
        left = share * float(lengths.sum())
        for stroke, length in zip(version.strokes[kept:], lengths.tolist(), strict=True):
            strokes.append(cut(stroke, min(1.0, left / length)))
            left -= length
            if left <= 0:
                break
        return tuple(strokes), version.image

    def frames(self, positions: ArrayLike) -> list[Frame]:
        """The frames at these shares of the way, at most 1024; one over an image is an image. InputError."""
        shares = np.asarray(positions, np.float64)
        if shares.ndim != 1 or len(shares) > MAX_FRAMES:
            raise InputError(f"At most {MAX_FRAMES} frames, in a row, are made at once.")
        return [self._frame(t) for t in shares.tolist()]

    def _frame(self, t: float) -> Frame:
        found = self.at(t)
        strokes, image = found if isinstance(found, tuple) else (found.strokes, found.image)
        return tuple(strokes) if image is None else drawing_to_input(strokes, self.normalised, image)


def cut(stroke: Stroke, share: float) -> Stroke:
    """The first part of a stroke: a share, 0 to 1, of its length."""
    if share >= 1:
        return stroke
    shares, path = arc(stroke.points)
    if len(shares) == 1:
        return stroke
    points = np.concatenate([path[shares < share], along(shares, path, np.array([share]))])
    return Stroke(points.astype(np.float32), stroke.width, stroke.erase)


def continues(before: Version, after: Version) -> bool:
    """Whether a version has all strokes of an earlier one, as they were, and then perhaps more."""
    return _same_image(before, after) and _common(before, after) == len(before.strokes)


def _common(before: Version, after: Version) -> int:
    """How many strokes of a version are still there, as they were, in the next; none over another image."""
    if not _same_image(before, after):
        return 0
    count = 0
    for one, other in zip(before.strokes, after.strokes, strict=False):
        if one is not other and not _same(one, other):
            break
        count += 1
    return count


def _same_image(before: Version, after: Version) -> bool:
    one, other = before.image, after.image
    return one is other or (one is not None and other is not None and np.array_equal(one, other))


def _same(one: Stroke, other: Stroke) -> bool:
    return (one.width, one.erase) == (other.width, other.erase) and np.array_equal(one.points, other.points)
