"""Bring the checkout's virtual environment up to date: `python3 tools/prepare.py run`, `test` or `hosting`.

Installs exactly what requirements/*.txt pin, by hash, then vizapp itself from this checkout with the page's
JavaScript bundle. What is up to date already is left alone, so that this takes a moment when nothing changed.
Runs on older Pythons as well, to say which one it needs.
"""

import hashlib
import os
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
SCRIPTS = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(SCRIPTS, "python")


class PrepareError(Exception):
    """The environment could not be made; the message says what to do."""


def prepare(purpose: str) -> None:
    make_environment()
    install(purpose + ".txt")
    if not has_node():
        install("node.txt")
    install_vizapp()


def make_environment() -> None:
    if sys.version_info < OLDEST:
        present = ".".join(map(str, sys.version_info[:2]))
        raise PrepareError(
            f"vizapp needs Python 3.{OLDEST[1]} or newer, and {sys.executable} is {present}. "
            "Name another: make PYTHON=/path/to/python3"
        )
    if quiet(PYTHON, "-c", f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"):
        return
    say("making the virtual environment .venv")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]) != 0:
        raise PrepareError(
            "`python3 -m venv` does not work here (see above). On Debian or Ubuntu: apt-get install python3-venv"
        )


def install(lock: str) -> None:
    """Install a lock file, unless this very one is installed."""
    path = os.path.join(ROOT, "requirements", lock)
    if done(lock, digest(path)):
        return
    say("installing requirements/" + lock)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", path)
    note(lock, digest(path))


def install_vizapp() -> None:
    """Install vizapp in editable form, and the bundle if its sources changed."""
    path = os.path.join(ROOT, "pyproject.toml")
    if not done("vizapp", digest(path)):
        say("installing vizapp")
        # Without build isolation: the build's own dependencies are pinned with the others.
        run(
            PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT
        )
        note("vizapp", digest(path))
    run(PYTHON, os.path.join(ROOT, "hatch_build.py"))


def has_node() -> bool:
    """Whether the build hook would find a Node by itself."""
    test = "import hatch_build, sys; sys.exit(hatch_build.system_node() is None)"
    return quiet(PYTHON, "-c", test)


def run(*command: str) -> None:
    if subprocess.call(command) != 0:
        raise PrepareError("this command failed (see above): " + " ".join(command))


def quiet(*command: str, cwd: str = ROOT) -> bool:
    """Whether a command runs and succeeds."""
    try:
        with open(os.devnull, "w") as null:
            return subprocess.call(command, stdout=null, stderr=null, cwd=cwd) == 0
    except OSError:
        return False


def done(what: str, state: str) -> bool:
    try:
        with open(stamp(what)) as file:
            return file.read() == state
    except OSError:
        return False


def note(what: str, state: str) -> None:
    with open(stamp(what), "w") as file:
        file.write(state)


def stamp(what: str) -> str:
    return os.path.join(VENV, what + ".installed")


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def say(text: str) -> None:
    print(f"vizapp: {text}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["test"], ["hosting"]):
        sys.exit("usage: python3 tools/prepare.py run|test|hosting")
    try:
        prepare(sys.argv[1])
    except PrepareError as error:
        sys.exit(f"vizapp: {error}")
