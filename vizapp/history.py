"""Undo and redo: what was done, step by step, and what was undone."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

LIMIT = 1000
"""Steps that are remembered."""
MOST = 8_000_000
"""Bytes, about, that they may hold together."""


@dataclass(frozen=True)
class Step:
    """A change of some values.

    title: what it is called where it can be undone.
    before, after: name → value, of the values that changed.
    key: steps in a row that have the same one are one step; None: always a step of its own.
    weight: bytes that are kept for it alone, about.
    """

    title: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    key: Hashable = None
    weight: int = 0


class History:
    """A bounded line of steps with the present somewhere on it."""

    def __init__(self) -> None:
        self._past: list[Step] = []
        self._future: list[Step] = []
        self._weight = 0
        # After an undo the next step begins anew, whatever its key.
        self._open = False

    @property
    def undoable(self) -> str | None:
        """Title of the step that can be undone next."""
        return self._past[-1].title if self._past else None

    @property
    def redoable(self) -> str | None:
        """Title of the step that can be redone next."""
        return self._future[-1].title if self._future else None

    def push(self, step: Step) -> None:
        """A step was made: what was undone before is gone, and so is the oldest past beyond the bounds."""
        self._future.clear()
        last = self._past[-1] if self._past else None
        if last is not None and self._open and step.key is not None and step.key == last.key:
            self._past.pop()
            before, after = {**step.before, **last.before}, {**last.after, **step.after}
            self._weight -= last.weight
            step = Step(step.title, before, after, step.key, step.weight)
        self._past.append(step)
        self._weight += step.weight
        self._open = True
        while len(self._past) > LIMIT or (self._weight > MOST and len(self._past) > 1):
            self._weight -= self._past.pop(0).weight

    def undo(self) -> Step | None:
        """The step to take back, or None."""
        self._open = False
        if not self._past:
            return None
        step = self._past.pop()
        self._weight -= step.weight
        self._future.append(step)
        return step

    def redo(self) -> Step | None:
        """The step to make again, or None."""
        self._open = False
        if not self._future:
            return None
        step = self._future.pop()
        self._weight += step.weight
        self._past.append(step)
        return step
