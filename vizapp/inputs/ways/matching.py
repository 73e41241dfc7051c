"""Which stroke becomes which: the pairing of two drawings' strokes that moves the least ink.

Strokes are compared at points evenly spaced along their length, in either direction. A stroke too many shrinks into
the nearest point of the other drawing, or grows out of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..pad import SIDE
from ..strokes import Stroke

Doubles = NDArray[np.float64]

SAMPLES = 32
"""Points along a stroke at which it is compared."""
SPARSE = np.linspace(0, SAMPLES - 1, 8).round().astype(np.intp)
"""Those of them at which it is compared with all points of all others."""


@dataclass(frozen=True, eq=False)
class Match:
    """A stroke of the first drawing (its index) becomes one of the second, in the other direction if `reverse`.

    With one of the two None the other stroke comes from, or goes to, `point` float64[2]; the stroke there is
    `host`, an index of the other drawing.
    """

    first: int | None
    second: int | None
    reverse: bool = False
    point: Doubles | None = None
    host: int | None = None


def matched(first: Sequence[Stroke], second: Sequence[Stroke]) -> list[Match]:
    """Every stroke of two drawings once, in a pairing of least movement; neither may be empty.

    As many pairs as the shorter drawing has strokes. The movement of a pair is the mean distance of its points
    times its mean length; that of a stroke too many the same with a dot.
    """
    if len(first) > len(second):
        return [turned(match) for match in matched(second, first)]
    # Here, since importing it takes half a second; see `morphs.warm_up`.
    from scipy.optimize import linear_sum_assignment

    one, other = sampled(first), sampled(second)
    sizes = extents(first), extents(second)
    forward, backward = movements(one, other, *sizes), movements(one, other[:, ::-1], *sizes)
    cost = np.minimum(forward, backward)
    if len(first) < len(second):
        points, hosts, alone = _shrinking(other, one, sizes[1])
        # What is left over pays for shrinking: what a pair saves of that decides.
        cost -= alone
    chosen = linear_sum_assignment(cost)[1]
    pairs = [
        Match(row, int(column), bool(backward[row, column] < forward[row, column]))
        for row, column in enumerate(chosen)
    ]
    left = sorted(set(range(len(second))) - set(chosen.tolist()))
    return pairs + [Match(None, column, False, points[column], int(hosts[column])) for column in left]


def shrunk(strokes: Sequence[Stroke], hosts: Sequence[Stroke]) -> list[Match]:
    """All strokes of the first drawing shrink into the nearest points of the second, which is not empty."""
    points, of, _ = _shrinking(sampled(strokes), sampled(hosts), extents(strokes))
    return [Match(index, None, False, points[index], int(host)) for index, host in enumerate(of)]


def sampled(strokes: Sequence[Stroke]) -> Doubles:
    """float64[n, 32, 2]: points of each stroke, evenly spaced along it."""
    even = np.linspace(0, 1, SAMPLES)
    return np.stack([along(*arc(stroke.points), even) for stroke in strokes])


def extents(strokes: Sequence[Stroke]) -> Doubles:
    """float64[n]: length of each stroke in pad widths, a dot's being the pen's width."""
    lengths = [float(np.hypot(*np.diff(stroke.points, axis=0).T).sum()) for stroke in strokes]
    return np.array([length + s.width / SIDE for length, s in zip(lengths, strokes, strict=True)])


def arc(points: NDArray[np.float32]) -> tuple[Doubles, Doubles]:
    """Where the points [n, 2] of a path lie along its length: shares [m] rising from 0 to 1, points [m, 2].

    Points that do not advance are left out; a path without length is one point at 0.
    """
    path = points.astype(np.float64)
    steps = np.hypot(*np.diff(path, axis=0).T)
    path = path[np.concatenate([[True], steps > 0])]
    shares = np.concatenate([[0.0], np.cumsum(steps[steps > 0])])
    if shares[-1] > 0:
        shares /= shares[-1]
    return shares, path


def along(shares: Doubles, path: Doubles, at: Doubles) -> Doubles:
    """float64[n, 2]: the path of `arc` at shares `at` [n] of its length."""
    return np.stack([np.interp(at, shares, path[:, 0]), np.interp(at, shares, path[:, 1])], axis=1)


def movements(one: Doubles, other: Doubles, sizes: Doubles, other_sizes: Doubles) -> Doubles:
    """float64[n, m]: what it takes to move each of the strokes `one` [n, 32, 2] to each of `other` [m, 32, 2]."""
    mean = np.stack([_distances(other, path).mean(axis=1) for path in one])
    return mean * (sizes[:, None] + other_sizes) / 2


def _distances(one: Doubles, other: Doubles) -> Doubles:
    """float64[...]: from points [..., 2] to points [..., 2]."""
    step = one - other
    step *= step
    return np.sqrt(step[..., 0] + step[..., 1])


def _shrinking(
    strokes: Doubles, others: Doubles, sizes: Doubles
) -> tuple[Doubles, NDArray[np.intp], Doubles]:
    """For each stroke the point of the others that is the least way for it, whose it is, and that movement."""
    targets = others.reshape(-1, 2)
    best = np.empty(len(strokes), np.intp)
    cost = np.empty(len(strokes))
    for index, path in enumerate(strokes):
        distance = _distances(targets[:, None], path[SPARSE]).mean(axis=1)
        best[index] = distance.argmin()
        cost[index] = distance[best[index]] * sizes[index] / 2
    return targets[best], best // SAMPLES, cost


def turned(match: Match) -> Match:
    """The same from the second drawing to the first."""
    return Match(match.second, match.first, match.reverse, match.point, match.host)
