"""Many independent pieces of work, on this machine's cores or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

MAX_PROCESSES = 256
_AHEAD = 2
"""Pieces that are handed out for each core: one is worked on, one waits. More would only take memory."""
_LISTENS = 0.1
"""Seconds between two looks at whether to stop."""
_CONNECTS = "10s"
_NICE = 19
"""The lowest priority there is: whoever draws meanwhile goes first."""
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class JobError(ValueError):
    """The workers cannot go on; the message is one sentence for the person who asked for the work."""


class NoClusterError(JobError):
    """Its sentence has the scheduler's address, which is for nobody but whoever gave it."""


def cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def run(
    work: Callable[[T], R],
    tasks: Iterable[T],
    processes: int = 1,
    scheduler: str | None = None,
    stop: Callable[[], bool] = lambda: False,
    aside: bool = False,
) -> Iterator[tuple[T, R]]:
    """Each task with what `work` makes of it, in whatever order they come to an end.

    Args:
        work: a function of a module, so that other processes find it.
        tasks: taken one after the other, and only a few ahead of the work.
        processes: on this machine, each with one BLAS thread; 1 works right here.
        scheduler: the address of a Dask scheduler to hand the tasks to instead.
        stop: asked again and again; where it says so, what is not yet begun is left undone. The same happens if
            the iterator is closed, or by an exception such as KeyboardInterrupt.
        aside: this process has something better to do, for people who wait: never work right here, and let the
            processes on this machine give way to everything else.

    Raises:
        JobError: if Dask is missing or does not answer, or a process was killed.
        ValueError: for no processes at all, or more than 256.
        Exception: what `work` raises.
    """
    if not 1 <= processes <= MAX_PROCESSES:
        raise ValueError(f"{processes} processes are asked for; 1 to {MAX_PROCESSES} are possible")
    if scheduler is None and processes == 1 and not aside:
        for task in tasks:
            if stop():
                return
            yield task, work(task)
        return
    with _pool(processes, aside) if scheduler is None else _cluster(scheduler) as (executor, width):
        yield from _spread(executor, width, work, iter(tasks), stop)


def _spread(
    executor: Executor, width: int, work: Callable[[T], R], tasks: Iterator[T], stop: Callable[[], bool]
) -> Iterator[tuple[T, R]]:
    waiting: dict[Future[R], T] = {}
    try:
        while not stop():
            for task in islice(tasks, _AHEAD * width - len(waiting)):
                with _uninterrupted():
                    waiting[executor.submit(work, task)] = task
            if not waiting:
                return
            done, _ = wait(waiting, _LISTENS, FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), future.result()
    except BrokenProcessPool:
        raise JobError(
            "A working process ended before its time; perhaps the memory was not enough for so many."
        ) from None
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def _pool(processes: int, aside: bool) -> Iterator[tuple[Executor, int]]:
    """Processes that start afresh: a fork would copy threads' locks in whatever state they are."""
    before = {name: os.environ.get(name) for name in _THREADS}
    # Read by NumPy when it is imported. More threads than cores would be in each other's way.
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    pool = ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(aside,)
    )
    try:
        yield pool, processes
    finally:
        # Who gives way may take long to end, and is waited for by nobody.
        pool.shutdown(wait=not aside, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _begin(aside: bool) -> None:
    """What each process of the pool does first."""
    if aside and hasattr(os, "nice"):
        os.nice(_NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A process that was killed cannot tell its own: they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are started here do not hear Ctrl-C, which the terminal tells all: this one ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from dask.distributed import Client
    except ImportError:
        raise JobError(
            "A scheduler needs Dask, which is not installed: pip install 'vizapp[cluster]'."
        ) from None
    try:
        client = Client(address, timeout=_CONNECTS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoClusterError(f"No Dask scheduler answers at {address}: {error}.") from None
    with client:
        # Not pure: a key would be made of all that a task holds.
        executor = client.get_executor(pure=False)
        try:
            yield executor, max(1, sum(client.nthreads().values()))
        finally:
            executor.shutdown(wait=False)
