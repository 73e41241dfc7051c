"""A session's sweep crossed with a second axis: every input of a rectangle, some rows at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.grid import Grid, answered
from vizapp.analysis.ranges import RANGES
from vizapp.analysis.sweep import Axis
from vizapp.inputs.morphs import to_images
from vizapp.inputs.variants import Setting, Variants
from vizapp.nets.network import Network
from vizapp.timeline import Timeline

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

WAY = "way"
"""Not a range: the ways of a morph beside each other."""
COARSE, FINE = 9, 31
"""Positions along an axis: of the first picture, and of the one that stays."""
FINE_OF_WAYS = 61
"""There are few ways, so there may be more positions on each."""


def choices(timeline: Timeline | None) -> tuple[str, ...]:
    """What a sweep can be crossed with: any range but its own, and a morph with its ways."""
    if timeline is None:
        return ()
    ways = (WAY,) if timeline.kind == "morph" else ()
    return (*ways, *(name for name in RANGES if name != timeline.kind))


@dataclass(frozen=True)
class Crossing:
    """A rectangle of inputs, whatever the network.

    Attributes:
        timeline: the columns go along its axis.
        way: of a morph, the one that is crossed with a range; its ways are not one way.
        second: what the rows go along: the name of a range, or "way".
        fine: as it stays, not the first picture.

    Raises:
        ValueError: if the sweep cannot be crossed with that.
    """

    timeline: Timeline
    way: str
    second: str
    fine: bool = True

    def __post_init__(self) -> None:
        if self.second not in choices(self.timeline):
            raise ValueError(f"{self.timeline.kind} cannot be crossed with {self.second!r}")

    @property
    def axis(self) -> Axis:
        """Of the rows."""
        return Axis(WAY, "way") if self.second == WAY else RANGES[self.second].axis

    @property
    def names(self) -> tuple[str, ...]:
        """Of the rows, if they are ways."""
        return self.timeline.ways if self.second == WAY else ()

    @property
    def bounds(self) -> tuple[float, float]:
        """Of the rows: ways are numbered from 0, a row reaching half a number to both sides."""
        if self.second == WAY:
            return -0.5, len(self.names) - 0.5
        return RANGES[self.second].low, RANGES[self.second].high

    @property
    def neutral(self) -> float | None:
        """Where the second axis does nothing."""
        return None if self.second == WAY else RANGES[self.second].neutral

    @cached_property
    def columns(self) -> Doubles:
        """float64[K2], rising."""
        count = COARSE if not self.fine else FINE_OF_WAYS if self.second == WAY else FINE
        range_ = self.timeline.range
        return range_.positions(count) if range_ else np.linspace(0.0, 1.0, count)

    @cached_property
    def rows(self) -> Doubles:
        """float64[K1], rising."""
        if self.second == WAY:
            return np.arange(len(self.names), dtype=np.float64)
        return RANGES[self.second].positions(FINE if self.fine else COARSE)

    def images(self, row: int) -> Floats:
        """float32[K2, 28, 28]: the inputs of a row, each as `Timeline.rendered` gives it. InputError as for that."""
        timeline = self.timeline
        if self.second == WAY:
            return to_images(timeline.way(self.names[row]).frames(self.columns), timeline.normalised)
        across, position = RANGES[self.second], float(self.rows[row])
        setting = across.put(Setting(), position)
        if timeline.range:
            return timeline.range.images(timeline.variants, self.columns, setting)
        return np.stack([variants.at(setting) for variants in self._frames])

    @cached_property
    def _frames(self) -> list[Variants]:
        """What a morph shows in each column, to be put through the range."""
        frames = self.timeline.way(self.way).frames(self.columns)
        normalised = self.timeline.normalised
        return [
            Variants.of_image(frame) if isinstance(frame, np.ndarray) else Variants(frame, normalised)
            for frame in frames
        ]

    def part(self, network: Network, first: int, count: int) -> Grid:
        """The answers to `count` rows, or to as many as there are, from row `first` on."""
        rows = self.rows[first : first + count]
        images = (self.images(row) for row in range(first, first + len(rows)))
        return answered(network, self.axis, rows, self.timeline.axis, self.columns, images, self.names)


def joined(parts: Sequence[Grid]) -> Grid:
    """Parts of one grid, in their order, as one."""
    first = parts[0]
    return Grid(
        first.first,
        first.second,
        np.concatenate([part.rows for part in parts]),
        first.columns,
        np.concatenate([part.answers for part in parts]),
        np.concatenate([part.confidence for part in parts]),
        np.concatenate([part.margin for part in parts]),
        first.names,
    )


def areas(crossing: Crossing) -> Doubles:
    """float64[K1, K2], adding up to 1: what part of the rectangle each input stands for."""
    return np.outer(
        _widths(crossing.rows, crossing.bounds), _widths(crossing.columns, crossing.timeline.bounds)
    )


def stays(crossing: Crossing, grid: Grid) -> float:
    """The share of the rectangle in which the answer stays what it is.

    For two ranges: what it is where both do nothing. For a morph and a range: what it is at the same position
    without the range. For ways: where all of them have the same answer, which is a share of the positions.
    """
    answers = grid.answers
    neutral = crossing.neutral
    if neutral is None:
        same = np.broadcast_to((answers == answers[:1]).all(axis=0), answers.shape)
    else:
        row = int(np.abs(grid.rows - neutral).argmin())
        range_ = crossing.timeline.range
        here = answers[row]
        same = answers == (here if range_ is None else here[np.abs(grid.columns - range_.neutral).argmin()])
    return float((areas(crossing) * same).sum())


def _widths(positions: Doubles, bounds: tuple[float, float]) -> Doubles:
    """Each position stands for what is nearer to it than to any other, within the bounds."""
    edges = np.concatenate([bounds[:1], (positions[1:] + positions[:-1]) / 2, bounds[1:]])
    return np.diff(edges) / (bounds[1] - bounds[0])
