"""A program that runs from `with` to its end, however that comes."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import TypeVar

PATIENCE = 120
"""Seconds for what takes two on a quiet machine."""
Self = TypeVar("Self", bound="Running")


class Running:
    """`command` in `folder`; what it says goes to `log`. `with` waits until it `has_begun`."""

    def __init__(
        self,
        command: list[str],
        log: Path,
        folder: Path,
        environment: dict[str, str] | None = None,
        heard: bool = False,
    ) -> None:
        """heard: its standard output is for the test to read, from `process.stdout`."""
        self._command, self._log, self._folder, self._heard = command, log, folder, heard
        self._environment = {**os.environ, **(environment or {})}

    def has_begun(self) -> bool:
        """Whether it can be used now."""
        return True

    def __enter__(self: Self) -> Self:
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if self._heard else log,
                stderr=log,
            )
        try:
            self.wait_for(self.has_begun)
        except BaseException:
            self.close()
            raise
        return self

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """AssertionError with the log if it ends before that, or it never comes."""
        end = monotonic() + PATIENCE
        while not condition():
            if self.process.poll() is not None or monotonic() > end:
                raise AssertionError(f"{self._command[:4]} did not begin:\n{self.log}")
            sleep(0.02)

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            try:
                self.end()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
