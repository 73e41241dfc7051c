"""Find other makers' servers for the tests. `python tests/browser/hosting/parts.py` installs what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent
HUB_PROXY = Path(__file__).parent / "proxy"
# From Debian's packages: name of the program, name of the package.
PROGRAMS = {"nginx": "nginx-light", "caddy": "caddy", "systemd-analyze": "systemd", "bwrap": "bubblewrap"}
SBIN = "/usr/local/sbin:/usr/sbin:/sbin"
PATIENCE = 600


def find(program: str) -> str:
    """Path of a program. Raises RuntimeError if it is not here."""
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:{SBIN}")
    if path is None:
        raise RuntimeError(f"no {program} was found: run `make test-hosting`, which installs one")
    return path


def hub_proxy() -> list[str]:
    """The command that starts JupyterHub's proxy. Raises RuntimeError if it is not here."""
    script = HUB_PROXY / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
    if not script.exists():
        raise RuntimeError("JupyterHub's proxy is not here: run `make test-hosting`, which installs it")
    return [node()[0], str(script)]


def node() -> tuple[str, list[str]]:
    """Node, and the command that starts npm: those that the page's bundle is built with."""
    sys.path.insert(0, str(ROOT))
    try:
        from hatch_build import node_and_npm
    finally:
        sys.path.remove(str(ROOT))
    return node_and_npm()


def missing() -> list[str]:
    """Packages of Debian's that are not here."""
    path = f"{os.environ.get('PATH', '')}:{SBIN}"
    return [package for program, package in PROGRAMS.items() if shutil.which(program, path=path) is None]


def install() -> None:
    if missing() and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        attempt(["apt-get", "update", "--quiet=2"])
        attempt(["apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends", *missing()])
    if not (HUB_PROXY / "node_modules").exists():
        attempt([*node()[1], "ci", "--ignore-scripts", "--silent"])


def attempt(command: list[str]) -> None:
    # Debian starts a server as soon as it is installed, unless told not to: nobody asked for one.
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    env["PATH"] = os.pathsep.join([str(Path(node()[0]).parent), env.get("PATH", "")])
    print("vizapp:", " ".join(command), flush=True)
    subprocess.run(command, cwd=HUB_PROXY, env=env, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False)


def main() -> int:
    install()
    if lacking := missing():
        print(
            f"vizapp: the hosting tests need {' and '.join(lacking)}, which could not be installed. "
            "Install them with your system's packages.",
            file=sys.stderr,
        )
        return 1
    hub_proxy()
    return 0


if __name__ == "__main__":
    sys.exit(main())
