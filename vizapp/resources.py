"""Where the files that come with vizapp are: layouts and weights."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def directory(name: str) -> Path:
    """The directory "layouts" or "weights": inside an installed package, at the top of a checkout.

    Raises:
        FileNotFoundError: if neither has it; the installation is not complete.
    """
    for parent in (_PACKAGE, _PACKAGE.parent):
        candidate = parent / name
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"vizapp is not completely installed: no directory {name!r} in {_PACKAGE}")


def weights_dir() -> Path:
    return directory("weights")


def layouts_dir() -> Path:
    return directory("layouts")
