"""Pages one at a time: those who are in are heard in between, owners take turns, who has left is forgotten."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from vizapp.serving.pacing import CrowdedError, Pace


async def make(pace: Pace, owner: str, told: list[str], seconds: float = 0.0) -> None:
    if await pace.enter(owner):
        with pace.turn():
            time.sleep(seconds)  # as a page does: nobody else is heard meanwhile
            told.append(owner)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await asyncio.wait_for(work(), 60)

    asyncio.run(within())


def test_others_have_half_of_the_time() -> None:
    async def work() -> None:
        told: list[str] = []
        heard: list[float] = []
        pace = Pace()

        async def somebody() -> None:
            while len(told) < 5:
                began = time.perf_counter()
                await asyncio.sleep(0)
                gone = time.perf_counter() - began
                if gone < 0.03:  # no page in it
                    heard.append(gone)

        began = time.perf_counter()
        await asyncio.gather(somebody(), *(make(pace, "one", told, 0.05) for _ in range(5)))
        took = time.perf_counter() - began
        # Five pages and the four rests between them.
        assert took >= 9 * 0.05
        assert sum(heard) >= 4 * 0.05 * 0.9

    run(work)


def test_who_comes_alone_does_not_wait() -> None:
    async def work() -> None:
        pace = Pace()
        place = pace.enter("one")
        assert place.done()
        assert place.result()

    run(work)


def test_owners_take_turns_however_often_one_asks() -> None:
    async def work() -> None:
        pace, told = Pace(), []  # type: ignore[var-annotated]
        await asyncio.gather(
            *(make(pace, "many", told) for _ in range(6)),
            make(pace, "few", told),
            make(pace, "other", told),
        )
        assert told[:4] == ["many", "many", "few", "other"]
        assert len(told) == 8

    run(work)


def test_who_has_left_takes_no_turn() -> None:
    async def work() -> None:
        pace, told = Pace(), []  # type: ignore[var-annotated]
        first = pace.enter("one")
        places = [pace.enter("one") for _ in range(3)]
        pace.leave(places[0])
        pace.leave(places[2])
        assert await first
        with pace.turn():
            pass
        assert [await place for place in places] == [False, True, False]
        with pace.turn():
            pass
        await make(pace, "later", told)
        assert told == ["later"]

    run(work)


def test_a_page_that_fails_lets_the_next_one_in() -> None:
    async def work() -> None:
        pace, told = Pace(), []  # type: ignore[var-annotated]
        assert await pace.enter("one")
        with pytest.raises(ZeroDivisionError), pace.turn():
            raise ZeroDivisionError
        await make(pace, "next", told)
        assert told == ["next"]

    run(work)


def test_too_many_of_one_owner_are_sent_away_and_nobody_else() -> None:
    async def work() -> None:
        pace = Pace(most_waiting=2)
        pace.enter("one")
        pace.enter("one")
        last = pace.enter("one")
        with pytest.raises(CrowdedError):
            pace.enter("one")
        pace.enter("other")
        pace.leave(last)
        pace.enter("one")

    run(work)
