"""The map of two sweeps crossed: made some rows at a time while a page shows it, the coarse picture first."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from vizapp import nets
from vizapp.analysis.grid import Grid
from vizapp.crossing import Crossing, joined
from vizapp.views import incoming
from vizapp.views.crossing import cross, crossing_message, crossing_of, state_message
from vizapp.views.incoming import MessageError
from vizapp.views.topics.topic import Handler, Line, Topic

log = logging.getLogger(__name__)

ROWS = 4
"""Of a job: other work is waited for no longer than these take, and as soon stops what nobody wants any more."""
MAX_SIDE, MAX_PIXELS = 4096, 1_500_000
KEPT = 8
"""Maps of a session that are not made again."""

Key = tuple[Crossing, str]
"""What is crossed, and the network that answers."""


class Crossed(Topic):
    """One job at a time. When a job is done, it is looked what is wanted now."""

    watches = frozenset({"sweep", "start", "end", "drawing", "normalise", "network", "way", "crossed"})

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._size: tuple[int, int] | None = None
        self._known: OrderedDict[Key, Grid] = OrderedDict()
        self._parts: list[Grid] = []
        self._begun: Key | None = None
        self._told: object = None
        self._said: object = None
        self._latest: list[Key] = []
        self._busy = self._held = self._by_pen = False

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"crossing": self._on_crossing, "crossing_stop": self._on_stop, "cross": self._on_cross}

    def open(self) -> None:
        self._size = self._told = self._said = None

    def close(self) -> None:
        self._size = None

    def changed(self, names: set[str]) -> None:
        if self._size is None:
            return
        wanted = self._wanted()
        if wanted != self._latest:
            self._latest = wanted
            # The pen comes first. When it rests, the page asks.
            self._held = self._by_pen = self.line.by_pen
        self._make()

    def _on_crossing(self, data: Mapping[str, Any]) -> None:
        """A map of this size is in sight; of none, it no longer is."""
        width, height = (incoming.whole(data, name, 0, MAX_SIDE) for name in ("width", "height"))
        if width * height > MAX_PIXELS:
            raise MessageError("The map cannot be so large.")
        self._size = (width, height) if width and height else None
        # A page that asks has nothing, as far as is known here, and wants everything.
        self._said, self._told, self._held, self._by_pen = None, None, False, False
        if self._size is not None:
            self._make()

    def _on_stop(self, data: Mapping[str, Any]) -> None:
        self._held, self._by_pen = True, False
        self._say("stopped", *self._progress)

    def _on_cross(self, data: Mapping[str, Any]) -> None:
        second = data.get("second")
        cross(self.explorer, None if second is None else incoming.text(data, "second", 20))

    # Making it

    def _wanted(self) -> list[Key]:
        """The maps of what is crossed now, the coarse one first."""
        found = (crossing_of(self.explorer, fine) for fine in (False, True))
        return [(crossing, self.explorer.network) for crossing in found if crossing is not None]

    def _make(self) -> None:
        """The next thing that is missing, beside the event loop."""
        if self._busy or self._size is None:
            return
        wanted = self._wanted()
        if not wanted:
            self._parts, self._begun = [], None
            self._say("none")
            return
        best = next((key for key in reversed(wanted) if key in self._known), None)
        if best is not None and self._told != (best, self._size):
            self._tell(best)
        elif best == wanted[-1]:
            self._say("done")
        elif self._held:
            # By somebody who stopped it, that was said; by the pen perhaps while something else was being made.
            if self._by_pen:
                self._say("waiting")
        else:
            self._go_on(wanted[0] if best is None else wanted[-1])

    def _go_on(self, key: Key) -> None:
        """The next rows of a map."""
        if self._begun is None or key != self._begun:
            self._begun, self._parts = key, []
        # Not the same object as in `key`: it remembers what all rows have in common.
        crossing, network = self._begun
        first = sum(len(part.rows) for part in self._parts)
        self._say("working", *self._progress)

        def done(part: Grid) -> None:
            if key != self._begun:
                return
            self._parts.append(part)
            if first + len(part.rows) == len(crossing.rows):
                # Known longer than it is shown: without what its sweep has computed, which is megabytes.
                light = replace(crossing, timeline=replace(crossing.timeline))
                self._known[light, network] = joined(self._parts)
                self._parts, self._begun = [], None
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)

        self._work(key, lambda: crossing.part(nets.load(network), first, ROWS), done)

    def _tell(self, key: Key) -> None:
        size = self._size
        assert size is not None
        (crossing, network), grid = key, self._known[key]
        self._known.move_to_end(key)
        self._told = key, size

        def done(message: dict[str, Any]) -> None:
            # Of something else by now, it would only be seen for a moment.
            if key in self._wanted() and self._size == size:
                self.line.tell(message)

        self._work(key, lambda: crossing_message(crossing, network, grid, size), done)

    def _work(self, key: Key, job: Callable[[], Any], use: Callable[[Any], None]) -> None:
        """Part of a map, or its picture; what fails is not tried again before the page asks."""

        def done(future: Future[Any]) -> None:
            self._busy = False
            if future.exception() is None:
                use(future.result())
            else:
                log.error("a map could not be made", exc_info=future.exception())
                self._begun, self._parts, self._told = None, [], None
                if key in self._wanted():
                    self._held, self._by_pen = True, False
                    self._say("failed")
                    return
            self._make()

        self._busy = True
        self.line.work(job, done, slow=True)

    @property
    def _progress(self) -> tuple[int, int]:
        """Inputs of the present map that are answered, and all of them."""
        if self._begun is None:
            return 0, 0
        crossing = self._begun[0]
        columns = len(crossing.columns)
        return sum(len(part.rows) for part in self._parts) * columns, len(crossing.rows) * columns

    def _say(self, state: str, done: int = 0, total: int = 0) -> None:
        message = state_message(self.explorer, state, done, total)
        if message != self._said:
            self._said = message
            self.line.tell(message)
