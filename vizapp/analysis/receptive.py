"""Receptive fields: which pixels of the picture a node can see, from the geometry of the layers alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vizapp.nets.layers import Conv, Dense, Input, Layer, Pool
from vizapp.nets.network import Network


@dataclass(frozen=True)
class Field:
    """Rows `row0` to below `row1`, columns `col0` to below `col1` of the picture, without the frame around it."""

    row0: int
    row1: int
    col0: int
    col1: int


def receptive_field(network: Network, node: int) -> Field | None:
    """All pixels on which a node's value can depend; None for a node of the empty frame around the picture.

    Raises:
        ValueError: if there is no such node.
    """
    position = network.layer_index_of(node)
    path = network.layers[: position + 1]
    rows, columns = network.image_shape
    if any(isinstance(layer, Dense) for layer in path):
        return Field(0, rows, 0, columns)
    _, row, column = np.unravel_index(node - int(network.offsets[position]), path[-1].shape)
    down, across = (int(row), int(row) + 1), (int(column), int(column) + 1)
    for layer in reversed(path[1:]):
        down, across = _below(layer, *down), _below(layer, *across)
    source = path[0]
    assert isinstance(source, Input)
    row0, row1 = (min(max(edge - source.pad, 0), rows) for edge in down)
    col0, col1 = (min(max(edge - source.pad, 0), columns) for edge in across)
    return Field(row0, row1, col0, col1) if row0 < row1 and col0 < col1 else None


def _below(layer: Layer, start: int, stop: int) -> tuple[int, int]:
    """What a run of a layer's rows (or columns) is computed from, as a run in the layer below."""
    if isinstance(layer, Conv):
        return start, stop - 1 + layer.size
    if isinstance(layer, Pool):
        return start * layer.size, stop * layer.size
    raise TypeError(f"{layer.name} is of a kind whose geometry is not known here: {layer.kind}")
