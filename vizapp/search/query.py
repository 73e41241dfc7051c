"""What a query finds in the present network, drawing and selection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis import relevance
from vizapp.explorer import Explorer
from vizapp.search import ranks
from vizapp.search.places import Nodes, Place, output_node, read_places, whole_layer
from vizapp.search.words import NotFoundError, Words
from vizapp.sentences import counted, figure, listed

LONGEST = 200
"""Characters of a query."""
MOST = 12
"""Results."""
USUAL = 10
"""Nodes of a layer, where nobody says how many."""
_PARTS = 8


@dataclass(frozen=True, eq=False)
class Result:
    """Some nodes, int64[n], the first of them to become the primary one."""

    title: str
    detail: str
    nodes: Nodes


@dataclass(frozen=True, eq=False)
class Found:
    """What a query came to; without results `hint` says why, and what can be asked."""

    results: tuple[Result, ...]
    hint: str = ""


def search(explorer: Explorer, text: str) -> Found:
    """Nodes by words. Never raises: what is not understood is said in `hint`."""
    if len(text) > LONGEST:
        return Found((), f"A search has at most {LONGEST} characters.")
    try:
        return Found(tuple(_Query(explorer, text).results()[:MOST]))
    except NotFoundError as error:
        return Found((), f"{error} Try {listed([f'“{example}”' for example in _examples(explorer)])}.")


def suggestions(explorer: Explorer) -> Found:
    """What can be searched, as results: for a field that is still empty."""
    return Found(tuple(_Query(explorer, example).results()[0] for example in _examples(explorer)))


def _examples(explorer: Explorer) -> list[str]:
    layers = explorer.net.layers
    maps = next((layer.name for layer in reversed(layers) if layer.kind == "conv"), None)
    named = f"{maps} map 7" if maps else f"{layers[1].name} unit 31"
    say = f"nodes that say {explorer.contrast[0]}"
    return [named, f"layer {layers[1].name}", f"strongest 10 in {layers[-2].name}", say]


class _Query:
    """The grammar of `vizapp.search`, one method for each of its rules."""

    def __init__(self, explorer: Explorer, text: str) -> None:
        self.explorer, self.net = explorer, explorer.net
        self.words = Words(text, [layer.name for layer in self.net.layers])

    def results(self) -> list[Result]:
        if self.words.peek() is None:
            raise NotFoundError("Nothing is asked for.")
        parts = [self._part()]
        while self.words.take("and"):
            parts.append(self._part())
            if len(parts) > _PARTS:
                raise NotFoundError(f"At most {_PARTS} things can be searched together.")
        if (word := self.words.peek()) is not None:
            raise NotFoundError(f"“{word[:40]}” is not understood there.")
        if len(parts) == 1:
            return parts[0]
        nodes = _distinct(part[0].nodes for part in parts)
        return [Result(listed([part[0].title for part in parts]), counted(len(nodes), "node"), nodes)]

    def _part(self) -> list[Result]:
        count = self.words.number()
        kind = self.words.take(*ranks.KINDS)
        if kind is not None:
            # "evidence for", "most active"
            while self.words.peek() not in (None, "say", "against") and self.words.take(*ranks.KINDS):
                pass
            kind = self.words.take(*ranks.OF_A_CLASS) or kind
            return self._rank(kind, count)
        if count is not None:
            return self._digit(count)
        if self.words.take("selected"):
            return self._selected()
        return [self._whole(place) for place in read_places(self.net, self.words)]

    def _whole(self, place: Place) -> Result:
        nodes = place.nodes
        value = f", {figure(float(self._activation[nodes[0]]))}" if len(nodes) == 1 else ""
        return Result(place.name, counted(len(nodes), "node") + value, nodes)

    def _selected(self) -> list[Result]:
        nodes = np.array(self.explorer.selection, np.int64)
        if not len(nodes):
            raise NotFoundError("Nothing is selected.")
        return [Result("Selected", counted(len(nodes), "node"), nodes)]

    def _digit(self, digit: int) -> list[Result]:
        """A digit alone: its output, and who speaks for and against it."""
        found = [self._whole(output_node(self.net, digit))]
        for kind in ranks.OF_A_CLASS:
            found += self._ranked(kind, USUAL, digit, [])[:1]
        return found

    def _rank(self, kind: str, count: int | None) -> list[Result]:
        digit = None
        if kind in ranks.OF_A_CLASS:
            digit = self.words.number()
            if digit is None or digit >= self.net.layers[-1].n_nodes:
                raise NotFoundError(
                    f"After “{kind}” a digit from 0 to {self.net.layers[-1].n_nodes - 1} is needed."
                )
        after = self.words.number()
        count = after if count is None else count
        if count == 0:
            raise NotFoundError("Nought nodes are no nodes.")
        if count is None and kind not in ranks.ALL:
            count = USUAL
        named = self.words.take("in") or self.words.peek() not in (None, "and")
        found = self._ranked(kind, count, digit, read_places(self.net, self.words) if named else [])
        if not found:
            raise NotFoundError(ranks.none_of(kind, digit, bool(named)))
        return found

    def _ranked(self, kind: str, count: int | None, digit: int | None, places: list[Place]) -> list[Result]:
        """In each of the places; where none is named in every layer, and in all of them together."""
        values = self._activation if digit is None else self._evidence(digit)
        # What the outputs say of their own digits goes without saying.
        layers = self.net.layers if digit is None else self.net.layers[:-1]
        found = []
        for place in places or [whole_layer(self.net, layer.name) for layer in layers]:
            nodes = ranks.ranked(kind, place.nodes, values[place.nodes])[:count]
            shown = None if count is None else len(nodes)
            if len(nodes):
                title = ranks.title(kind, digit, shown, place.name)
                found.append(Result(title, ranks.detail(kind, nodes, place, values), nodes))
        if not places and len(found) > 1:
            nodes = np.concatenate([result.nodes for result in reversed(found)])
            title = ranks.title(kind, digit, count, "each layer")
            found.insert(0, Result(title, counted(len(nodes), "node"), nodes))
        return found

    @property
    def _activation(self) -> NDArray[Any]:
        return np.asarray(self.explorer.trace.activation[0])

    def _evidence(self, digit: int) -> NDArray[Any]:
        return np.asarray(relevance.of_class(self.explorer.trace, digit).node)


def _distinct(parts: Iterable[Nodes]) -> Nodes:
    return np.array(list(dict.fromkeys(int(node) for part in parts for node in part)), np.int64)
