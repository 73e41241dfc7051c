"""Test images that are like something, for the inspector: thumbnails with what each says of a node or a layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from vizapp.analysis import alike
from vizapp.inputs.reference import reference, title
from vizapp.nets.trace import Trace

WHATS = ("strongest", "nearest")


def alike_message(trace: Trace, node: int, what: str, ack: int = 0, empty: bool = False) -> dict[str, Any]:
    """Up to a second, for a worker thread. Without a drawing, `empty`, nothing is near it.

    Raises:
        ValueError: if there is no such node.
    """
    network = trace.network
    layer = network.layers[network.layer_index_of(node)].name
    if what == "strongest":
        found = alike.strongest(network)
        count, groups = found.count, [("test images that activate it most", found.of(node))]
    elif empty:
        count, groups = 0, []
    else:
        count, near = alike.nearest(trace, layer, alike.candidates(trace))
        groups = [
            (str(each.label), list(zip(each.image.tolist(), each.distance.tolist(), strict=True)))
            for each in near
        ]
    shown = [index for _, items in groups for index, _ in items]
    return {
        "type": "alike",
        "ack": ack,
        "network": network.name,
        "node": node,
        "what": what,
        "layer": layer,
        "count": count,
        "groups": [
            {
                "label": label,
                "items": [
                    {"source": "reference", "index": index, "title": title(index), "value": value}
                    for index, value in items
                ],
            }
            for label, items in groups
        ],
        "images": reference()[0][np.array(shown, np.intp)].ravel(),
    }
