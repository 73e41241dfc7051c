"""Find a Chromium for the browser tests. `python tests/browser/chromium.py` installs one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Playwright

VARIABLE = "VIZAPP_CHROMIUM"
ON_PATH = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge")
# Software WebGL, the same everywhere; and nothing that a browser says to its maker.
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# For measuring: what a browser without a graphics card chooses by itself, which composes pages without OpenGL.
PLAIN_FLAGS = [flag for flag in FLAGS if not flag.startswith("--use-")]
PATIENCE = 600


def launch(playwright: Playwright) -> Browser:
    """Start the browser. Raises RuntimeError if there is none."""
    path = find()
    if path is None:
        raise RuntimeError("no Chromium was found: run `make browser`, which installs one")
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


@cache
def playwrights_own() -> Path:
    """Where Playwright would have it, asked in a process of its own: two of its loops do not go together."""
    code = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return Path(asked.stdout.strip())


def find() -> str | None:
    """Path of a Chromium: the one that VIZAPP_CHROMIUM names, Playwright's own, or one of the system."""
    if named := os.environ.get(VARIABLE):
        return named
    if playwrights_own().exists():
        return str(playwrights_own())
    return next((path for name in ON_PATH if (path := shutil.which(name))), None)


def install() -> str | None:
    """Have Playwright download its own; where it cannot, have Debian's packages do it."""
    attempt([sys.executable, "-m", "playwright", "install", "chromium"])
    if find() is None and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        attempt(["apt-get", "update", "--quiet=2"])
        attempt(["apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends", "chromium"])
    return find()


def attempt(command: list[str]) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("vizapp:", " ".join(command), flush=True)
    try:
        subprocess.run(command, env=env, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"vizapp: {error}", file=sys.stderr)


def main() -> int:
    path = find() or install()
    if path is None:
        print(
            "vizapp: the browser tests need Chromium or Chrome, and none could be installed. "
            f"Install one, or name one with {VARIABLE}=/path/to/chromium.",
            file=sys.stderr,
        )
        return 1
    print(f"vizapp: browser tests use {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
