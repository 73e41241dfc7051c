"""Pages are made one at a time, with a rest after each: making one holds up everybody's pen for its 0.2 to 0.4 s."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from time import perf_counter

MOST_WAITING = 200
"""Of one owner. Who comes then is told to come again."""

LONGEST_REST = 2.0
"""Seconds: also where the machine slept while a page was made."""

Place = asyncio.Future[bool]
"""In a row: True when it is one's turn, False when one has left."""


class CrowdedError(RuntimeError):
    """More of this owner wait already than may."""


class Pace:
    """Lets one in at a time, owners in turn, and after each nobody for as long as it took.

    So those who are in have half of the event loop however many come, and who asks again and again keeps nobody else
    waiting. Owners are told apart by any hashable key.
    """

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._most = most_waiting
        self._rows: dict[Hashable, deque[Place]] = {}
        """The owner next in turn first."""
        self._busy = False

    def enter(self, owner: Hashable) -> Place:
        """To be awaited; if it says True, `turn` is to follow.

        Raises:
            CrowdedError: if too many of this owner wait.
        """
        place: Place = asyncio.get_running_loop().create_future()
        row = self._rows.setdefault(owner, deque())
        if len(row) >= self._most:
            raise CrowdedError
        row.append(place)
        if not self._busy:
            self._next()
        return place

    def leave(self, place: Place) -> None:
        """Whoever waited there has gone; nothing if it was their turn already."""
        if place.done():
            return
        for owner, row in self._rows.items():
            if place in row:
                row.remove(place)
                if not row:
                    del self._rows[owner]
                break
        place.set_result(False)

    @contextmanager
    def turn(self) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(min(perf_counter() - began, LONGEST_REST), self._next)

    def _next(self) -> None:
        self._busy = bool(self._rows)
        if not self._rows:
            return
        owner, row = next(iter(self._rows.items()))
        place = row.popleft()
        # To the end.
        del self._rows[owner]
        if row:
            self._rows[owner] = row
        place.set_result(True)
