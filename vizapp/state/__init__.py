"""The state of a session as one table, and what follows from it: documents, links, locks, what can be undone."""

from vizapp.state.codecs import StateError
from vizapp.state.document import dump_state, file_text, load_state
from vizapp.state.drawing import Drawing
from vizapp.state.link import make_link, open_link
from vizapp.state.table import (
    ALL_LAYERS,
    CONTROLS,
    EDGE_SETTINGS,
    ENTRIES,
    GROUPS,
    LENS_SETTINGS,
    LOCKABLE,
    TABLE,
    Entry,
)

__all__ = [
    "ALL_LAYERS",
    "CONTROLS",
    "EDGE_SETTINGS",
    "ENTRIES",
    "GROUPS",
    "LENS_SETTINGS",
    "LOCKABLE",
    "TABLE",
    "Drawing",
    "Entry",
    "StateError",
    "dump_state",
    "file_text",
    "load_state",
    "make_link",
    "open_link",
]
