"""A session's state as text and back: what survives a reload, a reconnect and a restarted server."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

import numpy as np

from vizapp.explorer import LENS_SETTINGS, Drawing, Explorer
from vizapp.inputs import InputError, clean_strokes, strokes_to_json
from vizapp.nets import names

VERSION = 1
MAX_CHARACTERS = 2_000_000
SETTINGS = (
    "normalise",
    "scale",
    "panes",
    *LENS_SETTINGS,
    "hidden",
)
"""Parameters of the Explorer that are saved beside the network and the drawing."""


class StateError(ValueError):
    """A saved state that cannot be used; the message is one sentence for the person."""


def dump_state(explorer: Explorer) -> str:
    """The whole state as JSON text, whatever today's defaults are."""
    drawing = explorer.drawing
    image = None
    if drawing.image is not None:
        image = base64.b64encode(np.round(drawing.image * 255).astype(np.uint8).tobytes()).decode()
    return json.dumps(
        {
            "version": VERSION,
            "network": explorer.network,
            **{name: getattr(explorer, name) for name in SETTINGS},
            **strokes_to_json(drawing.strokes),
            "image": image,
            "sample": drawing.sample,
        },
        separators=(",", ":"),
    )


def load_state(explorer: Explorer, text: object) -> None:
    """Take over a state that `dump_state` wrote. Raises StateError; the explorer is then as it was."""
    if not isinstance(text, str) or len(text) > MAX_CHARACTERS:
        raise StateError("The saved drawing could not be read, so the page starts afresh.")
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        raise StateError("The saved drawing could not be read, so the page starts afresh.") from None
    if not isinstance(state, dict) or state.get("version") != VERSION:
        raise StateError("The drawing was saved by another version of vizapp, so the page starts afresh.")
    if state.get("network") not in names():
        raise StateError("The saved drawing names a network that is unknown here, so the page starts afresh.")
    settings = {name: state[name] for name in SETTINGS if name in state}
    try:
        Explorer(network=state["network"]).param.update(**settings)
    except (ValueError, TypeError):
        raise StateError("The saved settings are not known here, so the page starts afresh.") from None
    try:
        strokes = tuple(clean_strokes(state.get("strokes")))
    except InputError as error:
        raise StateError(f"The saved drawing could not be used: {error}") from None
    drawing = Drawing(strokes, _image(state.get("image")), state.get("sample") is True)
    explorer.restore(drawing, state["network"], **settings)


def _image(value: Any) -> Any:
    if value is None:
        return None
    try:
        raw = base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raw = b""
    if len(raw) != 28 * 28:
        raise StateError("The image in the saved drawing is damaged, so the page starts afresh.")
    return np.frombuffer(raw, np.uint8).reshape(28, 28).astype(np.float32) / 255
