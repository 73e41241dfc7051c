"""Work in processes and on a (pretended, and where there is one a real) Dask cluster."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any, ClassVar

import pytest

from vizapp.analysis.batch.jobs import JobError, cores, run

PATIENCE = 120


def square(number: int) -> int:
    return number * number


def environment(name: str) -> tuple[int, str | None, bool]:
    hears = signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    return os.getpid(), os.environ.get(name), hears


def fail(number: int) -> int:
    if number == 3:
        raise RuntimeError("three is too many")
    return number


def vanish(number: int) -> int:
    os._exit(1)


def placed(number: int) -> tuple[int, int]:
    return os.getpid(), os.nice(0)


class Tasks:
    """Numbers, and how many of them were taken."""

    def __init__(self, count: int) -> None:
        self.count, self.taken = count, 0

    def __iter__(self) -> Iterator[int]:
        for number in range(self.count):
            self.taken += 1
            yield number


@pytest.mark.parametrize("processes", [1, 2])
def test_every_task_is_done_once(processes: int) -> None:
    assert sorted(run(square, range(20), processes)) == [(n, n * n) for n in range(20)]
    assert list(run(square, [], processes)) == []


def test_the_first_results_come_while_tasks_are_left() -> None:
    tasks = Tasks(1000)
    results = run(square, tasks, 2)
    next(results)
    assert tasks.taken < 20
    results.close()  # type: ignore[attr-defined]


def test_processes_have_one_thread_and_do_not_hear_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        ((_, (process, value, hears)),) = run(environment, [name], 2)
        assert process != os.getpid()
        assert value == "1"
        assert not hears
    # Here everything is as it was.
    assert os.environ["OPENBLAS_NUM_THREADS"] == "7"
    assert "MKL_NUM_THREADS" not in os.environ
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


@pytest.mark.parametrize("processes", [1, 2])
def test_it_stops_when_told(processes: int) -> None:
    tasks, done = Tasks(1000), []
    for task, _ in run(square, tasks, processes, stop=lambda: len(done) >= 3):
        done.append(task)
    assert 3 <= len(done) <= 3 + 2 * processes
    assert tasks.taken < 20


@pytest.mark.parametrize("processes", [1, 2])
def test_an_exception_comes_through(processes: int) -> None:
    with pytest.raises(RuntimeError, match="three is too many"):
        list(run(fail, range(5), processes))


def test_a_process_that_dies_is_a_sentence() -> None:
    with pytest.raises(JobError, match="ended before its time"):
        list(run(vanish, range(5), 2))


@pytest.mark.parametrize("processes", [0, -1, 257])
def test_impossible_numbers_of_processes_are_refused(processes: int) -> None:
    with pytest.raises(ValueError, match="1 to 256"):
        list(run(square, [1], processes))


@pytest.mark.skipif(not hasattr(os, "nice"), reason="there are other priorities here")
def test_work_aside_is_never_done_here_and_gives_way_to_all_else() -> None:
    ((_, (process, priority)),) = run(placed, [0], 1, aside=True)
    assert process != os.getpid()
    assert priority == 19
    assert os.nice(0) < 19


def test_processes_end_with_the_one_that_started_them() -> None:
    """Killed, it cannot tell them; they hold its output, which would never end."""
    code = """
import os
from vizapp.analysis.batch.jobs import run
results = run(abs, [1, 2, 3], 2)
next(results)
os._exit(7)
"""
    outcome = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, timeout=PATIENCE)
    assert outcome.returncode == 7


def test_there_is_a_core() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


class Client:
    """What `jobs` needs of a Dask client, worked by threads."""

    made: ClassVar[list[Client]] = []

    def __init__(self, address: str, timeout: str, set_as_default: bool) -> None:
        if address != "tcp://cluster:8786":
            raise OSError("Timed out trying to connect")
        self.closed, self.submitted = False, 0
        self.made.append(self)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.closed = True

    def nthreads(self) -> dict[str, int]:
        return {"a": 2, "b": 1}

    def get_executor(self, pure: bool) -> ThreadPoolExecutor:
        assert not pure
        return ThreadPoolExecutor(3)


@pytest.fixture
def dask(monkeypatch: pytest.MonkeyPatch) -> type[Client]:
    module: Any = ModuleType("dask.distributed")
    module.Client = Client
    monkeypatch.setitem(sys.modules, "dask", ModuleType("dask"))
    monkeypatch.setitem(sys.modules, "dask.distributed", module)
    monkeypatch.setattr(Client, "made", [])
    return Client


def test_a_cluster_does_the_work(dask: type[Client]) -> None:
    tasks = Tasks(40)
    results = run(square, tasks, 1, "tcp://cluster:8786")
    first = next(results)
    assert tasks.taken <= 2 * 3 * 2
    assert sorted([first, *results]) == [(n, n * n) for n in range(40)]
    (client,) = dask.made
    assert client.closed


def test_a_cluster_is_left_when_work_stops(dask: type[Client]) -> None:
    tasks, done = Tasks(1000), []
    for task, _ in run(square, tasks, 1, "tcp://cluster:8786", stop=lambda: len(done) >= 3):
        done.append(task)
    assert len(done) < 30
    assert dask.made[0].closed


def test_a_cluster_that_is_not_there_is_a_sentence(dask: type[Client]) -> None:
    with pytest.raises(JobError, match="No Dask scheduler answers at tcp://nowhere:1: Timed out"):
        list(run(square, [1], 1, "tcp://nowhere:1"))


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(JobError, match=r"pip install 'vizapp\[cluster\]'"):
        list(run(square, [1], 1, "tcp://cluster:8786"))


@pytest.mark.filterwarnings("default")
def test_a_real_cluster_does_too() -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        found = run(square, range(20), 1, cluster.scheduler_address)
        assert sorted(found) == [(n, n * n) for n in range(20)]
