"""Side by side: pinned nodes, and the drawing that the present one is compared with."""

from __future__ import annotations

from typing import Any

import numpy as np

from vizapp.explorer import Explorer
from vizapp.nets.layers import Input
from vizapp.nets.trace import Trace
from vizapp.views.inspection import values

Message = dict[str, Any]


def compare_message(explorer: Explorer) -> Message:
    """Pinned nodes with their numbers for both drawings, what the reference looks like and is taken for."""
    network, reference = explorer.net, explorer.reference_trace
    pins = [
        {
            "node": node,
            "name": network.node_name(node),
            "layer": network.layers[network.layer_index_of(node)].name,
            **values(explorer.trace, node),
            "reference": None if reference is None else values(reference, node),
        }
        for node in explorer.pins
    ]
    shown = None
    if reference is not None:
        shown = {"image": _image(reference), "probabilities": reference.probabilities[0].tolist()}
    return {
        "type": "compare",
        "pins": pins,
        "reference": shown,
        "difference": shows_difference(explorer),
    }


def shows_difference(explorer: Explorer) -> bool:
    """Whether the views show the present activations minus those of the reference."""
    return explorer.difference and explorer.reference is not None


def _image(trace: Trace) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """uint8[28 * 28]: what the network saw, 255 being full ink."""
    source = trace.network.layers[0]
    assert isinstance(source, Input)
    rows, columns = source.image_shape
    framed = trace.layer(source.name)[0, 0]
    picture = framed[source.pad : source.pad + rows, source.pad : source.pad + columns]
    return np.asarray(np.rint(picture * 255), np.uint8).ravel()
