"""A state as a JSON document: the file that a person saves, and what a tab keeps. See docs/sharing.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from vizapp.state.codecs import Place, StateError
from vizapp.state.reading import whole_state
from vizapp.state.table import ENTRIES, TABLE, Entry

if TYPE_CHECKING:
    from vizapp.explorer import Explorer

VERSION = 2
SCHEMA = f"urn:vizapp:state:{VERSION}"
MAX_CHARACTERS = 2_000_000

_ADVICE = "Correct that, or save the drawing anew."


def document(explorer: Explorer, locked: list[str] | None = None) -> dict[str, Any]:
    """The whole state, whatever today's defaults are. `locked` instead of the session's own locks."""
    values = {entry.name: entry.codec.to_json(getattr(explorer, entry.name)) for entry in TABLE}
    if locked is not None:
        values["locked"] = locked
    return {"$schema": SCHEMA, "version": VERSION, **values}


def dump_state(explorer: Explorer) -> str:
    """The document in few characters: what a tab keeps."""
    return json.dumps(document(explorer), separators=(",", ":"))


def file_text(explorer: Explorer, locked: list[str] | None = None) -> str:
    """The document as a person can read it: an entry, and a stroke, to a line."""
    lines = []
    for name, value in document(explorer, locked).items():
        if isinstance(value, dict) and value.get("strokes"):
            strokes = ",\n".join(f"   {json.dumps(stroke)}" for stroke in value["strokes"])
            rest = "".join(f",\n  {json.dumps(key)}: {json.dumps(value[key])}" for key in ("image", "sample"))
            lines.append(f' "{name}": {{\n  "strokes": [\n{strokes}\n  ]{rest}\n }}')
        else:
            lines.append(f' "{name}": {json.dumps(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_state(explorer: Explorer, text: object) -> dict[str, Any]:
    """The values of a document of this or an earlier version.

    Raises:
        StateError: if it cannot be used.
    """
    if not isinstance(text, str):
        raise StateError("This is not a saved drawing of vizapp: open a file that vizapp saved.")
    if len(text) > MAX_CHARACTERS:
        raise StateError(f"A saved drawing has at most {MAX_CHARACTERS:,} characters: open another file.")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise StateError("This is not JSON, or not all of it: open a file that vizapp saved.") from None
    version = raw.get("version") if isinstance(raw, dict) else None
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise StateError("This is not a saved drawing of vizapp: open a file that vizapp saved.")
    if version > VERSION:
        raise StateError("This was saved by a newer version of vizapp: open it there, or update this one.")
    for older in range(version, VERSION):
        raw = _UPGRADES[older](raw)
    unknown = sorted(set(raw) - set(ENTRIES) - {"$schema", "version"})
    if unknown:
        raise StateError(
            f'"{unknown[0][:40]}" is nothing that this version of vizapp knows: '
            "open the file in a newer one, or take that out."
        )

    def read(entry: Entry, place: Place) -> Any:
        return entry.codec.from_json(raw[entry.name], place)

    return whole_state(explorer, raw, read, "This saved drawing", _ADVICE)


def load_state(explorer: Explorer, text: object, title: str | None = None) -> None:
    """Take over the state of a document; `title` as in `Explorer.restore`.

    Raises:
        StateError: if it cannot be used; the explorer is then as it was.
    """
    explorer.restore(read_state(explorer, text), title)


def _from_1(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Version 1 had the drawing beside the settings, and was not asked for names that it did not know."""
    drawing = {
        "strokes": raw.get("strokes"),
        "image": raw.get("image"),
        "sample": raw.get("sample") is True,
    }
    return {**{name: raw[name] for name in ENTRIES if name in raw}, "version": 2, "drawing": drawing}


_UPGRADES: dict[int, Callable[[Mapping[str, Any]], dict[str, Any]]] = {1: _from_1}
"""Version → the same document in the next one."""
