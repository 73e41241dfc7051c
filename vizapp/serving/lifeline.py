"""Several processes that live and end as one."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType

from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.process import task_id

LOOK_EVERY_MS = 1000


class Lifeline:
    """A pipe from the first process to the others: when its end closes, whatever the reason, they stop.

    Make it before the fork. The first process, which only waits, closes it on SIGINT and SIGTERM and then
    goes on waiting until the others are done; if it is killed, the system closes it.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._let_go)

    def watch(self, stop: Callable[[], None]) -> None:
        """In one of the forked processes: call `stop` when the first one ends."""
        os.close(self._write)
        loop = IOLoop.current()

        def ended(descriptor: int, _events: int) -> None:
            loop.remove_handler(descriptor)
            stop()

        loop.add_handler(self._read, ended, IOLoop.READ)

    def _let_go(self, _number: int, _frame: FrameType | None) -> None:
        if self._write >= 0:
            os.close(self._write)
            self._write = -1


def follow_parent(stop: Callable[[], None]) -> PeriodicCallback:
    """Call `stop` when the process that started this one has ended, however it did."""
    parent = os.getppid()

    def look() -> None:
        if os.getppid() != parent:
            looking.stop()
            stop()

    looking = PeriodicCallback(look, LOOK_EVERY_MS)
    looking.start()
    return looking


def is_spokesman() -> bool:
    """Whether this process speaks for all: the only one, or the first of those that were forked."""
    return task_id() in (None, 0)
