"""Nodes in an order: by their activation, or by the evidence that they carry for a class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.search.places import Nodes, Place
from vizapp.sentences import counted, figure

KINDS = ("strongest", "weakest", "silent", "active", "say", "against")
OF_A_CLASS = ("say", "against")
ALL = ("silent", "active")
"""Of these one wants all, unless a number is given."""


def ranked(kind: str, nodes: Nodes, values: NDArray[Any]) -> Nodes:
    """Those of the nodes that qualify, the one that does most first; values [n] are theirs.

    The weakest are the weakest that say anything: of the silent ones, which are a kind of their own, there would be
    no end.
    """
    if kind == "silent":
        return np.asarray(nodes[values == 0])
    keep = {"say": values > 0, "against": values < 0, "strongest": np.full(len(nodes), True)}.get(
        kind, values != 0
    )
    nodes, values = nodes[keep], values[keep]
    upwards = kind in ("weakest", "against")
    return np.asarray(nodes[np.argsort(values if upwards else -values, kind="stable")])


def title(kind: str, digit: int | None, count: int | None, where: str) -> str:
    """ "Strongest 10 in fc2", "Silent in fc1", "Say 2: 10 in fc2"."""
    if digit is not None:
        return f"{kind.capitalize()} {digit}: {count} in {where}"
    return f"{kind.capitalize()} in {where}" if count is None else f"{kind.capitalize()} {count} in {where}"


def detail(kind: str, nodes: Nodes, place: Place, values: NDArray[Any]) -> str:
    """How many, and what they amount to; values are those of all nodes of the network."""
    if kind in ALL:
        return f"{len(nodes):,} of {counted(len(place.nodes), 'node')}"
    own = values[nodes].astype(np.float64)
    if kind in OF_A_CLASS:
        return f"{counted(len(nodes), 'node')}, together {figure(own.sum())}"
    low, high = figure(own.min()), figure(own.max())
    return f"{counted(len(nodes), 'node')}, {low if low == high else f'{low} to {high}'}"


def none_of(kind: str, digit: int | None, there: bool) -> str:
    verb = {"say": f"says {digit}", "against": f"speaks against {digit}", "silent": "is silent"}.get(
        kind, "is active"
    )
    return f"No node {'there ' if there else ''}{verb} now."
