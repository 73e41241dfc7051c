"""Sample drawings that could be either of two digits: each lies somewhere on the way from one to the other.

Both ends of a way are drawn by the same movements of the hand, so that what lies between looks handwritten.
How far along the way each sample lies was chosen so that the shipped `cnn` hesitates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .strokes import Stroke

Floats = NDArray[np.float32]

_STEPS = 8
"""Points of a curve from one control point to the next."""


@dataclass(frozen=True, eq=False)
class Way:
    """From a drawing of one digit to a drawing of another: strokes of as many control points at both ends."""

    digits: tuple[int, int]
    start: tuple[tuple[tuple[float, float], ...], ...]
    end: tuple[tuple[tuple[float, float], ...], ...]

    def strokes(self, share: float) -> list[Stroke]:
        """The drawing at this share of the way, 0 to 1: control points move on straight lines."""
        return [
            Stroke(_curve((1 - share) * np.array(start) + share * np.array(end)))
            for start, end in zip(self.start, self.end, strict=True)
        ]


@dataclass(frozen=True, eq=False)
class Sample:
    """A drawing and the two digits it could be."""

    title: str
    way: Way
    share: float

    @property
    def strokes(self) -> list[Stroke]:
        return self.way.strokes(self.share)


def _curve(control: NDArray[np.float64]) -> Floats:
    """A smooth path through control points [n, 2].

    Source: E. Catmull and R. Rom, "A class of local interpolating splines" (1974).
    """
    ends = np.concatenate([2 * control[:1] - control[1:2], control, 2 * control[-1:] - control[-2:-1]])
    before, start, end, after = (ends[i : len(ends) - 3 + i, None] for i in range(4))
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    path = start + t / 2 * (
        end
        - before
        + t * (2 * before - 5 * start + 4 * end - after + t * (3 * (start - end) + after - before))
    )
    return np.concatenate([path.reshape(-1, 2), control[-1:]]).astype(np.float32)


# fmt: off
ONE_TWO = Way(
    (1, 2),
    start=(
        ((0.50, 0.26), (0.515, 0.245), (0.53, 0.23), (0.545, 0.215), (0.545, 0.29), (0.53, 0.42),
         (0.515, 0.55), (0.50, 0.68), (0.485, 0.785), (0.51, 0.79), (0.53, 0.79), (0.56, 0.79)),
    ),
    end=(
        ((0.38, 0.33), (0.42, 0.24), (0.50, 0.20), (0.59, 0.24), (0.60, 0.34), (0.555, 0.46), (0.49, 0.58),
         (0.42, 0.68), (0.36, 0.77), (0.42, 0.755), (0.52, 0.775), (0.64, 0.765)),
    ),
)
FOUR_NINE = Way(
    (4, 9),
    start=(
        ((0.38, 0.21), (0.36, 0.29), (0.335, 0.38), (0.32, 0.46), (0.38, 0.49), (0.47, 0.49), (0.56, 0.475),
         (0.64, 0.46)),
        ((0.62, 0.22), (0.615, 0.36), (0.60, 0.50), (0.59, 0.65), (0.58, 0.80)),
    ),
    end=(
        ((0.61, 0.25), (0.52, 0.20), (0.41, 0.23), (0.34, 0.33), (0.36, 0.45), (0.45, 0.49), (0.55, 0.44),
         (0.61, 0.33)),
        ((0.62, 0.24), (0.615, 0.36), (0.60, 0.50), (0.575, 0.65), (0.55, 0.80)),
    ),
)
THREE_FIVE = Way(
    (3, 5),
    start=(
        ((0.36, 0.26), (0.46, 0.20), (0.58, 0.23), (0.60, 0.33), (0.55, 0.42), (0.46, 0.47), (0.57, 0.50),
         (0.64, 0.60), (0.60, 0.72), (0.49, 0.79), (0.36, 0.75)),
    ),
    end=(
        ((0.64, 0.22), (0.54, 0.215), (0.44, 0.22), (0.41, 0.29), (0.395, 0.38), (0.42, 0.45), (0.53, 0.45),
         (0.63, 0.54), (0.61, 0.69), (0.50, 0.78), (0.36, 0.75)),
    ),
)
SEVEN_ONE = Way(
    (7, 1),
    start=(
        ((0.33, 0.25), (0.42, 0.24), (0.52, 0.235), (0.64, 0.23), (0.60, 0.36), (0.54, 0.50), (0.49, 0.64),
         (0.45, 0.79)),
    ),
    end=(
        ((0.44, 0.36), (0.47, 0.31), (0.50, 0.26), (0.54, 0.21), (0.535, 0.36), (0.53, 0.50), (0.52, 0.64),
         (0.515, 0.79)),
    ),
)
FIVE_SIX = Way(
    (5, 6),
    start=(
        ((0.62, 0.21), (0.52, 0.22), (0.43, 0.23), (0.41, 0.34), (0.395, 0.45), (0.48, 0.44), (0.59, 0.50),
         (0.62, 0.62), (0.57, 0.74), (0.47, 0.79), (0.40, 0.77), (0.35, 0.72)),
    ),
    end=(
        ((0.57, 0.20), (0.49, 0.28), (0.42, 0.40), (0.38, 0.53), (0.38, 0.64), (0.42, 0.56), (0.52, 0.50),
         (0.60, 0.57), (0.60, 0.70), (0.50, 0.79), (0.41, 0.74), (0.38, 0.62)),
    ),
)

# fmt: on

SAMPLES = (
    Sample("between 1 and 2", ONE_TWO, 0.305),
    Sample("between 4 and 9", FOUR_NINE, 0.46),
    Sample("between 3 and 5", THREE_FIVE, 0.52),
    Sample("between 7 and 1", SEVEN_ONE, 0.72),
    Sample("between 5 and 6", FIVE_SIX, 0.625),
)
"""The first is the one that the page opens with."""
