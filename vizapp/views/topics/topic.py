"""What every topic is, and what it may use of the line that it is talked about on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from vizapp.explorer import Explorer

T = TypeVar("T")
Handler = Callable[[Mapping[str, Any]], None]


class Line(Protocol):
    """The session's end of its line to the page."""

    explorer: Explorer
    by_pen: bool
    """The change that is being told comes from the page's own pen: it has the ink, and saves when the pen lifts."""

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message to the page."""

    def work(self, job: Callable[[], T], done: Callable[[Future[T]], None], slow: bool = False) -> None:
        """Do a job beside the event loop, then `done` on it, unless the session is over by then.

        slow: it takes longer than people wait for a picture, so it queues up with others of its kind.
        """

    def later(self, act: Callable[[], None]) -> None:
        """From another thread: `act` on the event loop, unless the session is over."""


class Topic:
    """One subject. The line hands it the messages it handles, and tells it of changes of what it watches."""

    watches: frozenset[str] = frozenset()
    """Parameters of the Explorer."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.explorer = line.explorer

    @property
    def handlers(self) -> dict[str, Handler]:
        """Message type → what takes it. A handler raises MessageError, InputError or StateError to refuse."""
        return {}

    def open(self) -> None:
        """The page is ready (again): tell it all there is to tell."""

    def changed(self, names: set[str]) -> None:
        """Parameters that are watched have changed, together."""

    def close(self) -> None:
        """The session is over."""
