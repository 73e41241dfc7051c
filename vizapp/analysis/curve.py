"""What a confidence curve says: where answers change, how long and how sharply the network hesitates.

Positions between the rows of a sweep are found by linear interpolation, or by bisection where new inputs can be
made. The same two ends lead to other positions by another way: nothing here is "the" boundary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.nearness import Closest, neighbourhood
from vizapp.analysis.sweep import Sweep, Way
from vizapp.inputs.morphs import to_images
from vizapp.nets.network import Network

Doubles = NDArray[np.float64]
Evaluate = Callable[[Doubles], NDArray[Any]]
"""Positions float64[n], in any order, to the logits [n, classes] of the inputs there."""

TOLERANCE = 1e-6
"""Of bisection, as a share of the sweep's range."""


@dataclass(frozen=True)
class Change:
    """The answer changes here from one class to another."""

    position: float
    before: int
    after: int


@dataclass(frozen=True)
class Intruder:
    """A third class: the largest probability it reaches, and where."""

    label: int
    position: float
    probability: float


@dataclass(frozen=True)
class Slope:
    """The steepest piece of p_b: change of the probability per unit of the axis, signed, and its middle."""

    value: float
    position: float


@dataclass(frozen=True)
class Hesitation:
    """Where a score stays below a level: `spans` of positions, `width` their length together, in the axis's unit.

    of: "probability", the largest one, or "margin", of the two largest logits.
    """

    of: str
    level: float
    width: float
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Readouts:
    """One sweep between the classes `a` and `b`.

    Attributes:
        crossings: where the logits of a and b are equal, in their order.
        changes: where the answer changes; there are `flips` of them.
        hesitation: how long.
        steepest: of the probability of b; None for a single position.
        intruders: other classes, the most probable first.
        first, last: the answers at both ends.
    """

    a: int
    b: int
    crossings: tuple[float, ...]
    changes: tuple[Change, ...]
    hesitation: Hesitation
    steepest: Slope | None
    intruders: tuple[Intruder, ...]
    first: int
    last: int

    @property
    def flips(self) -> int:
        return len(self.changes)


def readouts(
    sweep: Sweep,
    a: int,
    b: int,
    *,
    sure: float = 0.9,
    intruding: float = 0.1,
    evaluate: Evaluate | None = None,
) -> Readouts:
    """What the curve of a sweep says of two classes.

    Args:
        sure: the network hesitates where its largest probability is below this.
        intruding: a third class is one whose probability exceeds this.
        evaluate: where given, crossings and changes are found by bisection between the rows, to a
            1,000,000th of the range: some 15 calls.
    """
    logits = sweep.logits.astype(np.float64)
    answers = sweep.answers
    above = logits[:, a] > logits[:, b]
    crossed = np.flatnonzero(above[1:] != above[:-1])
    changed = np.flatnonzero(answers[1:] != answers[:-1])
    # Of each row and the next: which two logits change places.
    rows = np.concatenate([crossed, changed])
    one = np.concatenate([np.full(len(crossed), a), answers[changed]])
    other = np.concatenate([np.full(len(crossed), b), answers[changed + 1]])
    found = _equal(sweep, rows, one, other, evaluate)
    at, changes = found[: len(crossed)], found[len(crossed) :]
    return Readouts(
        a,
        b,
        tuple(at.tolist()),
        tuple(
            Change(position, int(answers[row]), int(answers[row + 1]))
            for position, row in zip(changes.tolist(), changed, strict=True)
        ),
        hesitation(sweep, sure),
        _steepest(sweep, b),
        _intruders(sweep, (a, b), intruding),
        int(answers[0]),
        int(answers[-1]),
    )


def evaluation(network: Network, way: Way) -> Evaluate:
    """What `readouts` needs to look between the rows of a way."""
    return lambda positions: network.forward(to_images(way.frames(positions), way.normalised)).logits


def hesitation(
    sweep: Sweep, level: float, of: Literal["probability", "margin"] = "probability"
) -> Hesitation:
    """Where the largest probability, or the margin of the two largest logits, is below a level."""
    values = sweep.margin if of == "margin" else sweep.probabilities.max(axis=1).astype(np.float64)
    spans = below(sweep.positions, values, level)
    return Hesitation(of, level, float(sum(end - start for start, end in spans)), spans)


def nearest(sweep: Sweep) -> Closest:
    """For each row and class the nearest reference image in the last hidden layer: does the way lead through what
    the network knows? A few milliseconds once the reference images have been answered.
    """
    network = sweep.network
    hidden = network.span(network.layers[-2].name)
    return neighbourhood(network).closest(sweep.trace.activation[:, hidden])


def below(positions: Doubles, values: Doubles, level: float) -> tuple[tuple[float, float], ...]:
    """The spans in which the line through (positions, values) [K] is below a level, touching ones joined."""
    spans: list[tuple[float, float]] = []
    for row in range(len(positions) - 1):
        start, end = values[row] - level, values[row + 1] - level
        if start >= 0 and end >= 0:
            continue
        left, step = positions[row], positions[row + 1] - positions[row]
        zero = left + step * (start / (start - end)) if (start < 0) != (end < 0) else left
        span = (left if start < 0 else zero, left + step if end < 0 else zero)
        if spans and spans[-1][1] == span[0]:
            span = (spans.pop()[0], span[1])
        spans.append((float(span[0]), float(span[1])))
    return tuple(spans)


def _equal(
    sweep: Sweep,
    rows: NDArray[np.intp],
    one: NDArray[Any],
    other: NDArray[Any],
    evaluate: Evaluate | None,
) -> Doubles:
    """float64[n]: where two logits, that change places between a row and the next, are equal."""
    logits = sweep.logits.astype(np.float64)
    low, high = sweep.positions[rows], sweep.positions[rows + 1]
    start = logits[rows, one] - logits[rows, other]
    end = logits[rows + 1, one] - logits[rows + 1, other]
    if evaluate is None or not len(rows):
        return np.asarray(low + (high - low) * start / np.where(start == end, 1, start - end))
    rises = end > start
    tolerance = TOLERANCE * (sweep.positions[-1] - sweep.positions[0])
    low, high = low.copy(), high.copy()
    while (high - low).max() > tolerance:
        middle = (low + high) / 2
        if (middle <= low).all() or (middle >= high).all():
            break  # no number lies between
        found = np.asarray(evaluate(middle), np.float64)
        index = np.arange(len(rows))
        before = ((found[index, one] - found[index, other]) <= 0) == rises
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return np.asarray((low + high) / 2)


def _steepest(sweep: Sweep, label: int) -> Slope | None:
    if len(sweep) < 2:
        return None
    slopes = np.diff(sweep.probabilities[:, label].astype(np.float64)) / np.diff(sweep.positions)
    row = int(np.abs(slopes).argmax())
    return Slope(float(slopes[row]), float((sweep.positions[row] + sweep.positions[row + 1]) / 2))


def _intruders(sweep: Sweep, expected: tuple[int, int], level: float) -> tuple[Intruder, ...]:
    rows = sweep.probabilities.argmax(axis=0)
    found = [
        Intruder(label, float(sweep.positions[row]), float(sweep.probabilities[row, label]))
        for label, row in enumerate(rows)
        if label not in expected and sweep.probabilities[row, label] > level
    ]
    return tuple(sorted(found, key=lambda intruder: -intruder.probability))
