"""Operators shared by all sessions of the process: built once, in the background, within a bound of bytes."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from vizapp.raster.direct import Direct
from vizapp.raster.edges import EdgeSet, Kind
from vizapp.raster.operators import Cancelled, Operator
from vizapp.raster.viewport import Viewport

_log = logging.getLogger(__name__)
MAX_BYTES = 320_000_000
_DIRECT_SHARE = 0.1  # what clipped lines may take beside the operators
Key = tuple[str, Viewport, Kind]
K = TypeVar("K", bound=Hashable)
T = TypeVar("T", Operator, Direct)


class Build(Protocol):
    """What makes an operator; it must raise Cancelled soon after `cancelled()` has become true."""

    def __call__(
        self, edges: EdgeSet, viewport: Viewport, kind: Kind, *, cancelled: Callable[[], bool]
    ) -> Operator: ...


@dataclass
class _Wish:
    edges: EdgeSet
    future: Future[Operator] = field(default_factory=Future)
    owners: set[Hashable] = field(default_factory=set)
    started: bool = False


class OperatorCache:
    """Operators by (content of the edge set, viewport, kind), least recently used out first. Thread-safe.

    A session asks under a name of its own (`owner`) and wants one operator per kind at a time: its next
    request gives up the last one, and a build that nobody wants any more stops. Builds run one after another
    in one thread, the latest wish first: a wheel turned quickly does not wait for the places it passed.

    Sessions keep no operator themselves; they `get` it for each update. So an operator that is pushed out
    is really gone, and the memory of all sessions together stays within `max_bytes` plus one build.
    """

    def __init__(self, max_bytes: int = MAX_BYTES, build: Build = Operator) -> None:
        self.max_bytes = max_bytes
        self._build = build
        self._lock = threading.Lock()
        self._ready: OrderedDict[Key, Operator] = OrderedDict()
        self._directs: OrderedDict[tuple[str, Viewport], Direct] = OrderedDict()
        self._wishes: OrderedDict[Key, _Wish] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, "vizapp-operators")

    @property
    def nbytes(self) -> int:
        """Bytes of all operators and clipped lines that are kept."""
        with self._lock:
            kept: list[Operator | Direct] = [*self._ready.values(), *self._directs.values()]
            return sum(value.nbytes for value in kept)

    def __len__(self) -> int:
        return len(self._ready)

    def get(self, edges: EdgeSet, viewport: Viewport, kind: Kind = "magnitude") -> Operator | None:
        """The operator if it is ready; asks for nothing."""
        with self._lock:
            return _touch(self._ready, (edges.key, viewport, kind))

    def direct(self, edges: EdgeSet, viewport: Viewport, kind: Kind = "magnitude") -> Direct:
        """The clipped lines, made at once (about 5 ms for 424,904 edges) or taken from the last time."""
        key = (edges.key, viewport)
        with self._lock:
            known = _touch(self._directs, key)
        if known is None:
            known = Direct(edges, viewport)
            with self._lock:
                self._directs[key] = known
                _shrink(self._directs, int(self.max_bytes * _DIRECT_SHARE))
        return known.of_kind(kind)

    def request(
        self, edges: EdgeSet, viewport: Viewport, kind: Kind = "magnitude", *, owner: Hashable
    ) -> Future[Operator]:
        """A future of the operator; cancelled when no owner wants it any more.

        Its callbacks run in the building thread, or at once if it is ready: they should only hand over.
        """
        key = (edges.key, viewport, kind)
        with self._lock:
            dropped = self._give_up(owner, kind, but=key)
            ready = _touch(self._ready, key)
            if ready is not None:
                future: Future[Operator] = Future()
                future.set_result(ready)
            else:
                wish = self._wishes.get(key)
                if wish is None:
                    wish = self._wishes[key] = _Wish(edges)
                    self._thread.submit(self._build_latest)
                wish.owners.add(owner)
                self._wishes.move_to_end(key)
                future = wish.future
        _cancel(dropped)
        return future

    def release(self, owner: Hashable) -> None:
        """The owner wants nothing any more: its session is over."""
        with self._lock:
            dropped = self._give_up(owner)
        _cancel(dropped)

    def wait(self) -> None:
        """Until everything that has been wished for is built or given up; for measurements and tests."""
        self._thread.submit(lambda: None).result()

    def close(self) -> None:
        """Stop building and forget everything."""
        with self._lock:
            dropped = [wish.future for wish in self._wishes.values()]
            for part in (self._wishes, self._ready, self._directs):
                part.clear()
        _cancel(dropped)
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _give_up(
        self, owner: Hashable, kind: Kind | None = None, but: Key | None = None
    ) -> list[Future[Operator]]:
        """Withdraw the owner's wishes; the futures that nobody waits for are returned, to cancel unlocked."""
        dropped = []
        for key, wish in list(self._wishes.items()):
            if owner in wish.owners and key != but and kind in (None, key[2]):
                wish.owners.discard(owner)
                if not wish.owners:
                    del self._wishes[key]
                    dropped.append(wish.future)
        return dropped

    def _build_latest(self) -> None:
        with self._lock:
            waiting = [(key, wish) for key, wish in self._wishes.items() if not wish.started]
            if not waiting:
                return
            key, wish = waiting[-1]
            wish.started = True
        try:
            operator = self._build(wish.edges, key[1], key[2], cancelled=wish.future.cancelled)
        except Cancelled:
            return
        except Exception as error:
            _log.exception("The edge operator for %s could not be built", key[1])
            with self._lock:
                self._forget(key, wish)
            _settle(wish.future, error)
            return
        with self._lock:
            if self._forget(key, wish):
                self._ready[key] = operator
                _shrink(self._ready, self.max_bytes)
        _settle(wish.future, operator)

    def _forget(self, key: Key, wish: _Wish) -> bool:
        """Take the wish off the list; False if it has been given up (and perhaps wished anew) meanwhile."""
        if self._wishes.get(key) is not wish:
            return False
        del self._wishes[key]
        return True


def _touch(kept: OrderedDict[K, T], key: K) -> T | None:
    if key in kept:
        kept.move_to_end(key)
    return kept.get(key)


def _shrink(kept: OrderedDict[K, T], max_bytes: int) -> None:
    """Drop the least recently used until the rest fits; what alone is too large stays alone."""
    total = sum(value.nbytes for value in kept.values())
    while total > max_bytes and len(kept) > 1:
        total -= kept.popitem(last=False)[1].nbytes


def _cancel(futures: list[Future[Operator]]) -> None:
    for future in futures:
        future.cancel()


def _settle(future: Future[Operator], result: Operator | Exception) -> None:
    if not future.set_running_or_notify_cancel():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
