"""vizapp: draw a digit and watch two whole neural networks think."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

# One image is a small product: a second BLAS thread costs more than it brings. Read when NumPy is imported.
_threads_given = "OPENBLAS_NUM_THREADS" in os.environ
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Imported when it is asked for: Panel takes a second.
    if name == "Explorer":
        return import_module("vizapp.notebook").Explorer
    raise AttributeError(f"vizapp has no {name!r}")
