"""The way of strokes: each stroke moves into its partner, so that every frame could have been written by hand.

Partners are laid over each other by arc length, with the points of both: at either end the path is the given one,
not a smoothed one, and frames near it differ from it little.

Erasers cannot change places with ink, for what they rub out would change at once. So if both drawings have some,
the n-th run of ink strokes is matched with the n-th run, and the n-th run of eraser strokes likewise; if one has,
its order holds for both. A stroke with nothing of its kind to go to contracts to its middle and gets narrower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ..strokes import MAX_POINTS, MIN_WIDTH, Stroke
from .matching import Match, along, arc, matched, shrunk, turned

Doubles = NDArray[np.float64]
Drawn = tuple[Stroke, ...]

MAX_KNOTS = 512
"""Points of a moving stroke; where both together have more, so many evenly spaced ones."""


@dataclass(frozen=True, eq=False)
class Moving:
    """A stroke on its way: from `start` float64[n, 2] to `end`, its width from the first to the second."""

    start: Doubles
    end: Doubles
    widths: tuple[float, float]
    erase: bool

    def at(self, t: float) -> Stroke:
        points = self.start + t * (self.end - self.start)
        first, second = self.widths
        return Stroke(points.astype(np.float32), first + t * (second - first), self.erase)


class Strokes:
    """The way between two drawings, neither of them empty."""

    def __init__(self, start: Sequence[Stroke], end: Sequence[Stroke]) -> None:
        found = _ordered(start, end)
        limit = max(2, min(MAX_KNOTS, MAX_POINTS // len(found)))
        self.moving = [_moving(one, other, match, limit) for one, other, match in found]

    def at(self, t: float) -> Drawn:
        """The drawing at this share of the way, between 0 and 1."""
        return tuple(moving.at(t) for moving in self.moving)


_Placed = tuple[int, Stroke]
"""A stroke, and the number of its run."""
_Pair = tuple[Stroke | None, Stroke | None, Match]
"""Partners. For a stroke too many, its host in place of one; None where there is no host either."""


def _ordered(start: Sequence[Stroke], end: Sequence[Stroke]) -> list[_Pair]:
    """All pairs, in the order in which they are drawn."""
    first, second = _placed(start), _placed(end)
    count = 1 + max(run for run, _ in first + second)
    found: list[tuple[int, _Pair]] = []
    if any(stroke.erase for _, stroke in first) and any(stroke.erase for _, stroke in second):
        for run in range(count):
            found += _paired(_of(first, run), _of(second, run), first, second)
    else:
        # One of the two at least has no eraser, so its strokes may be drawn in the other's order.
        for erase in (False, True):
            one, other = ([item for item in side if item[1].erase == erase] for side in (first, second))
            found += _paired(one, other, [], [])
    return [pair for _, pair in sorted(found, key=lambda item: item[0])]


def _placed(strokes: Sequence[Stroke]) -> list[_Placed]:
    """Runs of ink have even numbers, those of the eraser odd ones."""
    runs = [list(group) for _, group in groupby(strokes, lambda stroke: stroke.erase)]
    first = int(bool(strokes) and strokes[0].erase)
    return [(run, stroke) for run, group in enumerate(runs, first) for stroke in group]


def _of(strokes: list[_Placed], run: int) -> list[_Placed]:
    return [item for item in strokes if item[0] == run]


def _paired(
    one: list[_Placed], other: list[_Placed], first: list[_Placed], second: list[_Placed]
) -> list[tuple[int, _Pair]]:
    """Pairs of two runs of one kind, with the number of the run that they are drawn in.

    `first`, `second`: where to look for hosts, besides in the two runs.
    """
    if one and other:
        matches = matched([stroke for _, stroke in one], [stroke for _, stroke in other])
        return [_pair(match, one, other) for match in matches]
    if one:
        return _departing(one, second)
    return [
        (run, (partner, stroke, turned(match))) for run, (stroke, partner, match) in _departing(other, first)
    ]


def _pair(match: Match, one: list[_Placed], other: list[_Placed]) -> tuple[int, _Pair]:
    host = match.host or 0
    (run, first), (other_run, second) = (
        one[host if match.first is None else match.first],
        other[host if match.second is None else match.second],
    )
    return max(run, other_run), (first, second, match)


def _departing(strokes: list[_Placed], others: list[_Placed]) -> list[tuple[int, _Pair]]:
    """Strokes with none of the same run to go to. What is drawn later, over them, hides them as well."""
    if not strokes:
        return []
    run, stroke = strokes[0]
    hosts = [other for at, other in others if at > run and other.erase == stroke.erase]
    if not hosts:
        return [(run, (stroke, None, Match(0, None))) for run, stroke in strokes]
    matches = shrunk([stroke for _, stroke in strokes], hosts)
    return [
        (run, (stroke, hosts[match.host or 0], match))
        for (run, stroke), match in zip(strokes, matches, strict=True)
    ]


def _moving(first: Stroke | None, second: Stroke | None, match: Match, limit: int) -> Moving:
    if match.first is None or match.second is None:
        leaving, host = (second, first) if match.first is None else (first, second)
        assert leaving is not None
        path = leaving.points.astype(np.float64)
        point = along(*arc(leaving.points), np.array([0.5])) if match.point is None else match.point
        spot = np.broadcast_to(point, path.shape)
        # As wide as its host it is hidden by it.
        width = MIN_WIDTH if host is None else host.width
        if match.first is None:
            return Moving(spot, path, (width, leaving.width), leaving.erase)
        return Moving(path, spot, (leaving.width, width), leaving.erase)
    assert first is not None
    assert second is not None
    shares, path = arc(first.points)
    others, target = arc(second.points)
    if match.reverse:
        others, target = 1 - others[::-1], target[::-1]
    knots = np.union1d(shares, others)
    if len(knots) > limit:
        knots = np.linspace(0, 1, limit)
    widths = first.width, second.width
    return Moving(along(shares, path, knots), along(others, target, knots), widths, first.erase)
