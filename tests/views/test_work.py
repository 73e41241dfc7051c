"""Heavy work of many sessions: in turn, bounded, and over with its session."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait

import pytest

from vizapp.views.work import Queue, TooMuchError, is_over

PATIENCE = 60


class Gate:
    """A job that says when it has begun, and ends when it may."""

    def __init__(self) -> None:
        self.begun, self.open = threading.Event(), threading.Event()

    def __call__(self) -> bool:
        self.begun.set()
        assert self.open.wait(PATIENCE)
        return is_over()


@pytest.fixture
def gates() -> Iterator[list[Gate]]:
    """All of them open in the end, so that no thread is left behind."""
    made = [Gate() for _ in range(4)]
    yield made
    for gate in made:
        gate.open.set()


def test_a_session_with_hundreds_of_jobs_delays_another_by_one(gates: list[Gate]) -> None:
    queue = Queue("test-turns", 1, most_waiting=500)
    done: list[str] = []
    first = queue.submit("greedy", gates[0])
    assert gates[0].begun.wait(PATIENCE)
    futures: list[Future[None]] = [
        queue.submit("greedy", lambda number=number: done.append(f"greedy {number}"))  # type: ignore[misc]
        for number in range(300)
    ]
    futures += [queue.submit("modest", lambda: done.append("modest")) for _ in range(2)]
    gates[0].open.set()
    wait([first, *futures], PATIENCE)
    assert [number for number, what in enumerate(done) if what == "modest"] == [0, 2]
    assert len(done) == 302


def test_a_session_has_one_thread_and_the_other_is_free_for_others(gates: list[Gate]) -> None:
    queue = Queue("test-threads", 2)
    mine = [queue.submit("greedy", gate) for gate in gates[:2]]
    assert gates[0].begun.wait(PATIENCE)
    assert queue.submit("modest", lambda: 7).result(PATIENCE) == 7
    assert not gates[1].begun.is_set()
    for gate in gates[:2]:
        gate.open.set()
    assert [future.result(PATIENCE) for future in mine] == [False, False]


def test_what_waits_is_bounded_for_each_session(gates: list[Gate]) -> None:
    queue = Queue("test-bound", 1, most_waiting=3)
    running = queue.submit("greedy", gates[0])
    assert gates[0].begun.wait(PATIENCE)
    waiting = [queue.submit("greedy", lambda: 1) for _ in range(3)]
    assert isinstance(queue.submit("greedy", lambda: 1).exception(), TooMuchError)
    other = queue.submit("modest", lambda: 2)
    gates[0].open.set()
    assert not running.result(PATIENCE)
    assert [future.result(PATIENCE) for future in waiting] == [1, 1, 1]
    assert other.result(PATIENCE) == 2


def test_the_end_of_a_session_takes_its_work_along(gates: list[Gate]) -> None:
    queue = Queue("test-end", 1)
    running = queue.submit("gone", gates[0])
    assert gates[0].begun.wait(PATIENCE)
    waiting = [queue.submit("gone", lambda: pytest.fail("done for nobody")) for _ in range(3)]
    stays = queue.submit("stays", is_over)
    queue.drop("gone")
    assert all(future.cancelled() for future in waiting)
    gates[0].open.set()
    assert running.result(PATIENCE) is True
    assert stays.result(PATIENCE) is False
    # Its place is free for whoever comes next.
    assert queue.submit("gone", lambda: 5).result(PATIENCE) == 5


def test_a_job_that_fails_harms_nobody() -> None:
    queue = Queue("test-failure", 1)
    failed = queue.submit("one", lambda: 1 / 0)
    assert isinstance(failed.exception(PATIENCE), ZeroDivisionError)
    assert queue.submit("one", lambda: 3).result(PATIENCE) == 3


def test_nothing_is_lost_when_many_ask_at_once() -> None:
    queue = Queue("test-many", 3, most_waiting=1000)
    futures: list[Future[int]] = []

    def ask(owner: int) -> None:
        futures.extend(queue.submit(owner, lambda number=number: number) for number in range(100))  # type: ignore[misc]

    threads = [threading.Thread(target=ask, args=(owner,)) for owner in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(future.result(PATIENCE) for future in futures) == 8 * sum(range(100))
