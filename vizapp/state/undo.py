"""What a session can undo: every change of an undoable entry of the table, whoever made it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import param

from vizapp.history import History, Step
from vizapp.state.drawing import Drawing
from vizapp.state.held import held
from vizapp.state.table import ENTRIES


class Undo:
    """Watches an Explorer and remembers what changes together as a step.

    A step holds the values that changed, and only those: undoing it leaves alone what was changed since.
    """

    def __init__(self, explorer: param.Parameterized) -> None:
        self.history = History()
        self._explorer = explorer
        self._known = self._values()
        self._title: str | None = None
        self._key: Hashable = None
        self._waiting = self._silent = False
        explorer.param.watch(self._remember, list(ENTRIES))

    def called(self, title: str, key: Hashable = None) -> AbstractContextManager[None]:
        """What changes inside is a step of this title; see `Step` for the key."""
        return held(self, _title=title, _key=key)

    def waiting(self) -> AbstractContextManager[None]:
        """What changes inside belongs to the change that brought it about, and is remembered with that."""
        return held(self, _waiting=True)

    def silent(self) -> AbstractContextManager[None]:
        """What changes inside is not remembered: it is undone or redone just now."""
        return held(self, _silent=True)

    def forget(self) -> None:
        """From here on nothing that was before can be undone."""
        self.history = History()

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self._explorer, name) for name in ENTRIES}

    def _remember(self, *events: param.parameterized.Event) -> None:
        if self._waiting:
            return
        known, now = self._known, self._values()
        self._known = now
        # In the order of the table: the network goes back first.
        changed = [name for name in ENTRIES if now[name] is not known[name] and now[name] != known[name]]
        steps = [name for name in changed if ENTRIES[name].undoable]
        # What changes together with where one looks, as on a walk, is looking; unless it is all about the network.
        looking = len(steps) < len(changed) and "network" not in steps and self._title is None
        if self._silent or not steps or looking:
            return
        before = {name: known[name] for name in changed}
        after = {name: now[name] for name in changed}
        key = self._key
        if key is None and any(ENTRIES[name].merges for name in changed):
            key = tuple(changed)
        title = self._title or ENTRIES[steps[0]].words
        self.history.push(Step(title, before, after, key, _weight(before, after)))


def _weight(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Bytes, about, that a step holds and the one before it does not: states share what did not change."""
    total = 500
    for name, value in after.items():
        if isinstance(value, Drawing):
            total += _bytes(value, before[name])
        elif isinstance(value, list):
            total += 40 * len(value)
    return total


def _bytes(drawing: Drawing, known: Drawing | None) -> int:
    old = set() if known is None else {id(stroke) for stroke in known.strokes}
    total = sum(200 + stroke.points.nbytes for stroke in drawing.strokes if id(stroke) not in old)
    if drawing.image is not None and (known is None or drawing.image is not known.image):
        total += drawing.image.nbytes
    return total + 8 * len(drawing.strokes)
