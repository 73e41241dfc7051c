"""A journal of results: a line of JSON for each as it comes, so that whatever ends the work, they are kept."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from vizapp.inputs.files import read_bounded
from vizapp.inputs.strokes import InputError

HEADER = {"vizapp": "sweep", "format": 1}
MAX_BYTES = 1 << 30


class Journal:
    """Results by key: what was kept in a file before, and what is added now. Use it as a context manager.

    The first line of the file says what it is; each other one is `{"key": …, "result": …}`. A line that was cut
    short, by a full disk or a power cut, is as if it had never been written.
    """

    def __init__(self, path: Path | None = None, afresh: bool = False) -> None:
        """
        Args:
            path: of the file, which is made if there is none; None keeps nothing.
            afresh: forget what is in the file.

        Raises:
            InputError: if the file is something else, cannot be read, or has more than a gigabyte.
        """
        self.path = path
        self._results: dict[str, Any] = {}
        self._file: BinaryIO | None = None
        if path is None:
            return
        if path.exists() and not afresh and path.stat().st_size:
            self._read(path)
            self._file = path.open("ab")
            self._file.write(b"\n")  # after a line that was cut short; empty ones mean nothing
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb")
            self._write(HEADER)

    def __contains__(self, key: str) -> bool:
        return key in self._results

    def __getitem__(self, key: str) -> Any:
        return self._results[key]

    def get(self, key: str, otherwise: Any = None) -> Any:
        return self._results.get(key, otherwise)

    def __len__(self) -> int:
        return len(self._results)

    def add(self, key: str, result: Any) -> None:
        """Keep a result, anything that JSON can hold; it is on its way to the disk when this returns."""
        self._results[key] = result
        if self._file is not None:
            self._write({"key": key, "result": result})

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, entry: dict[str, Any]) -> None:
        assert self._file is not None
        self._file.write(json.dumps(entry).encode() + b"\n")
        self._file.flush()

    def _read(self, path: Path) -> None:
        first, *lines = read_bounded(path, MAX_BYTES).split(b"\n")
        if _parsed(first) != HEADER:
            raise InputError(
                f"{path} is no journal of earlier results; remove it, or choose another place for the new ones."
            )
        for line in lines:
            entry = _parsed(line)
            if isinstance(entry, dict) and isinstance(entry.get("key"), str) and "result" in entry:
                self._results[entry["key"]] = entry["result"]


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
