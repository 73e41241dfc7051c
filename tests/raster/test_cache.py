from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError

import numpy as np
import pytest

from tests.raster.samples import random_edges
from vizapp.raster import Cancelled, EdgeSet, Kind, Operator, OperatorCache, Viewport

EDGES = random_edges()
WAIT = 20.0  # seconds until a test that hangs fails


def view(number: int) -> Viewport:
    return Viewport(-8 - number, 8, -8, 8, 60, 60)


class Builder:
    """Builds real operators, but only when a test opens the gate; remembers what it built and gave up."""

    def __init__(self) -> None:
        self.gate, self.started = threading.Event(), threading.Event()
        self.built: list[Viewport] = []
        self.cancelled: list[Viewport] = []

    def __call__(
        self, edges: EdgeSet, viewport: Viewport, kind: Kind, *, cancelled: Callable[[], bool]
    ) -> Operator:
        self.started.set()
        assert self.gate.wait(WAIT)
        if cancelled():
            self.cancelled.append(viewport)
            raise Cancelled
        self.built.append(viewport)
        return Operator(edges, viewport, kind, cancelled=cancelled)


@pytest.fixture
def builder() -> Builder:
    return Builder()


@pytest.fixture
def cache(builder: Builder) -> Iterator[OperatorCache]:
    cache = OperatorCache(build=builder)
    yield cache
    builder.gate.set()
    cache.close()


def test_one_build_for_all_who_ask(cache: OperatorCache, builder: Builder) -> None:
    same = random_edges()
    first = cache.request(EDGES, view(0), owner="a")
    futures = [cache.request(same, view(0), owner=name) for name in "bcd"]
    assert all(future is first for future in futures)
    assert cache.get(EDGES, view(0)) is None
    builder.gate.set()
    operator = first.result(WAIT)
    assert builder.built == [view(0)]
    assert cache.get(same, view(0)) is operator
    assert cache.request(EDGES, view(0), owner="e").result(0) is operator


def test_kinds_and_viewports_are_kept_apart(cache: OperatorCache, builder: Builder) -> None:
    builder.gate.set()
    made = [
        cache.request(EDGES, view(n), kind, owner=(n, kind)).result(WAIT)
        for n in (0, 1)
        for kind in ("magnitude", "signed")
    ]
    assert len({id(operator) for operator in made}) == len(cache) == 4


def test_moving_on_cancels_what_nobody_else_wants(cache: OperatorCache, builder: Builder) -> None:
    left = cache.request(EDGES, view(0), owner="a")
    assert builder.started.wait(WAIT)
    arrived = cache.request(EDGES, view(1), owner="a")
    assert left.cancelled()
    builder.gate.set()
    arrived.result(WAIT)
    assert (builder.cancelled, builder.built) == ([view(0)], [view(1)])
    with pytest.raises(CancelledError):
        left.result(0)


def test_moving_on_leaves_what_others_want(cache: OperatorCache, builder: Builder) -> None:
    shared = cache.request(EDGES, view(0), owner="a")
    cache.request(EDGES, view(0), owner="b")
    cache.request(EDGES, view(1), owner="a")
    assert not shared.cancelled()
    builder.gate.set()
    assert shared.result(WAIT).viewport == view(0)


def test_what_is_given_up_and_wished_again_is_built(cache: OperatorCache, builder: Builder) -> None:
    cache.request(EDGES, view(0), owner="a")
    assert builder.started.wait(WAIT)
    cache.request(EDGES, view(1), owner="a")
    again = cache.request(EDGES, view(0), owner="a")
    builder.gate.set()
    assert again.result(WAIT).viewport == view(0)
    assert builder.built == [view(0)]


def test_the_latest_wish_comes_first(cache: OperatorCache, builder: Builder) -> None:
    cache.request(EDGES, view(0), owner="a")
    assert builder.started.wait(WAIT)
    futures = [cache.request(EDGES, view(n), owner=n) for n in (1, 2, 3)]
    builder.gate.set()
    for future in futures:
        future.result(WAIT)
    assert builder.built == [view(n) for n in (0, 3, 2, 1)]


def test_two_kinds_of_one_owner_do_not_drive_each_other_out(cache: OperatorCache, builder: Builder) -> None:
    magnitude = cache.request(EDGES, view(0), "magnitude", owner="a")
    signed = cache.request(EDGES, view(0), "signed", owner="a")
    builder.gate.set()
    assert magnitude.result(WAIT).kind == "magnitude"
    assert signed.result(WAIT).kind == "signed"


def test_a_session_that_ends_wants_nothing(cache: OperatorCache, builder: Builder) -> None:
    futures = [cache.request(EDGES, view(0), kind, owner="a") for kind in ("magnitude", "signed")]
    cache.release("a")
    assert all(future.cancelled() for future in futures)


def test_the_least_recently_used_goes_when_bytes_run_out() -> None:
    size = Operator(EDGES, view(0)).nbytes
    cache = OperatorCache(max_bytes=int(2.5 * size))
    for n in (0, 1):
        cache.request(EDGES, view(n), owner="a").result(WAIT)
    assert cache.get(EDGES, view(0)) is not None
    cache.request(EDGES, view(2), owner="a").result(WAIT)
    assert [cache.get(EDGES, view(n)) is not None for n in (0, 1, 2)] == [True, False, True]
    assert cache.nbytes <= cache.max_bytes
    cache.close()
    assert cache.nbytes == 0


def test_clipped_lines_are_shared_and_bounded() -> None:
    cache = OperatorCache(max_bytes=200_000)
    one, other = cache.direct(EDGES, view(0)), cache.direct(random_edges(), view(0), "signed")
    assert one.ends is other.ends
    assert np.array_equal(one.weight, np.abs(other.weight))
    for n in range(50):
        cache.direct(EDGES, view(n))
    assert cache.nbytes <= 20_000
    cache.close()


def test_a_build_that_fails_tells_those_who_wait_and_can_be_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fail = [True, False]

    def build(edges: EdgeSet, viewport: Viewport, kind: Kind, *, cancelled: Callable[[], bool]) -> Operator:
        if fail.pop(0):
            raise MemoryError("no room")
        return Operator(edges, viewport, kind)

    cache = OperatorCache(build=build)
    with pytest.raises(MemoryError, match="no room"):
        cache.request(EDGES, view(0), owner="a").result(WAIT)
    assert "could not be built" in caplog.text
    assert cache.request(EDGES, view(0), owner="a").result(WAIT).viewport == view(0)
    cache.close()


def test_many_sessions_at_once() -> None:
    cache = OperatorCache(max_bytes=3 * Operator(EDGES, view(0)).nbytes)
    seen: list[bool] = []

    def session(seed: int) -> None:
        rng = np.random.default_rng(seed)
        for _ in range(30):
            n = int(rng.integers(0, 6))
            future = cache.request(EDGES, view(n), owner=seed)
            seen.append(future.result(WAIT).viewport == view(n))

    threads = [threading.Thread(target=session, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert len(seen) == 120
    assert all(seen)
    assert cache.nbytes <= cache.max_bytes + EDGES.source.nbytes * 60
    cache.close()
