"""How often somebody may do something, by a clock that the test winds."""

from __future__ import annotations

from vizapp.serving.throttle import Bucket, Throttle


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_what_it_holds_and_fills_up_again() -> None:
    clock = Clock()
    bucket = Bucket(rate=2, most=3, clock=clock)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    assert bucket.wait() == 0.5
    clock.now += 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    clock.now += 1000
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_who_owes_rests_until_nothing_is_owed() -> None:
    clock = Clock()
    bucket = Bucket(rate=10, most=20, clock=clock)
    assert bucket.spend(20) == 0
    assert bucket.spend(50) == 5
    clock.now += 5
    assert bucket.spend(1) == 0.1


def test_keys_do_not_concern_each_other_and_the_oldest_are_forgotten() -> None:
    clock = Clock()
    throttle = Throttle(rate=1, most=2, keys=3, clock=clock)
    for _ in range(2):
        throttle.spend("a")
    assert throttle.wait("a") == 1
    assert throttle.wait("b") == 0
    throttle.spend("a", -1)
    assert throttle.wait("a") == 0
    throttle.spend("a")
    for key in "bcd":
        throttle.spend(key)
    assert throttle.wait("a") == 0
