"""Undo and redo: values that were, values that will be again."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

LIMIT = 200


class History(Generic[T]):
    """A bounded line of immutable values with a present in the middle."""

    def __init__(self, present: T) -> None:
        self.present = present
        self._past: list[T] = []
        self._future: list[T] = []

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def push(self, value: T) -> None:
        """Make `value` the present; what was undone before is gone, and so is the oldest past beyond the limit."""
        self._past.append(self.present)
        del self._past[:-LIMIT]
        self._future.clear()
        self.present = value

    def replace(self, value: T) -> None:
        """Change the present without a step to undo: a stroke that is still growing."""
        self.present = value

    def undo(self) -> T:
        """One step back, or the present where there is none."""
        if self._past:
            self._future.append(self.present)
            self.present = self._past.pop()
        return self.present

    def redo(self) -> T:
        """One step forward again, or the present where there is none."""
        if self._future:
            self._past.append(self.present)
            self.present = self._future.pop()
        return self.present
