"""The documents' published schema, made from the table.

`python -m vizapp.state.schema > docs/state.schema.json` renews it.
"""

from __future__ import annotations

import json
from typing import Any

from vizapp.explorer import Explorer
from vizapp.inputs.strokes import HIGHEST, LOWEST, MAX_POINTS, MAX_STROKES, MAX_WIDTH, MIN_WIDTH
from vizapp.state.document import SCHEMA, VERSION
from vizapp.state.table import REQUIRED, TABLE

_POINT = {
    "description": "x and y in the pad's unit square, x to the right, y down; clipped to these bounds.",
    "type": "array",
    "items": {"type": "number", "minimum": LOWEST, "maximum": HIGHEST},
    "minItems": 2,
    "maxItems": 2,
}
_POINTS = {"type": "array", "items": {"$ref": "#/$defs/point"}, "maxItems": MAX_POINTS}
_STROKE = {
    "description": "Points that a pen of the usual width connects, or a stroke of another width or an eraser's.",
    "anyOf": [
        _POINTS,
        {
            "type": "object",
            "properties": {
                "points": _POINTS,
                "width": {
                    "description": "In pixels of the network's 28×28 input.",
                    "type": "number",
                    "minimum": MIN_WIDTH,
                    "maximum": MAX_WIDTH,
                },
                "erase": {"type": "boolean"},
            },
            "required": ["points"],
        },
    ],
}
_DRAWING = {
    "description": "What is on the pad: strokes in the order they were drawn, over an image if there is one.",
    "type": "object",
    "properties": {
        "strokes": {"type": "array", "items": {"$ref": "#/$defs/stroke"}, "maxItems": MAX_STROKES},
        "image": {
            "description": "28×28 bytes from the top left, 255 being ink.",
            "type": ["string", "null"],
            "contentEncoding": "base64",
            "minLength": 1048,
            "maxLength": 1048,
        },
        "sample": {
            "description": "It was put there by the app and gives way to the first stroke.",
            "type": "boolean",
        },
    },
    "required": ["strokes"],
    "additionalProperties": False,
}


def schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12, of a document of this version.

    What depends on the network, as the number of its nodes and the names of its layers, it leaves open.
    """
    explorer = Explorer()
    properties: dict[str, Any] = {}
    for entry in TABLE:
        parameter = explorer.param[entry.name]
        properties[entry.name] = {"description": parameter.doc, **entry.codec.schema(parameter)}
        if entry.absent is not REQUIRED:
            # What a document means that does not name it.
            properties[entry.name]["default"] = entry.absent
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": f"A state of vizapp, version {VERSION}",
        "description": "See sharing.md.",
        "type": "object",
        "properties": {"$schema": {"const": SCHEMA}, "version": {"const": VERSION}, **properties},
        "required": ["version", *(entry.name for entry in TABLE if entry.absent is REQUIRED)],
        "additionalProperties": False,
        "$defs": {"drawing": _DRAWING, "stroke": _STROKE, "point": _POINT},
    }


def text() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(text(), end="")
