"""The real server as a subprocess: `vizapp serve` on a free port."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120
"""Seconds for what takes two on a quiet machine."""


class Served:
    """A running server: `with Served(tmp_path / "log") as server: ... server.url`.

    `url` ends with a slash; `port`, `process` and `log` (what it wrote to stderr) are there as well. On a Unix socket,
    `url` is what is to be asked for there.
    """

    def __init__(
        self, log: Path, *arguments: str, environment: dict[str, str] | None = None, before: str = ""
    ) -> None:
        """`before` is Python code to run first, to break something."""
        self._log = log
        code = f"{before}\nimport sys\nfrom vizapp.cli import main\nsys.exit(main())"
        self._command = [sys.executable, "-c", code, "serve", "--no-browser", "--verbose", *arguments]
        if "--port" not in arguments and "--unix-socket" not in arguments:
            self._command += ["--port", "0"]
        self._environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})}

    def __enter__(self) -> Served:
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=log
            )
        line = self._first_line()
        if not line.startswith(("vizapp is at http://", "vizapp listens on")):
            self.close()
            raise AssertionError(f"vizapp serve did not start: {line!r}\n{self.log}")
        self.url = line[line.index("http://") :].split()[0] if "http://" in line else "http://localhost/"
        self.port = urlsplit(self.url).port or 80
        return self

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
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _first_line(self) -> str:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        return self.process.stdout.readline().decode() if ready else "nothing was said"
