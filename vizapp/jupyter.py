"""vizapp in Jupyter's launcher: what `jupyter-server-proxy` has to know of it. The package's entry point leads here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import vizapp

ICON = Path(__file__).parent / "serving" / "favicon.svg"
IDLE_MINUTES = 30
"""Then a page that nobody uses is paused; else a forgotten tab would keep a Hub from stopping idle servers."""


def setup_vizapp() -> dict[str, Any]:
    """A server of the person's own, started when the tile is first clicked; its page is at …/vizapp/.

    It listens on a socket that only this person may open. Jupyter has logged in whoever comes, takes the path before
    the page's own away, and lets no page of another host connect; neither does the server.

    Raises:
        RuntimeError: where there are no such sockets. Jupyter then says so and leaves the tile out.
    """
    if sys.platform == "win32":
        raise RuntimeError("vizapp in Jupyter's launcher needs Unix sockets; start `vizapp serve` instead")
    if not vizapp._threads_given:
        # This is Jupyter's own process: what stands here would be handed to everybody's notebooks.
        os.environ.pop("OPENBLAS_NUM_THREADS", None)
    return {
        # With -P no file of the notebook's folder comes in place of a module.
        "command": [
            *(sys.executable, "-P", "-m", "vizapp", "serve", "--no-browser", "--end-with-parent"),
            *("--unix-socket", "{unix_socket}", "--idle-minutes", str(IDLE_MINUTES)),
        ],
        "unix_socket": True,
        "absolute_url": False,
        # A busy machine takes longer than the five seconds that are the default.
        "timeout": 60,
        "launcher_entry": {"title": "vizapp", "icon_path": str(ICON)},
    }
