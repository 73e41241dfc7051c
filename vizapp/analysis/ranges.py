"""Sweeps of one input over ranges of what may happen to it, and how far its answer holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.sweep import Axis, Sweep
from vizapp.inputs.variants import Setting, Variants
from vizapp.nets.network import Network

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

POSITIONS = 61


@dataclass(frozen=True)
class Range:
    """What an attribute of `Setting`, the axis's name, goes through; at `neutral` it does nothing."""

    axis: Axis
    low: float
    high: float
    neutral: float

    def positions(self, count: int = POSITIONS) -> Doubles:
        """float64[count], evenly spaced, but that the nearest to `neutral` is just there."""
        found = np.linspace(self.low, self.high, count)
        found[np.abs(found - self.neutral).argmin()] = self.neutral
        return found

    def images(self, variants: Variants, positions: Doubles, setting: Setting | None = None) -> Floats:
        """float32[K, 28, 28]: variants at these positions; `setting` says what else is done to them."""
        return np.stack([variants.at(self.put(setting or Setting(), at)) for at in positions.tolist()])

    def put(self, setting: Setting, position: float) -> Setting:
        return Setting(**{**vars(setting), self.axis.name: position})


RANGES = {
    range_.axis.name: range_
    for range_ in (
        Range(Axis("rotation", "rotation, counter-clockwise", "°"), -60, 60, 0),
        Range(Axis("x", "shift to the right", "px"), -8, 8, 0),
        Range(Axis("y", "shift down", "px"), -8, 8, 0),
        Range(Axis("scale", "scale", "×"), 0.5, 1.6, 1),
        Range(Axis("width", "wider strokes", "px"), -1.5, 3, 0),
        Range(Axis("noise", "noise, standard deviation", "of full ink"), 0, 0.6, 0),
        Range(Axis("hidden", "side of the hidden square", "px"), 0, 16, 0),
    )
}
"""By name. Rotation and scale are about the middle of the frame, the hidden square grows from the ink's centre of
mass: it asks how much may be missing, and where it must be present to be missed says an attribution."""


def vary(network: Network, variants: Variants, name: str, count: int = POSITIONS) -> Sweep:
    """The sweep of one input over the range of that name; KeyError for another name.

    61 positions of a drawing take some 20 ms.
    """
    range_ = RANGES[name]
    positions = range_.positions(count)
    return Sweep.of(network, range_.axis, positions, range_.images(variants, positions))


@dataclass(frozen=True)
class Interval:
    """Around a present position, where the answer stays the same.

    Attributes:
        answer: the class.
        low, high: the ends, in the axis's unit; between rows by linear interpolation.
        open_low, open_high: the answer holds up to the end of the sweep, and perhaps beyond.
        below, above: what is answered beyond the two ends; None where it is open.
    """

    answer: int
    low: float
    high: float
    open_low: bool
    open_high: bool
    below: int | None
    above: int | None


def robust_interval(sweep: Sweep, row: int) -> Interval:
    """The contiguous range around a row of a sweep in which the answer stays that row's.

    An end is where the answer's logit and the largest of the others are equal, if their difference is taken as
    linear between two rows. What happens between rows that agree is not looked at: networks feel fractions of a
    pixel, so a torn one may answer otherwise there. More rows see more.
    """
    answers = sweep.answers
    answer = int(answers[row])
    logits = sweep.logits.astype(np.float64)
    lead = logits[:, answer] - np.delete(logits, answer, axis=1).max(axis=1)
    other = np.flatnonzero(answers != answer)
    before, after = other[other < row], other[other > row]

    def end(inside: int, outside: int) -> float:
        share = lead[inside] / (lead[inside] - lead[outside]) if lead[inside] > lead[outside] else 0.0
        return float(sweep.positions[inside] + share * (sweep.positions[outside] - sweep.positions[inside]))

    low = end(int(before[-1]) + 1, int(before[-1])) if len(before) else float(sweep.positions[0])
    high = end(int(after[0]) - 1, int(after[0])) if len(after) else float(sweep.positions[-1])
    return Interval(
        answer,
        low,
        high,
        not len(before),
        not len(after),
        int(answers[before[-1]]) if len(before) else None,
        int(answers[after[0]]) if len(after) else None,
    )
