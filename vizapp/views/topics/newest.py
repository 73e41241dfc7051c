"""Jobs of one kind beside the event loop: one at a time, and of those that wait only the newest."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from vizapp.views.topics.failed import failed
from vizapp.views.topics.topic import Line


@dataclass(frozen=True)
class _Job:
    work: Callable[[], Any]
    done: Callable[[Any], None]
    slow: bool


class Newest:
    """`what`: what comes of a job, for whoever is told that nothing came of it."""

    def __init__(self, line: Line, what: str) -> None:
        self._line = line
        self._what = what
        self._busy = False
        self._next: _Job | None = None

    def ask(self, work: Callable[[], Any], done: Callable[[Any], None], slow: bool = False) -> None:
        """Do the work, then `done` with what came of it on the event loop; whatever waited is forgotten."""
        self._next = _Job(work, done, slow)
        if not self._busy:
            self._start()

    def drop(self) -> None:
        """Forget what waits."""
        self._next = None

    def _start(self) -> None:
        job, self._next = self._next, None
        if job is None:
            return

        def done(future: Future[Any]) -> None:
            self._busy = False
            error = future.exception()
            if error is None:
                job.done(future.result())
            else:
                failed(self._line, self._what, error)
            self._start_next()

        self._busy = True
        self._line.work(job.work, done, slow=job.slow)

    def _start_next(self) -> None:
        # What was done may have asked for more already.
        if not self._busy:
            self._start()
