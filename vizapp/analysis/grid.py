"""Two sweeps crossed: answers and confidences over a rectangle of inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vizapp.analysis import scores
from vizapp.analysis.ranges import RANGES
from vizapp.analysis.sweep import Axis
from vizapp.inputs.morphs import End, Frame, Morph, ways_between
from vizapp.inputs.variants import Setting, Variants
from vizapp.nets.network import Network

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

COUNT = 31
MAX_INPUTS = 40_000
"""About as many as a core draws and answers in ten seconds."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Row i, column j: the input at rows[i] of the first axis and columns[j] of the second.

    Attributes:
        first, second: the axes.
        rows, columns: float64[K1], float64[K2], positions on them.
        answers: int64[K1, K2], the classes of the largest logits.
        confidence: float32[K1, K2], the largest probabilities.
        margin: float64[K1, K2], the largest logits minus the second largest.
        names: of the rows, where they are no numbers: the ways of a morph.
    """

    first: Axis
    second: Axis
    rows: Doubles
    columns: Doubles
    answers: NDArray[np.int64]
    confidence: Floats
    margin: Doubles
    names: tuple[str, ...] = ()


def grid(
    network: Network, variants: Variants, first: str, second: str, counts: tuple[int, int] = (COUNT, COUNT)
) -> Grid:
    """Two ranges of one input crossed: about 0.3 s for 31 × 31 of a drawing.

    Raises:
        KeyError: for a range of another name.
        ValueError: if both are the same, or there are too many inputs.
    """
    if first == second:
        raise ValueError(f"a range cannot be crossed with itself: {first!r}")
    down, across = RANGES[first], RANGES[second]
    rows, columns = down.positions(counts[0]), across.positions(counts[1])
    images = (across.images(variants, columns, down.put(Setting(), position)) for position in rows.tolist())
    return answered(network, down.axis, rows, across.axis, columns, images)


def morph_grid(
    network: Network,
    axis: Axis,
    positions: ArrayLike,
    frames: Sequence[Frame],
    second: str,
    count: int = COUNT,
    normalised: bool = True,
) -> Grid:
    """A morph crossed with a range: row i is the range of frame i. Errors as for `grid`."""
    across = RANGES[second]
    columns = across.positions(count)
    images = (across.images(_variants(frame, normalised), columns) for frame in frames)
    return answered(network, axis, np.asarray(positions, np.float64), across.axis, columns, images)


def way_grid(
    network: Network, axis: Axis, positions: ArrayLike, start: End, end: End, normalised: bool = True
) -> Grid:
    """Every way that there is between two ends, a row each. InputError as for `Morph`."""
    names = ways_between(start, end)
    columns = np.asarray(positions, np.float64)
    images = (Morph(name, start, end, normalised).images(columns) for name in names)
    way = Axis("way", "way")
    return answered(network, way, np.arange(len(names), dtype=np.float64), axis, columns, images, names)


def answered(
    network: Network,
    first: Axis,
    rows: Doubles,
    second: Axis,
    columns: Doubles,
    images: Iterable[Floats],
    names: tuple[str, ...] = (),
) -> Grid:
    """The network's answers to `images`, row after row float32[K2, 28, 28], of which one is held at a time."""
    if len(rows) * len(columns) > MAX_INPUTS:
        raise ValueError(
            f"{len(rows):,} × {len(columns):,} inputs are too many; at most {MAX_INPUTS:,} are taken"
        )
    logits, confidence = zip(*_rows(network, images), strict=True)
    values = np.stack(logits)
    return Grid(
        first,
        second,
        rows,
        columns,
        values.argmax(axis=2),
        np.stack(confidence),
        scores.margin(values),
        names,
    )


def _rows(network: Network, images: Iterable[Floats]) -> Iterator[tuple[Floats, Floats]]:
    for row in images:
        trace = network.forward(row)
        # Copies: a view would keep the whole trace.
        yield trace.logits.copy(), trace.probabilities.max(axis=1)


def _variants(frame: Frame, normalised: bool) -> Variants:
    return Variants.of_image(frame) if isinstance(frame, np.ndarray) else Variants(frame, normalised)
