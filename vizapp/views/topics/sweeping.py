"""Sweeps: what is on the timeline, its curves, and the cursor that takes all panes along."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from time import thread_time
from typing import Any

from vizapp import nets
from vizapp.analysis.ranges import RANGES
from vizapp.inputs import InputError
from vizapp.inputs.morphs import WAYS
from vizapp.parameters import SWEEPS
from vizapp.state.held import held
from vizapp.timeline import HAND, Timeline
from vizapp.views import incoming
from vizapp.views.drawings import drawing_named
from vizapp.views.incoming import MessageError
from vizapp.views.sweeping import cursor_message, curve_message, timeline_message
from vizapp.views.topics.failed import failed
from vizapp.views.topics.state import State
from vizapp.views.topics.topic import Handler, Line, Topic
from vizapp.views.work import at_once

AT_ONCE_SECONDS = 0.012
"""While an end is drawn, a curve that takes less of a processor comes in one go with the pen's answer. From a worker it
would come when the page is busy painting that, and be painted in a frame of its own."""

Key = tuple[str, str, bool]
"""Way, network, and whether exactly."""


class Sweeping(Topic):
    """The curve that the cursor is on comes first. While an end is being drawn only that one is made, and not
    exactly; the page asks for all the rest when the pen has rested."""

    watches = frozenset(
        {
            "sweep",
            "start",
            "end",
            "drawing",
            "normalise",
            "network",
            "way",
            "ways",
            "overlay",
            "cursor",
            "across",
        }
    )

    def __init__(self, line: Line, state: State) -> None:
        super().__init__(line)
        self._state = state
        self._turn = 0
        self._timeline: Timeline | None = None
        self._told: set[Key] = set()
        self._took: dict[Key, float] = {}
        """Seconds of a processor, the last time."""
        self._pair: tuple[int, int] | None = None
        """The two classes that the first curve is read out for, and then all others beside it."""
        self._busy = False
        self._resting = True
        self._ack = 0

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"sweep": self._on_sweep, "cursor": self._on_cursor, "sweep_settle": self._on_settle}

    def open(self) -> None:
        self._timeline, self._told, self._pair = None, set(), None
        self._follow()
        if self._timeline is None:
            self.line.tell(timeline_message(self.explorer, self._turn))
        self.line.tell(cursor_message(self.explorer))

    def changed(self, names: set[str]) -> None:
        self._follow()
        if names & {"cursor", "across", "way", "sweep", "start", "end"}:
            self.line.tell(cursor_message(self.explorer, self._ack))
            self._ack = 0

    def _follow(self) -> None:
        """Begin anew if something else is on the timeline, then make what is missing."""
        timeline = self.explorer.timeline
        if timeline is not self._timeline:
            self._timeline, self._told, self._pair = timeline, set(), None
            self._turn += 1
            self._resting = not self.line.by_pen
            self.line.tell(timeline_message(self.explorer, self._turn))
        self._make()

    def _missing(self) -> list[Key]:
        """What the page is to be shown and was not told, in the order it is made."""
        explorer, timeline = self.explorer, self._timeline
        if timeline is None or timeline.problem is not None:
            return []
        first = timeline.taken(explorer.way)
        networks = [explorer.network]
        if not self._resting:
            wanted = [(first, explorer.network, False)]
        else:
            if explorer.overlay:
                networks += [name for name in nets.names() if name != explorer.network]
            shown = [first, *(way for way in timeline.ways if way in explorer.ways and way != first)]
            # The first time, exactly takes longer than people wait for a picture.
            wanted = [(way, network, True) for network in networks for way in shown]
            if wanted[0] not in self._told:
                wanted.insert(0, (first, explorer.network, False))
        return [key for key in wanted if key not in self._told]

    def _make(self) -> None:
        """One curve, then the next, the dear ones beside the event loop: what has become of no interest is not made."""
        missing = self._missing()
        if self._busy or not missing or self._timeline is None:
            return
        key, timeline, turn, pair = missing[0], self._timeline, self._turn, self._pair
        way, name, exact = key
        network = nets.load(name)

        def make() -> dict[str, Any]:
            began = thread_time()
            message = curve_message(timeline, way, network, pair, exact)
            self._took[key] = thread_time() - began
            return message

        def done(future: Future[dict[str, Any]]) -> None:
            self._busy = False
            error = future.exception()
            present = turn == self._turn
            if present:
                self._told.add(key)
            if error is not None:
                if present or not isinstance(error, InputError):
                    failed(self.line, "a curve", error)
            elif present or (not exact and self._passes(timeline)):
                message, waiting = future.result(), len(self._missing())
                if present:
                    self._pair = message["readouts"]["a"], message["readouts"]["b"]
                self.line.tell({**message, "turn": turn, "waiting": waiting, "settled": self._resting})
            self._make()

        self._busy = True
        if not self._resting and self._took.get(key, 1) < AT_ONCE_SECONDS:
            done(at_once(make))
        else:
            self.line.work(make, done)

    def _passes(self, before: Timeline) -> bool:
        """A pen that is faster than the curves must not keep them from being shown; nothing else is shown late."""
        now = self._timeline
        return not self._resting and now is not None and now.kind == before.kind and now.problem is None

    def _on_settle(self, data: Mapping[str, Any]) -> None:
        self._resting = True
        self._make()

    def _on_sweep(self, data: Mapping[str, Any]) -> None:
        explorer, kind = self.explorer, data.get("kind")
        if kind is None:
            explorer.leave_sweep()
            return
        kind = incoming.choice(data, "kind", SWEEPS)
        if kind == HAND:
            explorer.record()
        elif kind in RANGES:
            explorer.vary(kind)
        else:
            ends = {name: drawing_named(explorer, data[name]) for name in ("start", "end") if data.get(name)}
            explorer.morph(**ends)

    def _on_cursor(self, data: Mapping[str, Any]) -> None:
        explorer = self.explorer
        self._ack = incoming.whole(data, "seq", 1)
        values: dict[str, Any] = {}
        for name in ("position", "across"):
            if name in data:
                values[name] = None if data[name] is None else incoming.number(data, name)
                if values[name] is not None and not abs(values[name]) <= 1000:
                    raise MessageError("There is no such position.")
        if "position" in values:
            values["cursor"] = values.pop("position")
        if data.get("way") is not None:
            way = incoming.choice(data, "way", (*WAYS, HAND, *RANGES))
            if way in WAYS:
                values["way"] = way
        timeline = explorer.timeline
        moving = data.get("moving") is True
        if timeline is not None and values:
            if values.get("cursor") is not None:
                low, high = timeline.bounds
                values["cursor"] = min(max(values["cursor"], low), high)
            second = RANGES.get(explorer.crossed or "")
            if second is not None and values.get("across") is not None:
                values["across"] = min(max(values["across"], second.low), second.high)
            with held(self._state, passing=moving):
                explorer.move(**values)
        if not moving:
            self._state.rested()
        # The page waits for its answer, also where nothing changed.
        if self._ack:
            self.line.tell(cursor_message(explorer, self._ack))
            self._ack = 0
