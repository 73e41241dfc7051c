"""Nodes along a sweep: made when a chart of them is in sight and asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

from vizapp.inputs import InputError
from vizapp.views import incoming
from vizapp.views.incoming import MessageError
from vizapp.views.node_map import AGGREGATES, ORDERS, SCALINGS
from vizapp.views.nodes_along import (
    MAX_CURVES,
    WHATS,
    Along,
    counts_message,
    curves_message,
    map_message,
    split_message,
)
from vizapp.views.topics.failed import failed
from vizapp.views.topics.topic import Handler, Line, Topic

MIN_WIDTH, MAX_WIDTH, MAX_HEIGHT = 64, 2400, 1600
"""Pixels of a heat map; narrower than a sweep has positions it is not drawn."""

Make = Callable[[], dict[str, Any]]


class NodesAlong(Topic):
    """One job at a time; of each kind of question the newest counts. The sweep itself is kept by the timeline."""

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._busy = False
        self._wanted: dict[str, Make] = {}

    @property
    def handlers(self) -> dict[str, Handler]:
        return {
            "node_curves": self._on_curves,
            "node_map": self._on_map,
            "node_split": self._on_split,
            "node_counts": self._on_counts,
        }

    def close(self) -> None:
        self._wanted.clear()

    def _along(self) -> Along | None:
        """What is on the timeline now; a page may still ask about what it just left."""
        explorer, timeline = self.explorer, self.explorer.timeline
        if timeline is None or timeline.problem is not None:
            return None
        return Along(timeline, timeline.taken(explorer.way), explorer.net)

    def _on_curves(self, data: Mapping[str, Any]) -> None:
        seq, what = incoming.whole(data, "seq"), incoming.choice(data, "what", WHATS, "output")
        nodes = list(dict.fromkeys(incoming.nodes(data, 2**31)))
        if not 1 <= len(nodes) <= MAX_CURVES:
            raise MessageError(f"Curves are drawn of 1 to {MAX_CURVES} nodes.")
        along = self._along()
        if along is not None and max(nodes) < along.network.n_nodes:
            self._want("node_curves", partial(curves_message, along, nodes, what, seq))

    def _on_map(self, data: Mapping[str, Any]) -> None:
        seq = incoming.whole(data, "seq")
        layer = None if data.get("layer") is None else incoming.text(data, "layer", 40)
        order = incoming.choice(data, "order", ORDERS, "switch")
        scaling = incoming.choice(data, "scaling", SCALINGS, "own")
        aggregate = incoming.choice(data, "aggregate", AGGREGATES, "max")
        width = incoming.whole(data, "width", MIN_WIDTH, MAX_WIDTH)
        height = incoming.whole(data, "height", 2, MAX_HEIGHT)
        moving = data.get("moving", False)
        if not isinstance(moving, bool):
            raise MessageError("moving must be true or false.")
        along = self._along()
        if along is None or (layer is not None and layer not in {each.name for each in along.network.layers}):
            return
        self._want(
            "node_map",
            partial(map_message, along, layer, order, scaling, aggregate, width, height, moving, seq),
        )

    def _on_split(self, data: Mapping[str, Any]) -> None:
        seq = incoming.whole(data, "seq")
        start, end = (self._position(data, name) for name in ("start", "end"))
        pair = None
        if data.get("a") is not None or data.get("b") is not None:
            pair = incoming.whole(data, "a", 0, 9), incoming.whole(data, "b", 0, 9)
            if pair[0] == pair[1]:
                raise MessageError("What decided is asked of two different digits.")
        along = self._along()
        if along is None:
            return
        low, high = along.timeline.bounds
        start, end = (min(max(at, low), high) for at in (start, end))
        self._want("node_split", partial(split_message, along, start, end, pair, seq))

    def _on_counts(self, data: Mapping[str, Any]) -> None:
        seq, along = incoming.whole(data, "seq"), self._along()
        if along is not None:
            self._want("node_counts", partial(counts_message, along, seq))

    @staticmethod
    def _position(data: Mapping[str, Any], name: str) -> float:
        value = incoming.number(data, name)
        # Not a number is not less than anything either.
        if not abs(value) <= 1000:
            raise MessageError("There is no such position.")
        return value

    def _want(self, kind: str, make: Make) -> None:
        self._wanted.pop(kind, None)
        self._wanted[kind] = make
        if not self._busy:
            self._next()

    def _next(self) -> None:
        if not self._wanted:
            return
        kind = next(iter(self._wanted))
        make = self._wanted.pop(kind)

        def done(future: Future[dict[str, Any]]) -> None:
            self._busy = False
            error = future.exception()
            if error is None:
                self.line.tell(future.result())
            elif not isinstance(error, InputError):
                failed(self.line, "a chart of nodes along the sweep", error)
            self._next()

        self._busy = True
        self.line.work(make, done)
