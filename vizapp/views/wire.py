"""What the server says to the page: one function per message (JavaScript: js/src/wire.ts).

Arrays travel as binary buffers. Everything here is computed from the state, nothing is kept.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np

from vizapp.explorer import Explorer
from vizapp.nets.layout import Layout
from vizapp.nets.network import Network
from vizapp.search import Found
from vizapp.state import CONTROLS
from vizapp.views.colours import edge_palettes, palettes
from vizapp.views.comparing import shows_difference
from vizapp.views.edge_codes import EdgeDetail, EdgeImage
from vizapp.views.levels import levels, signed_layers

Message = dict[str, Any]


@cache
def network_message(network: Network, layout: Layout) -> Message:
    """Everything about a network that does not change while a person draws."""
    return {
        "type": "network",
        "name": network.name,
        "title": layout.title,
        "about": layout.about,
        "layers": [
            {
                "name": layer.name,
                "label": label,
                "detail": shape_text(layer.shape),
                "kind": layer.kind,
                "shape": list(layer.shape),
                "offset": int(offset),
                "count": layer.n_nodes,
                "signed": signed,
                "activation": layer.activation,
            }
            for layer, label, offset, signed in zip(
                network.layers, layout.labels, network.offsets[:-1], signed_layers(network), strict=True
            )
        ],
        "blocks": [asdict(block) for block in layout.blocks],
        "bounds": list(layout.bounds),
        "label_x": layout.label_x,
        "positions": layout.positions.ravel(),
        "flat": layout.flat.ravel(),
        "size": layout.size,
        "flat_size": layout.flat_size,
        "cameras": {name: asdict(camera) for name, camera in layout.cameras.items()},
        "parameters": {
            name: np.ascontiguousarray(value).ravel() for name, value in network.parameters.items()
        },
        "palettes": palettes(),
        "edge_palettes": edge_palettes(),
    }


def shape_text(shape: tuple[int, ...]) -> str:
    """ "6 × 28×28", "28×28" or "120 units"."""
    if len(shape) == 1:
        return f"{shape[0]} units"
    maps, rows, cols = shape
    return f"{maps} × {rows}×{cols}" if maps > 1 else f"{rows}×{cols}"


def frame_message(explorer: Explorer, ack: int = 0, edges: EdgeImage | None = None) -> Message:
    """The present answer: a byte per node, the probabilities, exact numbers of the nodes in focus.

    A byte is the activation over its scale, 0 being zero (in signed layers 128, 1 being −scale). Where `difference`
    is true it is the activation minus that of the reference drawing, and 128 is zero in all layers.
    """
    difference = shows_difference(explorer)
    against = explorer.reference_trace if difference else None
    shown = levels(explorer.net, explorer.layout, explorer.trace, explorer.scale, explorer.empty, against)
    return {
        "type": "frame",
        "network": explorer.network,
        "ack": ack,
        "levels": shown.bytes,
        "scales": shown.scales,
        "scale": explorer.scale,
        "difference": difference,
        "probabilities": None if explorer.empty else explorer.trace.probabilities[0].tolist(),
        "values": node_values(explorer),
        "contrast": list(explorer.contrast),
        "edges": None if edges is None else edges_part(edges),
    }


def edges_part(image: EdgeImage) -> Message:
    """The raster of all edges, as part of a frame or in a message of its own."""
    viewport = image.viewport
    rows, cols = image.pixels.shape
    return {
        "pixels": image.pixels.ravel(),
        "rows": rows,
        "cols": cols,
        "x": viewport.x0,
        "y": viewport.y0,
        "width": viewport.x1 - viewport.x0,
        "height": viewport.y1 - viewport.y0,
        "bar": image.bar,
        "lit": image.lit,
    }


def edges_message(image: EdgeImage, detail: EdgeDetail | None = None, ack: int = 0) -> Message:
    """A raster in a message of its own; an exact one comes with its details."""
    message: Message = {"type": "edges", "ack": ack, "exact": detail is not None, "edges": edges_part(image)}
    if detail is None:
        return message | {"lines": None, "note": None, "frame": None}
    lines = {"source": detail.source, "target": detail.target, "code": detail.code}
    frame = None if detail.frame is None else list(detail.frame)
    return message | {"lines": lines, "note": detail.note, "frame": frame}


def probe_message(explorer: Explorer, found: list[tuple[int, int, float, float, float]], ack: int) -> Message:
    """The edges at the pointer, strongest first: ends, weight and what goes into the first and the second hue."""
    name = explorer.net.node_name
    rows = [
        {
            "source": source,
            "target": target,
            "from": name(source),
            "to": name(target),
            "weight": weight,
            "first": first,
            "second": second,
        }
        for source, target, weight, first, second in found
    ]
    return {"type": "probe", "ack": ack, "edges": rows}


def values_message(explorer: Explorer, ack: int) -> Message:
    return {"type": "values", "ack": ack, "values": node_values(explorer)}


def selection_message(explorer: Explorer, origin: str) -> Message:
    """The selected nodes, the primary one first, exact values of the first of them, and which pane picked them."""
    return {
        "type": "selection",
        "origin": origin,
        "nodes": np.array(explorer.selection, np.uint32),
        "values": node_values(explorer),
    }


def found_message(found: Found, text: str, ack: int) -> Message:
    """What a search came to, and which text it answers."""
    results = [
        {"title": result.title, "detail": result.detail, "nodes": result.nodes.astype(np.uint32)}
        for result in found.results
    ]
    return {"type": "found", "ack": ack, "text": text, "results": results, "hint": found.hint}


def node_values(explorer: Explorer) -> list[list[float]]:
    """[node, pre-activation, activation] of the focused and the selected nodes."""
    nodes = [*([] if explorer.focus is None else [explorer.focus]), *explorer.selection[:64]]
    trace = explorer.trace
    return [[node, float(trace.pre[0, node]), float(trace.activation[0, node])] for node in nodes]


def ink_message(explorer: Explorer, refused: int | None = None) -> Message:
    """The drawing; `refused` is a live stroke that was not taken, and that the page should drop."""
    drawing = explorer.drawing
    return {
        "type": "ink",
        "strokes": [
            {"points": stroke.points.ravel(), "width": stroke.width, "erase": stroke.erase}
            for stroke in drawing.strokes
        ],
        # Bokeh's image glyph has row 0 at the bottom of y; the pad's y runs downwards.
        "image": None if drawing.image is None else np.round(drawing.image * 255).astype(np.uint8).ravel(),
        "sample": drawing.sample,
        "can_undo": explorer.can_undo,
        "can_redo": explorer.can_redo,
        "refused": refused,
    }


SETTINGS = (*CONTROLS, "locked")
"""Parameters of the Explorer that the page's controls show: what they may set, and what they may not."""


def settings_message(explorer: Explorer) -> Message:
    """What the controls show."""
    values = {name: getattr(explorer, name) for name in SETTINGS}
    return {"type": "settings", "values": values}


def notice_message(text: str, level: str = "error") -> Message:
    return {"type": "notice", "level": level, "text": text}
