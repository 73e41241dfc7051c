"""Reading files that anybody may have made: nothing is read or unpacked beyond a bound."""

from __future__ import annotations

import stat
import zlib
from pathlib import Path

from .strokes import InputError

MAX_BYTES = 64 << 20
"""Largest file, and largest content of a compressed one."""


def read_bounded(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file; InputError if there is none, it is unreadable, empty or over `limit`."""
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise InputError("This is a directory; name the files in it.")
        if not stat.S_ISREG(state.st_mode):
            raise InputError("This is not a regular file.")
        if state.st_size > limit:
            size = _megabytes(state.st_size)
            raise InputError(f"The file has {size}; at most {_megabytes(limit)} are read.")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError("There is no such file.") from None
    except PermissionError:
        raise InputError("You have no permission to read this file.") from None
    except (OSError, ValueError) as error:
        # ValueError: a name with a null byte in it.
        raise InputError(f"The file cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if len(data) > limit:
        raise InputError(f"The file grew beyond {_megabytes(limit)} while it was read.")
    if not data:
        raise InputError("The file is empty.")
    return data


def gunzip(data: bytes, limit: int = MAX_BYTES) -> bytes:
    """The content of gzip data, of any number of members; InputError if it is damaged or over `limit`."""
    content: list[bytes] = []
    room = limit
    try:
        while data:
            member = zlib.decompressobj(wbits=31)
            content.append(member.decompress(data, room + 1))
            room -= len(content[-1])
            if room < 0:
                raise InputError(f"The file unpacks to more than {_megabytes(limit)}.")
            if not member.eof:
                raise InputError("The gzip file is cut short.")
            data = member.unused_data.lstrip(b"\0")
    except zlib.error:
        raise InputError("The gzip file is damaged.") from None
    return b"".join(content)


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MB"
