"""Regions of a map in which the answer is the same, and where in each there is most room for its name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Region:
    """Cells that hang together, side to side.

    Attributes:
        answer: their class.
        cells: how many they are.
        row, column: of the cell that is farthest from other answers and from the edge of the map.
        room: how far, in cells; 1 if another answer is next to it.
    """

    answer: int
    cells: int
    row: int
    column: int
    room: float


def regions(answers: NDArray[np.int64]) -> list[Region]:
    """The regions of int64[rows, columns], the largest first."""
    # Here, since importing it takes half a second.
    from scipy.ndimage import distance_transform_edt, label

    found = []
    for answer in np.unique(answers).tolist():
        parts, count = label(answers == answer)
        for part in range(1, count + 1):
            inside = parts == part
            room = distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
            row, column = np.unravel_index(int(room.argmax()), room.shape)
            cells = int(inside.sum())
            found.append(Region(answer, cells, int(row), int(column), float(room[row, column])))
    return sorted(found, key=lambda region: -region.cells)
