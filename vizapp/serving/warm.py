"""Everything slow that a first visitor would wait for, done before the first page."""

from __future__ import annotations

from vizapp import nets
from vizapp.explorer import Explorer
from vizapp.views import wire


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
