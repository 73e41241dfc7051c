"""What the page is told about one node: the calculation that it performs, with all numbers in it.

Numbers are those of the trace and of the parameters, unrounded: what is shown adds up (tests/views/test_audit.py).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis import inspection
from vizapp.analysis.effect import effect
from vizapp.analysis.inspection import Incoming, Split
from vizapp.analysis.receptive import Field, receptive_field
from vizapp.explorer import Explorer
from vizapp.nets.layers import Input, Layer
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

Message = dict[str, Any]


def inspection_message(explorer: Explorer, node: int, ack: int = 0) -> Message:
    """Everything about a node for the present drawing, well below a millisecond. Raises ValueError for no node."""
    network, trace = explorer.net, explorer.trace
    layer = network.layers[network.layer_index_of(node)]
    inputs = inspection.incoming(trace, node)
    split = Split.of(inputs.products)
    field = receptive_field(network, node)
    return {
        "type": "inspection",
        "ack": ack,
        "network": network.name,
        "node": node,
        "name": network.node_name(node),
        "layer": layer.name,
        "kind": _kind(network, layer),
        "role": inspection.role(network, node),
        "place": asdict(inspection.place(network, node)),
        "field": None if field is None else asdict(field),
        "pad": _on_pad(explorer, field),
        "activation": layer.activation,
        "bias": inputs.bias,
        **values(trace, node),
        "reference": None if explorer.reference_trace is None else values(explorer.reference_trace, node),
        "sources": inputs.sources.astype(np.uint16),
        "inputs": inputs.inputs,
        "weights": inputs.weights,
        "shape": list(inputs.shape),
        "terms": _terms(inputs, split),
        "rest": {"count": split.count, "sum": split.sum},
        "out": _out(network, node),
        "effect": effect(trace, node),
        "map": _map(trace, node),
        "kernel": _kernel(network, node),
        "winner": inspection.winner(trace, node),
        "logits": trace.logits[0] if layer is network.layers[-1] else None,
        "probabilities": trace.probabilities[0] if layer is network.layers[-1] else None,
        "rival": _rival(trace, node),
        "ink": _ink(explorer, node),
        "empty": explorer.empty,
    }


def values(trace: Trace, node: int) -> Message:
    """The two exact numbers of a node."""
    return {"pre": float(trace.pre[0, node]), "output": float(trace.activation[0, node])}


def _kind(network: Network, layer: Layer) -> str:
    return "output" if layer is network.layers[-1] else layer.kind


def _on_pad(explorer: Explorer, field: Field | None) -> list[float] | None:
    """Left, top, right and bottom of the receptive field on the pad, whose side is 1; it may reach beyond."""
    view = explorer.rendered.view
    if view is None or field is None:
        return None
    left, top, side = view.frame
    rows, columns = explorer.net.image_shape
    return [
        left + side * field.col0 / columns,
        top + side * field.row0 / rows,
        left + side * field.col1 / columns,
        top + side * field.row1 / rows,
    ]


def _terms(inputs: Incoming, split: Split) -> list[Message]:
    return [
        {
            "source": int(inputs.sources[i]),
            "input": float(inputs.inputs[i]),
            "weight": float(inputs.weights[i]),
            "product": float(inputs.inputs[i]) * float(inputs.weights[i]),
        }
        for i in split.largest
    ]


def _out(network: Network, node: int) -> Message | None:
    out = inspection.outgoing(network, node)
    return None if out is None else {"layer": out.layer, "first": out.first, "weights": flat(out.weights)}


def _map(trace: Trace, node: int) -> Message | None:
    found = inspection.feature_map(trace, node)
    if found is None:
        return None
    rows, cols = found.pre.shape
    return {
        "first": found.first,
        "rows": rows,
        "cols": cols,
        "pre": flat(found.pre),
        "output": flat(found.output),
    }


def _kernel(network: Network, node: int) -> Message | None:
    kernel = inspection.kernel(network, node)
    if kernel is None:
        return None
    return {"maps": len(kernel), "size": kernel.shape[-1], "weights": flat(kernel)}


def _rival(trace: Trace, node: int) -> Message | None:
    rival = inspection.rival(trace, node)
    if rival is None:
        return None
    difference = rival.difference
    split = Split.of(difference)
    return {
        "node": rival.node,
        "name": trace.network.node_name(rival.node),
        "gap": rival.gap,
        "bias": rival.bias,
        "terms": [
            {
                "source": int(rival.sources[i]),
                "mine": float(rival.mine[i]),
                "theirs": float(rival.theirs[i]),
                "difference": float(difference[i]),
            }
            for i in split.largest
        ],
        "rest": {"count": split.count, "sum": split.sum},
    }


def _ink(explorer: Explorer, node: int) -> Message | None:
    """For a node of the input: the finer pixels of the drawing that it is the weighted mean of."""
    source = explorer.net.layers[0]
    if node >= source.n_nodes:
        return None
    assert isinstance(source, Input)
    row, column = (int(at) - source.pad for at in np.divmod(node, source.shape[2]))
    rows, columns = source.image_shape
    if not (0 <= row < rows and 0 <= column < columns):
        return None
    part = explorer.rendered.averaged(row, column)
    if part is None:
        return None
    return {
        "rows": part.fine.shape[0],
        "cols": part.fine.shape[1],
        "pixels": np.rint(part.fine * 255).astype(np.uint8).ravel(),
        "values": flat(part.fine),
        "weights": flat(part.weights),
        "value": float(explorer.image[row, column]),
    }


def flat(values: NDArray[Any]) -> NDArray[Any]:
    """As it travels: float32 in C order, in one dimension."""
    return np.ascontiguousarray(values, np.float32).ravel()
