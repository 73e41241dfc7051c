"""Bounds on what a client's message may become in memory.

Bokeh decompresses the buffers of a message without a bound: 0.7 MB of them once took 1 GB.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from bokeh.core.serialization import Deserializer

MAX_MESSAGE_BYTES = 2_000_000
"""Of a websocket message, as it arrives."""

MAX_DECODED_BYTES = 16_000_000
"""Of all buffers of a message together, decompressed."""

_GZIP = 31
_unbounded = Deserializer._decode_bytes


def bound_decompression() -> None:
    """Make Bokeh refuse messages that decompress to more than `MAX_DECODED_BYTES`, in the whole process."""
    Deserializer._decode_bytes = _decode_bytes


def _decode_bytes(self: Deserializer, obj: Any) -> Any:
    data = obj["data"]
    if not isinstance(data, str):
        return _unbounded(self, obj)
    # A deserialiser lives for one message; what its earlier buffers took is kept on it.
    left = MAX_DECODED_BYTES - getattr(self, "_vizapp_decoded", 0)
    try:
        content = gunzip(base64.b64decode(data), left)
    except (binascii.Error, zlib.error, ValueError) as error:
        self.error(f"a buffer was refused: {error}")
    self._vizapp_decoded = MAX_DECODED_BYTES - left + len(content)
    return content


def gunzip(packed: bytes, most: int) -> bytes:
    """Decompress one gzip stream.

    Raises:
        ValueError: if that would be more than `most` bytes, or the stream is cut short.
        zlib.error: if it is no gzip stream.
    """
    stream = zlib.decompressobj(wbits=_GZIP)
    # One byte more than allowed tells "too much" from "just enough"; 0 would mean "no bound".
    content = stream.decompress(packed, max(most, 0) + 1)
    if len(content) > most:
        raise ValueError(f"it decompresses to more than {most} bytes")
    if not stream.eof:
        raise ValueError("it is not complete")
    return content
