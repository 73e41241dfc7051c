"""What a page of ours says in Bokeh's protocol: it asks for its document once, and sends messages to its Link.

Bokeh would let a client do much more: change any property of any model, put new models or another document into the
session. Nothing of that gets as far as Bokeh.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bokeh.core.serialization import DeserializationError, Deserializer
from bokeh.document import Document
from bokeh.protocol.message import Message

from vizapp.views.incoming import MessageError

MAX_PULLS = 4
"""Of the document, in one connection. A page asks once; the answer is the largest there is."""
MAX_EVENTS = 64
"""Of one message of Bokeh's, which gathers what a page says in one go."""
MAX_DEPTH = 12
MAX_PARTS = 60_000
"""Numbers, texts and lists in one message of Bokeh's. What is more comes as a typed array, which counts as one."""
LONGEST_ID = 100

_TYPES = frozenset({"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"})
_TOO_MUCH = "This page sent more at once than the server takes. Reload it."
_UNKNOWN = "This page sent something that the server cannot read. Reload it."


class UnwelcomeError(ValueError):
    """No page of ours would say that; the message is a sentence."""


class Doorman:
    """Stands at one connection."""

    def __init__(self) -> None:
        self._pulls = 0

    def look(self, message: Message[Any], document: Document) -> None:
        """
        Raises:
            UnwelcomeError: for what is no page's business; it is not to be handled.
            MessageError: for a page's own message that cannot be read, or is too much; the page is to be told.
        """
        header = message.header
        if not isinstance(header.get("msgid"), str) or len(header["msgid"]) > LONGEST_ID:
            raise UnwelcomeError("A message has a short name of its own.")
        if message.msgtype == "PULL-DOC-REQ":
            self._pulls += 1
            if self._pulls > MAX_PULLS:
                raise UnwelcomeError("A page asks for its document once.")
        elif message.msgtype == "PATCH-DOC":
            _check_events(message, document)
        else:
            raise UnwelcomeError(
                "A page asks for its document and sends messages to its Link, and nothing else."
            )


def _check_events(message: Message[Any], document: Document) -> None:
    content = message.content
    events = content.get("events") if isinstance(content, Mapping) else None
    if not isinstance(events, list) or not 1 <= len(events) <= MAX_EVENTS or len(content) != 1:
        raise UnwelcomeError("A message has some events, and nothing else.")
    said = [_sent(event, document) for event in events]
    _Budget().count(said)
    try:
        # Bokeh would do the same in a moment, and write into the log what it could not read.
        Deserializer().decode(said, list(message.buffers))
    except (DeserializationError, ValueError, TypeError) as error:
        raise MessageError(_UNKNOWN) from error


def _sent(event: Any, document: Document) -> Any:
    """What is said to the Link, as it came; None for the news that the page is there."""
    if not _has(event, "kind", "msg_type", "msg_data") or event["kind"] != "MessageSent":
        raise UnwelcomeError("A page changes nothing in its document by itself.")
    said = event["msg_data"]
    if (
        event["msg_type"] != "bokeh_event"
        or not _has(said, "type", "name", "values")
        or said["type"] != "event"
    ):
        raise UnwelcomeError("A page sends events, and nothing else.")
    values = _entries(said["values"])
    if said["name"] == "document_ready" and values == {}:
        return None
    if said["name"] != "data_event" or values is None or values.keys() != {"model", "data"}:
        raise UnwelcomeError("A page sends messages to its Link, and nothing else.")
    to = values["model"]
    if not _has(to, "id") or not isinstance(to["id"], str) or not _is_link(to["id"], document):
        raise UnwelcomeError("Only the Link takes messages.")
    return values["data"]


def _is_link(name: str, document: Document) -> bool:
    return getattr(document.models.get_by_id(name), "class_name", None) == "Link"


def _has(value: Any, *keys: str) -> bool:
    return isinstance(value, dict) and value.keys() == set(keys)


def _entries(value: Any) -> dict[str, Any] | None:
    """A map with names for keys, as Bokeh writes one; None if it is something else. An empty one has no entries."""
    if not isinstance(value, dict) or value.get("type") != "map" or not value.keys() <= {"type", "entries"}:
        return None
    entries = value.get("entries", [])
    if not isinstance(entries, list):
        return None
    if not all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in entries):
        return None
    return dict(entries)


class _Budget:
    """Counts the parts of a value that Bokeh is to build, before it does; only what holds values and no objects."""

    def __init__(self) -> None:
        self._left = MAX_PARTS

    def count(self, value: Any, depth: int = 0) -> None:
        """
        Raises:
            MessageError: if they are too many or nested too deep, or what is no value is among them.
        """
        self._left -= 1 + (len(value) if isinstance(value, list) else 0)
        if self._left < 0 or depth > MAX_DEPTH:
            raise MessageError(_TOO_MUCH)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, (list, dict)):
                    self.count(item, depth + 1)
        elif isinstance(value, dict):
            self._count_object(value, depth)

    def _count_object(self, value: dict[str, Any], depth: int) -> None:
        kind = value.get("type")
        if kind == "map":
            entries = _entries(value)
            if entries is None:
                raise MessageError(_UNKNOWN)
            self.count(list(entries.values()), depth)
        elif kind == "typed_array":
            known = _has(value, "type", "array", "order", "dtype") and value["dtype"] in _TYPES
            if not known or value["order"] not in ("little", "big") or not _is_bytes(value["array"]):
                raise MessageError(_UNKNOWN)
        elif not _is_bytes(value) and not _is_number(value):
            raise MessageError(_UNKNOWN)


def _is_bytes(value: Any) -> bool:
    if not _has(value, "type", "data") or value["type"] != "bytes":
        return False
    data = value["data"]
    return isinstance(data, str) or (_has(data, "id") and isinstance(data["id"], str))


def _is_number(value: Any) -> bool:
    """One that JSON has no word for."""
    return (
        _has(value, "type", "value")
        and value["type"] == "number"
        and value["value"] in ("nan", "+inf", "-inf")
    )
