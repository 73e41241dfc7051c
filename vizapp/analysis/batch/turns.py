"""Long measurements for many people: one at a time, in the order in which they were asked for."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Protocol

from vizapp.analysis.batch.jobs import JobError, NoClusterError, cores
from vizapp.analysis.batch.journal import Journal

log = logging.getLogger(__name__)

MAX_WAITING = 100
MAX_KNOWN = 5000
NO_CLUSTER = "The cluster that this server measures on does not answer; the server's log says more."
_BETWEEN = 0.25
"""Seconds between two news of progress."""
_KNOWN_AFTER = 1.0
"""Seconds after which the rate tells how long the rest takes."""


class Measurement(Protocol):
    """A robustness table, or a ranking."""

    @property
    def total(self) -> int: ...

    @property
    def done(self) -> int: ...

    def run(
        self,
        processes: int = 1,
        scheduler: str | None = None,
        stop: Callable[[], bool] = ...,
        aside: bool = False,
    ) -> Iterator[int]: ...


class CrowdedError(ValueError):
    """Too many wait already; the message is for the person who asked."""


class Turn:
    """One measurement's place among the others.

    `state` is "waiting", "working", "stopping", and in the end "done", "stopped" or "failed", then with a `problem`.
    """

    def __init__(self, turns: Turns, measurement: Measurement, changed: Callable[[], None]) -> None:
        self.measurement = measurement
        self.state = "waiting"
        self.problem = ""
        self._turns = turns
        self._changed = changed
        self._stop = threading.Event()
        self._began: float | None = None
        self._begun_with = 0
        self._told = 0.0

    @property
    def over(self) -> bool:
        return self.state in ("done", "stopped", "failed")

    @property
    def before(self) -> int:
        """How many are before it; 0 if it is being worked on, or over."""
        return self._turns._before(self)

    @property
    def left(self) -> float | None:
        """Seconds that the rest will take at the rate so far; None as long as nobody knows."""
        if self._began is None or self.over:
            return None
        spent, came = time.monotonic() - self._began, self.measurement.done - self._begun_with
        if spent < _KNOWN_AFTER or came <= 0:
            return None
        return spent / came * (self.measurement.total - self.measurement.done)

    def cancel(self) -> None:
        """What is done is kept, what is being done comes to an end, the rest is left."""
        self._stop.set()
        self._turns._cancelled(self)

    def tell(self) -> None:
        try:
            self._changed()
        except Exception:
            log.exception("the news of a measurement could not be told")

    def work(self, processes: int, scheduler: str | None) -> tuple[str, str]:
        """Do it, from beginning to end: the state that it came to, and the problem if there was one."""
        try:
            for _ in self.measurement.run(processes, scheduler, self._stop.is_set, aside=True):
                if self._began is None:
                    # Processes that start take as long as some thousand images.
                    self._begun_with, self._began = self.measurement.done, time.monotonic()
                if time.monotonic() - self._told >= _BETWEEN:
                    self._told = time.monotonic()
                    self.tell()
        except NoClusterError as error:
            log.error("%s", error)
            return "failed", NO_CLUSTER
        except JobError as error:
            return "failed", str(error)
        except Exception:
            log.exception("a measurement failed")
            return "failed", "Something went wrong on the server; its log says more."
        return ("done" if self.measurement.done == self.measurement.total else "stopped"), ""


class Turns:
    """The measurements that one process does for its visitors. A thread works while there are any.

    `processes` (0: none is taken) and `scheduler`, as for `jobs.run`, are the operator's and nobody else's.
    """

    known: Journal
    """Results on the test images, for everybody: nothing that a person gave is in it."""

    def __init__(self, processes: int, scheduler: str | None = None) -> None:
        self.processes, self.scheduler = processes, scheduler
        self.known = Journal()
        self._lock = threading.Lock()
        self._turns: deque[Turn] = deque()
        """The first one is being worked on."""

    def take(self, measurement: Measurement, changed: Callable[[], None]) -> Turn:
        """Queue up. `changed` is called, from another thread, whenever there is something new to tell.

        Raises:
            CrowdedError: if measurements are switched off, or too many wait.
        """
        if not self.processes:
            raise CrowdedError("Whoever runs this server has switched long measurements off.")
        if len(self.known) > MAX_KNOWN:
            self.known = Journal()
        turn = Turn(self, measurement, changed)
        with self._lock:
            if len(self._turns) > MAX_WAITING:
                raise CrowdedError("Too many wait for their turn already: please try again later.")
            self._turns.append(turn)
            if len(self._turns) == 1:
                self._begin(turn)
        return turn

    def _begin(self, turn: Turn) -> None:
        turn.state = "working"
        threading.Thread(target=self._work, args=(turn,), name="vizapp-batch", daemon=True).start()

    def _work(self, turn: Turn) -> None:
        turn.tell()
        state, problem = turn.work(self.processes, self.scheduler)
        with self._lock:
            turn.state, turn.problem = state, problem
            self._turns.popleft()
            if self._turns:
                self._begin(self._turns[0])
            waiting = list(self._turns)
        for each in (turn, *waiting):
            each.tell()

    def _before(self, turn: Turn) -> int:
        with self._lock:
            return self._turns.index(turn) if turn in self._turns else 0

    def _cancelled(self, turn: Turn) -> None:
        with self._lock:
            if turn.state == "waiting":
                self._turns.remove(turn)
                turn.state = "stopped"
            elif turn.state == "working":
                turn.state = "stopping"
            waiting = list(self._turns)
        for each in dict.fromkeys((turn, *waiting)):
            each.tell()


SHARED = Turns(cores())
"""Of this process; `vizapp serve` sets how it works."""
