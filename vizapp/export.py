"""Values to take home: inputs, weights and outputs of nodes, as CSV or JSON text.

Numbers have nine digits, from which every float32 comes back as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis import inspection
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

MAX_EDGES = 200_000
MAX_NUMBERS = 500_000
FORMATS = {"csv": "text/csv;charset=utf-8", "json": "application/json"}
COLUMNS = "node,name,pre,output,bias,source,source name,input,weight,product"


class ExportError(ValueError):
    """What cannot be exported; the message is one sentence for the person who wanted it."""


@dataclass(frozen=True)
class Export:
    """A file to download."""

    name: str
    mime: str
    text: str


def export_nodes(trace: Trace, nodes: Sequence[int], what: str, row: int = 0) -> Export:
    """Some nodes with everything that comes into them; up to a second for the largest selections.

    CSV has a row per edge, and one for a node that has none. JSON has an object per node, with arrays.

    Raises:
        ExportError: for no nodes, or too many edges.
        ValueError: for a node that there is not.
        KeyError: for another format than those of FORMATS.
    """
    network, mime = trace.network, FORMATS[what]
    edges = sum(max(1, network.layers[network.layer_index_of(node)].fan_in) for node in nodes)
    if not len(nodes):
        raise ExportError("No node is selected: select some to export their values.")
    if edges > MAX_EDGES:
        raise ExportError(
            f"These nodes have {edges:,} edges; at most {MAX_EDGES:,} can be exported at a time: select fewer nodes,"
            " or export a layer as JSON."
        )
    text = _csv(trace, nodes, row) if what == "csv" else _json(network, _nodes(trace, nodes, row))
    about = network.node_name(nodes[0]) if len(nodes) == 1 else f"{len(nodes)} nodes"
    return Export(_file_name(network, about, what), mime, text)


def export_layer(trace: Trace, layer: str, what: str, row: int = 0) -> Export:
    """All of a layer: CSV as for its nodes, JSON as arrays of the layer's and its parameters' shapes.

    Raises:
        ExportError: if that is too much.
        KeyError: for an unknown layer or format.
    """
    network, mime = trace.network, FORMATS[what]
    span, of = network.span(layer), network.layer(layer)
    if what == "csv":
        nodes = export_nodes(trace, range(span.start, span.stop), what, row)
        return Export(_file_name(network, layer, what), mime, nodes.text)
    parameters = {"weight": of.weight, "bias": of.bias}
    numbers = 2 * of.n_nodes + sum(value.size for value in parameters.values() if value is not None)
    if numbers > MAX_NUMBERS:
        raise ExportError(
            f"{layer} has {numbers:,} numbers; at most {MAX_NUMBERS:,} can be exported at a time."
        )
    content = {
        "layer": layer,
        "kind": of.kind,
        "activation": of.activation,
        "first": span.start,
        "shape": list(of.shape),
        "pre": _plain(trace.pre_of(layer)[row]),
        "output": _plain(trace.layer(layer)[row]),
        **{name: None if value is None else _plain(value) for name, value in parameters.items()},
    }
    return Export(_file_name(network, layer, what), mime, _json(network, content))


def _csv(trace: Trace, nodes: Sequence[int], row: int) -> str:
    # Line ends and quotes as RFC 4180 has them.
    return "\r\n".join([COLUMNS, *_rows(trace, nodes, row), ""])


def _rows(trace: Trace, nodes: Sequence[int], row: int) -> Iterator[str]:
    name = cache(trace.network.node_name)
    for node in nodes:
        found = inspection.incoming(trace, node, row)
        adds = found.bias is not None
        bias = _digits(found.bias) if found.bias is not None else ""
        start = (
            f"{node},{_quoted(name(node))},"
            f"{_digits(trace.pre[row, node])},{_digits(trace.activation[row, node])},{bias},"
        )
        if not len(found.sources):
            yield start + ",,,,"
        columns = zip(found.sources.tolist(), found.inputs.tolist(), found.weights.tolist(), strict=True)
        for source, value, weight in columns:
            # A pool adds nothing up.
            factors = f"{_digits(weight)},{_digits(value * weight)}" if adds else ","
            yield f"{start}{source},{_quoted(name(source))},{_digits(value)},{factors}"


def _nodes(trace: Trace, nodes: Sequence[int], row: int) -> dict[str, Any]:
    network = trace.network
    listed = []
    for node in nodes:
        found = inspection.incoming(trace, node, row)
        layer = network.layers[network.layer_index_of(node)]
        listed.append(
            {
                "node": node,
                "name": network.node_name(node),
                "layer": layer.name,
                "kind": layer.kind,
                "activation": layer.activation,
                "pre": _plain(trace.pre[row, node]),
                "output": _plain(trace.activation[row, node]),
                "bias": None if found.bias is None else _plain(np.float64(found.bias)),
                "sources": found.sources.tolist(),
                "inputs": _plain(found.inputs),
                "weights": None if found.bias is None else _plain(found.weights),
            }
        )
    return {"probabilities": _plain(trace.probabilities[row]), "nodes": listed}


def _json(network: Network, content: dict[str, Any]) -> str:
    head = {"format": "vizapp values", "version": 1, "network": network.name}
    return json.dumps(head | content, separators=(",", ":"), allow_nan=False)


def _plain(values: NDArray[Any] | np.floating[Any]) -> Any:
    """Numbers as JSON writes them, in lists as the array's shape has it."""
    rounded = np.array([float(_digits(value)) for value in np.ravel(values).tolist()])
    return rounded.reshape(np.shape(values)).tolist()


def _digits(value: float) -> str:
    return f"{value + 0.0:.9g}"  # no minus before a zero


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _file_name(network: Network, about: str, what: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"vizapp {network.name} {about}".lower()).strip("-") + f".{what}"
