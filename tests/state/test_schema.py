"""The published schema is the table's, and says of documents what `load_state` does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vizapp.explorer import Explorer
from vizapp.state import StateError, file_text, load_state
from vizapp.state.schema import schema, text

from .states import states
from .test_document import STORED, damaged

RULES = schema()
PUBLISHED = Path(__file__).resolve().parent.parent.parent / "docs" / "state.schema.json"

KINDS: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}


def fits(value: Any, rule: dict[str, Any]) -> bool:
    """The part of JSON Schema that ours uses, by its specification; anything else in it fails the test."""
    for word, says in rule.items():
        if word in ("description", "title", "default", "contentEncoding", "$id", "$schema", "$defs"):
            continue
        if not WORDS[word](value, says, rule):
            return False
    return True


def is_kind(value: Any, kind: str) -> bool:
    if kind in ("number", "integer"):
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return not isinstance(value, bool) and isinstance(value, (int, float)) and (kind == "number" or whole)
    return isinstance(value, KINDS[kind])


def number(value: Any) -> bool:
    return is_kind(value, "number")


WORDS: dict[str, Any] = {
    "$ref": lambda value, says, _: fits(value, RULES["$defs"][says.removeprefix("#/$defs/")]),
    "type": lambda value, says, _: any(
        is_kind(value, kind) for kind in ([says] if isinstance(says, str) else says)
    ),
    "enum": lambda value, says, _: value in says and not isinstance(value, (bool, float)),
    "const": lambda value, says, _: type(value) is type(says) and value == says,
    "minimum": lambda value, says, _: not number(value) or value >= says,
    "maximum": lambda value, says, _: not number(value) or value <= says,
    "minLength": lambda value, says, _: not isinstance(value, str) or len(value) >= says,
    "maxLength": lambda value, says, _: not isinstance(value, str) or len(value) <= says,
    "minItems": lambda value, says, _: not isinstance(value, list) or len(value) >= says,
    "maxItems": lambda value, says, _: not isinstance(value, list) or len(value) <= says,
    "uniqueItems": lambda value, says, _: (
        not isinstance(value, list) or len(set(map(str, value))) == len(value)
    ),
    "items": lambda value, says, _: not isinstance(value, list) or all(fits(item, says) for item in value),
    "anyOf": lambda value, says, _: any(fits(value, option) for option in says),
    "required": lambda value, says, _: not isinstance(value, dict) or set(says) <= set(value),
    "properties": lambda value, says, _: (
        not isinstance(value, dict) or all(fits(value[key], says[key]) for key in says if key in value)
    ),
    "additionalProperties": lambda value, _, rule: (
        not isinstance(value, dict) or set(value) <= set(rule["properties"])
    ),
}


def test_what_is_published_is_what_the_table_says() -> None:
    """Renew it with: python -m vizapp.state.schema > docs/state.schema.json"""
    assert PUBLISHED.read_text(encoding="utf-8") == text()


@pytest.mark.parametrize("name", states())
def test_what_is_saved_fits_the_schema(name: str) -> None:
    assert fits(json.loads(file_text(states()[name])), RULES)


def test_stored_documents_of_this_version_fit_the_schema() -> None:
    version = RULES["properties"]["version"]["const"]
    assert all(fits(case["document"], RULES) for case in STORED if case["document"]["version"] == version)


# What the schema leaves open: it depends on the network, or on more than one place.
OPEN = {
    "layer of another network",
    "hidden of another network",
    "hidden beyond",
    "selection beyond",
    "selection of a million",
    "walk node",
    "image not base64",
}


def test_what_the_schema_refuses_is_refused() -> None:
    for name, document in damaged().items():
        try:
            raw = json.loads(document)  # type: ignore[arg-type]
        except (TypeError, ValueError, RecursionError):
            continue
        if fits(raw, RULES):
            assert name in OPEN, name


def test_what_fits_the_schema_and_the_network_is_taken() -> None:
    least = {"version": 2, "network": "mlp", "drawing": {"strokes": [[[0.5, 0.2], [0.5, 0.8]]]}}
    assert fits(least, RULES)
    explorer = Explorer()
    load_state(explorer, json.dumps(least))
    assert (explorer.network, len(explorer.drawing.strokes)) == ("mlp", 1)
    for missing in least:
        rest = {key: value for key, value in least.items() if key != missing}
        assert not fits(rest, RULES)
        with pytest.raises(StateError):
            load_state(explorer, json.dumps(rest))
