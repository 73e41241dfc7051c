"""The whole state, for the page's own storage and for others: saved, shared, opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from vizapp.state import (
    ENTRIES,
    LOCKABLE,
    StateError,
    dump_state,
    file_text,
    load_state,
    make_link,
    open_link,
)
from vizapp.state.held import held
from vizapp.state.summary import summary
from vizapp.views.incoming import MessageError
from vizapp.views.topics.topic import Handler, Line, Topic


class State(Topic):
    """The page keeps what it is told here: it outlives the connection and the server."""

    watches = frozenset(ENTRIES)

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._brought_back = False
        self._waiting = self._changed = self._passed = False
        self.passing = False
        """What changes now will change again at once: it is told when it rests."""

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"open": self._on_open, "share": self._on_share}

    def bring_back(self, data: Mapping[str, Any]) -> None:
        """A page opens, perhaps with a link in its address, perhaps with what the tab has kept.

        A link that is of no use gives way to what the tab has kept, and that to the default page.

        Raises:
            StateError: if either is of no use; what can be used is.
        """
        link, state = data.get("link"), data.get("state")
        try:
            if link is not None:
                open_link(self.explorer, link)
                self._brought_back = True
                return
        except StateError:
            if state is not None:
                self._load(state)
            raise
        if state is not None:
            self._load(state)

    def _load(self, state: object) -> None:
        load_state(self.explorer, state)
        self._brought_back = True

    def open(self) -> None:
        # The default page has nothing to keep, and its address stays plain.
        if self._brought_back:
            self.save()

    @contextmanager
    def told_once(self) -> Iterator[None]:
        """What one message changes is told at its end: the state is the largest thing that is told."""
        try:
            with held(self, _waiting=True):
                yield
        finally:
            if self._changed:
                self.save()

    def changed(self, names: set[str]) -> None:
        if self._waiting:
            # The pen's strokes are told when it lifts.
            self._changed = self._changed or not (self.line.by_pen or self.passing)
            self._passed = self._passed or self.passing
        else:
            self.save()

    def rested(self) -> None:
        """What changed in passing stays."""
        self._changed = self._changed or self._passed

    def save(self) -> None:
        self._changed = self._passed = False
        explorer = self.explorer
        self.line.tell(
            {
                "type": "state",
                "state": dump_state(explorer),
                "link": make_link(explorer),
                "undo": explorer.undoable,
                "redo": explorer.redoable,
            }
        )

    def _on_open(self, data: Mapping[str, Any]) -> None:
        if "link" in data:
            open_link(self.explorer, data["link"], "opened link")
        else:
            load_state(self.explorer, data.get("file"), "opened file")

    def _on_share(self, data: Mapping[str, Any]) -> None:
        locks = data.get("locks")
        if not isinstance(locks, list) or any(name not in LOCKABLE for name in locks):
            raise MessageError("There is no such lock.")
        chosen = [name for name in LOCKABLE if name in locks]
        self.line.tell(
            {
                "type": "shared",
                "link": make_link(self.explorer, chosen),
                "contains": summary(self.explorer, chosen),
                "file": file_text(self.explorer, chosen),
            }
        )
