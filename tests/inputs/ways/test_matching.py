"""The pairing of strokes, against all permutations."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from vizapp.inputs import Stroke
from vizapp.inputs.ways.matching import SPARSE, Match, along, arc, extents, matched, movements, sampled

from ..drawn import stroke


def scribbles(seed: int, count: int) -> list[Stroke]:
    rng = np.random.default_rng(seed)
    return [stroke(rng.random((int(rng.integers(1, 9)), 2))) for _ in range(count)]


def movement(first: list[Stroke], second: list[Stroke], match: Match) -> float:
    """What a match costs, point by point."""
    even = np.linspace(0, 1, 32)
    if match.point is not None:
        even = even[SPARSE]
    if match.first is not None and match.second is not None:
        one, other = first[match.first], second[match.second]
        target = along(*arc(other.points), 1 - even if match.reverse else even)
        size = float(extents([one, other]).mean())
    else:
        one = first[match.first] if match.first is not None else second[match.second or 0]
        assert match.point is not None
        target = np.broadcast_to(match.point, (8, 2))
        size = float(extents([one])[0]) / 2
    return float(np.hypot(*(along(*arc(one.points), even) - target).T).mean()) * size


@pytest.mark.parametrize("counts", [(1, 1), (2, 2), (3, 3), (4, 4), (2, 4), (4, 1), (3, 5)])
def test_no_permutation_moves_less(counts: tuple[int, int]) -> None:
    for seed in range(6):
        first, second = scribbles(seed, counts[0]), scribbles(seed + 50, counts[1])
        found = matched(first, second)
        short, long = sorted([first, second], key=len)
        one, other = sampled(short), sampled(long)
        sizes = extents(short), extents(long)
        cost = np.minimum(
            movements(one, other, *sizes), movements(one, np.ascontiguousarray(other[:, ::-1]), *sizes)
        )
        spots = one.reshape(-1, 2)
        alone = np.array(
            [
                np.hypot(*(spots[:, None] - path).transpose(2, 0, 1)).mean(axis=1).min()
                for path in other[:, SPARSE]
            ]
        )
        alone *= sizes[1] / 2
        least = min(
            sum(cost[row, column] for row, column in enumerate(chosen))
            + sum(alone[column] for column in range(len(long)) if column not in chosen)
            for chosen in permutations(range(len(long)), len(short))
        )
        assert sum(movement(first, second, match) for match in found) == pytest.approx(least)


@pytest.mark.parametrize("counts", [(1, 1), (3, 2), (2, 3), (5, 5)])
def test_every_stroke_is_matched_once(counts: tuple[int, int]) -> None:
    first, second = scribbles(1, counts[0]), scribbles(2, counts[1])
    found = matched(first, second)
    assert sorted(m.first for m in found if m.first is not None) == list(range(counts[0]))
    assert sorted(m.second for m in found if m.second is not None) == list(range(counts[1]))
    assert sum(m.first is not None and m.second is not None for m in found) == min(counts)


def test_a_stroke_drawn_backwards_in_another_order_is_found() -> None:
    first = scribbles(7, 4)
    order = [2, 0, 3, 1]
    second = [Stroke(first[index].points[::-1] + np.float32(0.01)) for index in order]
    found = {match.first: match for match in matched(first, second)}
    assert [order[found[index].second or 0] for index in range(4)] == list(range(4))
    assert all(match.reverse for match in found.values() if len(first[match.first or 0].points) > 1)


def test_one_too_many_goes_to_a_point_of_its_host() -> None:
    first = [stroke([[0.2, 0.2], [0.2, 0.8]]), stroke([[0.6, 0.5], [0.7, 0.5]])]
    second = [stroke([[0.25, 0.2], [0.25, 0.8]])]
    (left,) = [match for match in matched(first, second) if match.second is None]
    assert (left.first, left.host) == (1, 0)
    assert left.point is not None
    assert left.point == pytest.approx([0.25, 0.5], abs=0.02)


def test_arc_length() -> None:
    # A quarter of the way, then the rest; points that stand still do not count.
    shares, path = arc(stroke([[0, 0], [0, 0], [0.1, 0], [0.1, 0], [0.1, 0.3]]).points)
    assert shares == pytest.approx([0, 0.25, 1])
    assert along(shares, path, np.array([0.125, 0.625])) == pytest.approx(
        np.array([[0.05, 0], [0.1, 0.15]]), abs=1e-6
    )
    shares, path = arc(stroke([[0.3, 0.4]] * 3).points)
    assert shares.tolist() == [0]
    assert along(shares, path, np.array([0, 0.5, 1])) == pytest.approx(np.array([[0.3, 0.4]] * 3))
