"""What is written bit by bit and sent at once: a message of Bokeh's is seven frames, and each would be a packet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tornado.concurrent import Future
from tornado.iostream import IOStream


@contextmanager
def together(stream: IOStream) -> Iterator[list[bytes]]:
    """Inside, what is written to the stream is put into the list, for the caller to write. Nothing may be awaited."""
    written: list[bytes] = []

    def keep(data: bytes | memoryview) -> Future[None]:
        written.append(bytes(data))
        done: Future[None] = Future()
        done.set_result(None)
        return done

    stream.write = keep  # type: ignore[method-assign]
    try:
        yield written
    finally:
        del stream.write
