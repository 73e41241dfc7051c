"""Everything slow that a first visitor would wait for, done before and beside the first page."""

from __future__ import annotations

import logging
import threading

from vizapp import nets
from vizapp.explorer import Explorer
from vizapp.views import wire

log = logging.getLogger(__name__)


def load_shared() -> None:
    """Read and compute what all sessions share: networks, layouts, scales.

    Raises:
        NetworkError, LayoutError: if weights or layouts cannot be used; better now than in every page.
    """
    explorer = Explorer()
    for name in nets.names():
        explorer.network = name
        wire.network_message(explorer.net, explorer.layout)
        for scale in explorer.param.scale.objects:
            explorer.scale = scale
            wire.frame_message(explorer)


def compile_kernels() -> None:
    """Compile the raster's kernels in the background: for seconds once on a machine, then from a cache."""
    threading.Thread(target=_compile, name="compile kernels", daemon=True).start()


def _compile() -> None:
    try:
        # Numba takes its time to import, too.
        from vizapp import raster

        raster.warm_up()
    except Exception:
        log.exception("the raster's kernels could not be compiled")
