"""A socket in the file system instead of a port: nobody but its owner reaches the server.

Jupyter starts it so. What stands before such a server has logged people in, under a name that this one is not told
of; pages are held to the name that they were asked for by.
"""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest


class DoorwayError(ValueError):
    """The path cannot be used; the message says why."""


class Doorway:
    """The file of a Unix socket. Bokeh makes it, with rights for its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own: tuple[int, int] | None = None

    def clear(self) -> None:
        """Make way for the server: remove what one left that was killed.

        Raises:
            DoorwayError: if something else is there, or a server that lives.
        """
        try:
            found = os.lstat(self._path)
        except OSError:
            # Nothing there; or binding will say better what is wrong.
            return
        if not stat.S_ISSOCK(found.st_mode):
            raise DoorwayError(
                f"{self._path} is there and is no socket: give another path with --unix-socket."
            )
        if self._answers():
            raise DoorwayError(
                f"a server listens on {self._path}, perhaps another vizapp. Give another path with --unix-socket."
            )
        self._path.unlink(missing_ok=True)

    def keep(self) -> None:
        """Remember that the file is this server's."""
        self._own = self._identity()

    def remove(self) -> None:
        """Take the file away, unless another server has put its own there."""
        if self._own is not None and self._identity() == self._own:
            self._path.unlink(missing_ok=True)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(1)
            try:
                caller.connect(str(self._path))
            except (ConnectionRefusedError, FileNotFoundError):
                return False
            except OSError:
                # Another's, or one too busy to answer.
                return True
        return True

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = os.lstat(self._path)
        except OSError:
            return None
        return found.st_dev, found.st_ino


def from_here(origin: str, request: HTTPServerRequest) -> bool:
    """Whether a websocket is asked for by a page of the very host that it is asked from.

    Who stands in between may have put that name into X-Forwarded-Host: a browser lets no page write it.
    """
    page = urlsplit(origin).netloc.lower()
    names = (request.headers.get("Host"), request.headers.get("X-Forwarded-Host", "").partition(",")[0])
    return bool(page) and page in (name.strip().lower() for name in names if name)
