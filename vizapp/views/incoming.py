"""Taking a page's messages apart: nothing in them is believed before it was looked at."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Message = Mapping[str, Any]

MAX_POINTS = 4000
MAX_NODES = 20_000


class MessageError(ValueError):
    """A message that no page of ours sends."""


def whole(data: Message, key: str, low: int = 0, high: int = 2**31) -> int:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise MessageError(f"{key} must be a whole number from {low}.")
    return value


def number(data: Message, key: str) -> float:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MessageError(f"{key} must be a number.")
    try:
        return float(value)
    except OverflowError:
        raise MessageError(f"{key} is too large a number.") from None


def choice(data: Message, key: str, options: tuple[str, ...], default: str | None = None) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or value not in options:
        raise MessageError(f"{key} must be one of: {', '.join(options)}.")
    return value


def text(data: Message, key: str, longest: int) -> str:
    value = data.get(key)
    if not isinstance(value, str) or len(value) > longest:
        raise MessageError(f"{key} must be a text of at most {longest:,} characters.")
    return value


def nodes(data: Message, n_nodes: int, key: str = "nodes") -> list[int]:
    """Node ids of a network of `n_nodes` nodes; a Uint32Array of the browser arrives as Python's array."""
    value = data.get(key)
    if not isinstance(value, (list, array)) or len(value) > MAX_NODES:
        raise MessageError(f"At most {MAX_NODES:,} nodes can be picked at a time.")
    if isinstance(value, array):
        if value.typecode not in "BHILQ":
            raise MessageError("Nodes are whole numbers.")
        ids = np.array(value, np.int64)
        if len(ids) and ids.max() >= n_nodes:
            raise MessageError(f"Nodes go from 0 to {n_nodes - 1}.")
        return [int(node) for node in ids]
    return [whole({"node": node}, "node", 0, n_nodes - 1) for node in value]


def points(data: Message) -> NDArray[np.float32]:
    """float32[n, 2] from a Float32Array of the browser, which arrives as Python's array."""
    value = data.get("points")
    if not isinstance(value, array) or value.typecode != "f" or len(value) % 2:
        raise MessageError("The points of a stroke must be pairs of numbers.")
    if len(value) > 2 * MAX_POINTS:
        raise MessageError(f"At most {MAX_POINTS} points are taken at a time.")
    return np.array(value, np.float32).reshape(-1, 2)
