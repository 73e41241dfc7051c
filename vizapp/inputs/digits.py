"""The ten digits as a hand draws them: ends for morphs. Most are ends of the samples' ways."""

from __future__ import annotations

from functools import cache

from .samples import SAMPLES, Way
from .strokes import Stroke

# fmt: off
_ZERO = (
    ((0.53, 0.215), (0.44, 0.235), (0.375, 0.33), (0.35, 0.46), (0.36, 0.61), (0.415, 0.73), (0.50, 0.78),
     (0.585, 0.74), (0.64, 0.62), (0.655, 0.48), (0.635, 0.34), (0.585, 0.25), (0.515, 0.215)),
)
_EIGHT = (
    ((0.60, 0.27), (0.52, 0.21), (0.43, 0.235), (0.395, 0.31), (0.425, 0.39), (0.50, 0.455), (0.585, 0.53),
     (0.625, 0.62), (0.60, 0.73), (0.505, 0.79), (0.41, 0.755), (0.37, 0.66), (0.405, 0.56), (0.49, 0.475),
     (0.57, 0.40), (0.615, 0.325), (0.595, 0.265)),
)
# fmt: on


@cache
def drawn_digits() -> dict[int, tuple[Stroke, ...]]:
    """Strokes of each digit, 0 to 9."""
    found = {0: tuple(Way((0, 0), _ZERO, _ZERO).strokes(0)), 8: tuple(Way((8, 8), _EIGHT, _EIGHT).strokes(0))}
    for sample in SAMPLES:
        for share, digit in enumerate(sample.way.digits):
            found.setdefault(digit, tuple(sample.way.strokes(share)))
    return dict(sorted(found.items()))
