"""The panes. `vizapp.views.Scene(explorer)` is one of them by itself, in a notebook or a Panel app of one's own."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["Answer", "Flat", "Inspector", "Landscape", "Pad", "Scene", "Seen", "Timeline"]


def __getattr__(name: str) -> Any:
    # Imported when they are asked for: Panel takes a second.
    if name in __all__:
        return getattr(import_module(f"vizapp.views.{name.lower()}"), name)
    raise AttributeError(f"vizapp.views has no {name!r}")
