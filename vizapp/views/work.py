"""Heavy work of many sessions in a few threads, fairly: nobody waits for more than one job of somebody else."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

from vizapp.views.meters import WORK_LEFT, WORK_SECONDS, WORK_WAITING

T = TypeVar("T")

MOST_WAITING = 40
"""Jobs of one session in one queue. A page asks for the next thing when it has the last, so it has a few."""

_present = threading.local()


class TooMuchError(RuntimeError):
    """One session asked for more than is kept for it; other sessions are not concerned."""


class Queue:
    """Threads that take one job of each session in turn, and never two of one session at a time.

    `workers` threads are started when they are first needed and end with the process. Sessions are told apart by
    any hashable `owner`; `name` is that of the threads and of the queue's figures.
    """

    def __init__(self, name: str, workers: int, most_waiting: int = MOST_WAITING) -> None:
        self.name = name
        self._workers, self._most = workers, most_waiting
        # Owners with jobs, the next in turn first; an owner that is being worked for is not in it.
        self._turns: deque[Hashable] = deque()
        self._jobs: dict[Hashable, deque[_Job]] = {}
        self._running: dict[Hashable, _Job] = {}
        self._idle = 0
        self._threads = 0
        self._changed = threading.Condition()
        WORK_WAITING.labels(name).set_function(self._count)

    def submit(self, owner: Hashable, job: Callable[[], T]) -> Future[T]:
        """Have `job` done when it is the owner's turn. What it raises is in the future.

        The future holds a TooMuchError at once if too many of the owner's jobs wait already.
        """
        future: Future[T] = Future()
        with self._changed:
            waiting = self._jobs.setdefault(owner, deque())
            if len(waiting) >= self._most:
                WORK_LEFT.labels(self.name, "too many").inc()
                future.set_exception(TooMuchError("This page asks for more at a time than can be done."))
                return future
            waiting.append(_Job(job, future))
            if len(waiting) == 1 and owner not in self._running:
                self._turns.append(owner)
            if len(self._turns) > self._idle and self._threads < self._workers:
                self._threads += 1
                threading.Thread(target=self._work, name=f"vizapp-{self.name}", daemon=True).start()
            self._changed.notify()
        return future

    def drop(self, owner: Hashable) -> None:
        """The owner is gone: what waits is cancelled, and what runs can ask `is_over()` whether to go on."""
        with self._changed:
            waiting = self._jobs.pop(owner, deque())
            with suppress(ValueError):
                self._turns.remove(owner)
            if owner in self._running:
                self._running[owner].over = True
        for job in waiting:
            WORK_LEFT.labels(self.name, "session over").inc()
            job.future.cancel()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                while not self._turns:
                    self._changed.wait()
                self._idle -= 1
                owner = self._turns.popleft()
                job = self._running[owner] = self._jobs[owner].popleft()
            began = perf_counter()
            try:
                job.run()
            finally:
                WORK_SECONDS.labels(self.name).observe(perf_counter() - began)
                self._next(owner)
            # Not kept until the next one comes: it may hold a session's arrays.
            del job, owner

    def _next(self, owner: Hashable) -> None:
        """A job is done: its owner goes to the end of the row."""
        with self._changed:
            del self._running[owner]
            if self._jobs.get(owner):
                self._turns.append(owner)
                self._changed.notify()
            else:
                self._jobs.pop(owner, None)

    def _count(self) -> float:
        with self._changed:
            return sum(map(len, self._jobs.values()))


class _Job:
    """One call and where its result goes."""

    def __init__(self, call: Callable[[], Any], future: Future[Any]) -> None:
        self._call, self.future = call, future
        self.over = False

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        _present.job = self
        try:
            result = self._call()
        except BaseException as error:
            settle = partial(self.future.set_exception, error)
        else:
            settle = partial(self.future.set_result, result)
        finally:
            _present.job = None
        settle()


def at_once(job: Callable[[], T]) -> Future[T]:
    """Do a job here and now; what it raises is in the future."""
    future: Future[T] = Future()
    try:
        future.set_result(job())
    except Exception as error:
        future.set_exception(error)
    return future


def is_over() -> bool:
    """Inside of a job: whether its session has ended, so that the result is for nobody."""
    job: _Job | None = getattr(_present, "job", None)
    return job is not None and job.over


QUICK = Queue("quick", 2)
SLOW = Queue("slow", 2)
"""What takes long waits in a queue of its own: pictures come in between."""
