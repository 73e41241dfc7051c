"""What the page is told of the map of the test images (JavaScript: js/src/landscape/messages.ts)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.landscape import Indices, Landscape
from vizapp.inputs.reference import reference
from vizapp.nets.trace import Trace
from vizapp.views.landscape_picture import COLOURS, SPANS, MapPicture, Wanted, legend

Message = dict[str, Any]

LISTS = ("ambiguous", "misclassified", "area")
AMBIGUOUS = 200
"""Images in the list of the most ambiguous ones."""
PER_PAGE = 24


def landscape_message(landscape: Landscape) -> Message:
    """What a map is, and all that stays the same while one looks around on it.

    `bounds` x0, x1, y0, y1 of all images; `centres` float32[20], x and y of the median of each class.
    """
    low, high = landscape.position.min(axis=0), landscape.position.max(axis=0)
    classes = [landscape.position[landscape.label == digit] for digit in range(10)]
    return {
        "type": "landscape",
        "network": landscape.network,
        "method": landscape.projection.name,
        "layer": landscape.layer,
        "nodes": len(landscape.projection.centre),
        "share": landscape.projection.share,
        "count": len(landscape.label),
        "errors": int(landscape.error.sum()),
        "bounds": [float(low[0]), float(high[0]), float(low[1]), float(high[1])],
        "centres": np.concatenate([np.median(places, axis=0) for places in classes]).astype(np.float32),
        "colours": {colour: legend(colour) for colour in COLOURS},
        "spans": {name: list(span) for name, span in SPANS.items()},
    }


def picture_message(landscape: Landscape, wanted: Wanted, made: MapPicture, ack: int = 0) -> Message:
    """A picture of part of the map; `png` uint8[n], the bytes of a file."""
    view = wanted.view
    return _about(landscape, "map_picture", ack) | {
        "colour": wanted.colour,
        "theme": wanted.theme,
        "of": wanted.of,
        "view": [view.x0, view.x1, view.y0, view.y1],
        "shown": made.shown,
        "png": np.frombuffer(made.png, np.uint8),
    }


def mark_message(landscape: Landscape, trace: Trace, empty: bool) -> Message:
    """Where the present drawing is on the map; nowhere while there is none."""
    place = None if empty else [float(value) for value in landscape.project(trace)[0]]
    return _about(landscape, "map_mark", 0) | {"place": place}


def way_message(landscape: Landscape, trace: Trace | None) -> Message:
    """Where a sweep leads on the map, float32[2 · K], x and y of each of its inputs; nothing where there is none."""
    places = None if trace is None else landscape.project(trace).astype(np.float32).ravel()
    return _about(landscape, "map_way", 0) | {"places": places}


def point_message(landscape: Landscape, x: float, y: float, ack: int = 0) -> Message:
    """The image nearest to a place, `at`."""
    found = _shown(landscape, np.array([landscape.nearest(x, y)]))
    return _about(landscape, "map_point", ack) | {"at": [x, y]} | found


def list_message(landscape: Landscape, name: str, page: int, polygon: NDArray[Any], ack: int = 0) -> Message:
    """A page of the most ambiguous images, the misclassified ones, or those in an area of the map.

    The most ambiguous come first, of the misclassified those of which the network is surest. A page after the last
    is the last. Up to some 30 ms for a polygon of 500 corners.
    """
    found = _listed(landscape, name, polygon)
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(page, pages - 1)
    about = {"list": name, "page": page, "pages": pages, "total": len(found)}
    return (
        _about(landscape, "map_list", ack)
        | about
        | _shown(landscape, found[page * PER_PAGE : (page + 1) * PER_PAGE])
    )


def file_message(landscape: Landscape, name: str, polygon: NDArray[Any]) -> Message:
    """A whole list as CSV, in its order: which images, what they are, what the network says, where they lie."""
    rows = ["image,label,answer,entropy,margin,x,y"]
    for i in _listed(landscape, name, polygon):
        values = landscape.entropy[i], landscape.margin[i], *landscape.position[i]
        numbers = ",".join(format(float(value), ".9g") for value in values)
        rows.append(f"{i},{landscape.label[i]},{landscape.answer[i]},{numbers}")
    about = f"vizapp-{landscape.network}-{landscape.projection.name}-{name}.csv"
    return {"type": "download", "name": about, "mime": "text/csv", "text": "\r\n".join([*rows, ""])}


def waits_message(question: str) -> Message:
    """That there is no answer, because the map is still being made; `question` is the type of what was asked."""
    return {"type": "map_waits", "question": question}


def _listed(landscape: Landscape, name: str, polygon: NDArray[Any]) -> Indices:
    if name == "misclassified":
        return landscape.misclassified()
    if name == "ambiguous":
        return landscape.most_ambiguous(AMBIGUOUS)
    found = landscape.within(polygon)
    return landscape.most_ambiguous(len(found), found)


def _about(landscape: Landscape, kind: str, ack: int) -> Message:
    return {"type": kind, "ack": ack, "network": landscape.network, "method": landscape.projection.name}


def _shown(landscape: Landscape, indices: Indices) -> Message:
    """Images with what is known of them, and where they lie: `images` uint8[n · 28 · 28]."""
    items = [
        {
            "index": int(i),
            "label": int(landscape.label[i]),
            "answer": int(landscape.answer[i]),
            "entropy": float(landscape.entropy[i]),
            "margin": float(landscape.margin[i]),
            "place": [float(value) for value in landscape.position[i]],
        }
        for i in indices
    ]
    return {"items": items, "images": reference()[0][indices].ravel()}
