"""Walks: which one the page is on, which step, and what the step selects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import param
from numpy.typing import NDArray

from vizapp.explorer import WALKS
from vizapp.views import incoming
from vizapp.views.topics.topic import Handler, Line, Topic
from vizapp.walk import Step, Walk, make_walk

MAX_STEPS = 999
_STATE = frozenset({"walk", "walk_node", "step", "network", "trace"})


class Walking(Topic):
    """A step selects its nodes, so that all views follow; what a person had selected comes back at the end."""

    watches = _STATE | {"selection"}

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._own: list[int] = []
        """What the person has selected, before the walk or in the middle of it."""
        self._given: list[int] = []
        """What the walk has selected."""
        self._told = self._answered = False

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"walk": self._on_walk, "step": self._on_step}

    def open(self) -> None:
        walk = self._walk()
        self._look(walk, follow=False)
        self._tell(walk)

    def changed(self, names: set[str]) -> None:
        walk = self._walk()
        self._look(walk, follow="trace" in names)
        if names & _STATE and (walk is not None or self._told):
            self._tell(walk)

    def _look(self, walk: Walk | None, follow: bool) -> None:
        """Whose the selection is. With another drawing another node may answer most: the walk's own selection
        follows, while whoever looks at a node of their own keeps it."""
        selection = self.explorer.selection
        nodes = None if walk is None else list(_at(walk, self.explorer.step)[1].nodes)
        if selection == nodes:
            self._given = selection
        elif follow and nodes is not None and selection == self._given:
            self._given = nodes
            with self.explorer.following():
                self.explorer.selection = nodes
        else:
            self._own = selection

    def _walk(self) -> Walk | None:
        return make_walk(self.explorer, self.explorer.walk, self.explorer.walk_node)

    def _on_walk(self, data: Mapping[str, Any]) -> None:
        explorer = self.explorer
        if data.get("kind") is None:
            if explorer.walk is not None:
                self._put({"walk": None, "walk_node": None, "step": 0}, self._own)
            return
        kind = incoming.choice(data, "kind", WALKS)
        node = data.get("node")
        if node is not None:
            node = incoming.whole(data, "node", 0, explorer.net.n_nodes - 1)
        walk = make_walk(explorer, kind, node)
        assert walk is not None
        self._go(walk, 0, walk=kind, walk_node=node)

    def _on_step(self, data: Mapping[str, Any]) -> None:
        walk = self._walk()
        # A page may not have heard yet that the walk is over.
        if walk is not None:
            self._go(walk, incoming.whole(data, "to", 0, MAX_STEPS))

    def _go(self, along: Walk, to: int, **state: object) -> None:
        index, step = _at(along, to)
        self._answered = False
        self._put({**state, "step": index}, list(step.nodes))
        # The page waits for its answer, also where nothing changed.
        if not self._answered:
            self._tell(along)

    def _put(self, state: Mapping[str, object], selection: list[int]) -> None:
        """In one change; where selecting is locked, a walk selects all the same."""
        with param.parameterized.batch_call_watchers(self.explorer):
            self.explorer.param.update(**state)
            with self.explorer.following():
                self.explorer.selection = selection

    def _tell(self, walk: Walk | None) -> None:
        self._told, self._answered = walk is not None, True
        self.line.tell(walk_message(walk, self.explorer.step))


def _at(walk: Walk, index: int) -> tuple[int, Step]:
    """A step by its index, the last one beyond the end: another network's walk may be shorter."""
    index = min(index, len(walk) - 1)
    return index, walk[index]


def walk_message(walk: Walk | None, index: int) -> dict[str, Any]:
    """Where the page is on which walk, for a player and for views that know nothing of its meaning.

    `lit` uint32[2k] holds runs of nodes, first and count of each: what the views do not fade.
    """
    if walk is None:
        return {"type": "walk", "kind": None, "node": None, "titles": [], "count": 0, "step": 0}
    index, step = _at(walk, index)
    return {
        "type": "walk",
        "kind": walk.kind,
        "node": walk.node,
        "name": walk.title,
        "titles": walk.titles,
        "count": len(walk),
        "step": index,
        "title": step.title,
        "sentence": step.sentence,
        "layer": step.layer,
        "nodes": np.array(step.nodes, np.uint32),
        "lit": runs(step.lit),
    }


def runs(nodes: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Ascending ids as runs of successive ones, [first, count, first, count, …]."""
    if not len(nodes):
        return np.empty(0, np.uint32)
    starts = np.flatnonzero(np.diff(nodes, prepend=nodes[0] - 2) != 1)
    counts = np.diff(starts, append=len(nodes))
    return np.stack([nodes[starts], counts], axis=1).astype(np.uint32).ravel()
