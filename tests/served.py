"""The real server as a subprocess: `vizapp serve` on a free port."""

from __future__ import annotations

import select
import sys
from pathlib import Path
from urllib.parse import urlsplit

from running import PATIENCE, Running

__all__ = ["PATIENCE", "ROOT", "Served"]
ROOT = Path(__file__).resolve().parent.parent


class Served(Running):
    """A running server: `with Served(tmp_path / "log") as server: ... server.url`.

    `url` ends with a slash; `port`, `process` and `log` (what it wrote to stderr) are there as well. On a Unix socket,
    `url` is what is to be asked for there.
    """

    def __init__(
        self, log: Path, *arguments: str, environment: dict[str, str] | None = None, before: str = ""
    ) -> None:
        """`before` is Python code to run first, to break something."""
        code = f"{before}\nimport sys\nfrom vizapp.cli import main\nsys.exit(main())"
        command = [sys.executable, "-c", code, "serve", "--no-browser", "--verbose", *arguments]
        if not {"--port", "--unix-socket"} & set(arguments):
            command += ["--port", "0"]
        super().__init__(command, log, ROOT, {"PYTHONUNBUFFERED": "1", **(environment or {})}, heard=True)

    def has_begun(self) -> bool:
        line = self._first_line()
        if not line.startswith(("vizapp is at http://", "vizapp listens on")):
            raise AssertionError(f"vizapp serve did not start: {line!r}\n{self.log}")
        self.url = line[line.index("http://") :].split()[0] if "http://" in line else "http://localhost/"
        self.port = urlsplit(self.url).port or 80
        return True

    def _first_line(self) -> str:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        return self.process.stdout.readline().decode() if ready else "nothing was said"
