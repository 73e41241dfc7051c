"""A state as the fragment of a URL, "#v1.…": complete, with its version, compressed. See docs/sharing.md.

A fragment never leaves the browser by itself: the page hands it to its session.
"""

from __future__ import annotations

import base64
import re
import zlib
from typing import TYPE_CHECKING, Any

from vizapp.state.codecs import Place, StateError
from vizapp.state.ink import Ink
from vizapp.state.nodes import Nodes
from vizapp.state.reading import whole_state
from vizapp.state.table import TABLE, Entry
from vizapp.state.varints import CutShort, Reader, Writer

if TYPE_CHECKING:
    from vizapp.explorer import Explorer

VERSION = 2
MAX_LENGTH = 1_900
"""Characters of a fragment: with the page's address before it, 2,000, which every program passes on whole."""
_MAX_READ = 8_000
_MAX_PAYLOAD = 64_000
_LINK = re.compile(r"v(\d{1,6})\.([A-Za-z0-9_-]*)", re.ASCII)

DICTIONARY_1 = (
    b'\x01u\x04true\x01r\x04true\x01f\x05false\x01x\x04true\x01l\x08"weight"\x01l\x0a"evidence"\x01l\x0a"contrast"'
    b'\x01l\x07"count"\x01c\x05"map"\x01c\x09"network"\x01p\x06"flat"\x01p\x04"3D"\x01t\x0d"square root"'
    b'\x01t\x0b"logarithm"\x01t\x08"linear"\x01g\x0a"positive"\x01g\x0a"negative"\x01i\x07"conv1"\x01i\x07"conv2"'
    b'\x01i\x05"fc1"\x01i\x05"fc2"\x01i\x08"output"\x01k\x030.9\x01w\x09"forward"\x01o"drawing","normalise",'
    b'"network","scale","panes","hidden","lens","for_class","against_class","transfer","into","sign","strongest",'
    b'"touching","tracing","kept","selection","pins","reference","difference","walk","walk_node","step"]'
    b'\x01n\x05"mlp"\x01n\x05"cnn"\x01f\x04true\x01c\x07"layer"\x01p\x06"both"\x01l\x0e"contribution"\x01a\x04null'
    b'\x01b\x04null\x01t\x0b"equalised"\x01i\x0c"all layers"\x01g\x06"both"\x01m\x010\x01u\x05false\x01r\x05false'
    b"\x01k\x030.8\x01h\x02[]\x01x\x05false\x01w\x04null\x01j\x04null\x01z\x010\x01o\x02[]\x01s\x00\x01q\x00\x01e\x00"
    b"\x01d"
)
"""What links of version 1 are likely to say: compressed, it takes no room in them. It must never change."""
_LATER = (
    b'\x01S\x04null\x01W\x09"strokes"\x01V\x2a["strokes","transport","distance","blend"]\x01T\x04null'
    b'\x01N\x05false\x01C\x04null\x01U\x04null\x01Y\x0b"read-outs"\x01Z\x06"node"\x01L\x08"99.8 %"'
    b'\x01P\x09"drawing"\x01M\x05"pca"\x01Q\x07"class"'
)
_AHEAD = (
    b'"selected nodes""all nodes""deciding nodes""active nodes""map"\x01N\x04true\x01Z\x0c"hesitation"'
    b'\x01W\x0b"transport"\x01W\x0a"distance"\x01W\x07"blend"\x01S\x06"hand"\x01S\x0a"rotation"\x01S\x07"morph"'
)
_SPLIT = DICTIONARY_1.index(b"\x01o\x02[]")
DICTIONARY_2 = (
    _AHEAD
    + DICTIONARY_1[:_SPLIT]
    + _LATER
    + DICTIONARY_1[_SPLIT:].removesuffix(b"\x01d")
    + b"\x01A\x00\x01B\x00\x01d"
)
"""The same of version 2, which knows sweeps."""
_DICTIONARIES = {1: DICTIONARY_1, 2: DICTIONARY_2}

_DAMAGED = "This link is damaged, perhaps cut off where it was copied: copy all of it, and open that."
_NEWER = "This link was made by a newer version of vizapp: open it there, or update this one."


def make_link(explorer: Explorer, locked: list[str] | None = None) -> str | None:
    """The fragment, with its "#"; None if the state does not fit, so that a file must do.

    locked: instead of the session's own locks.
    """
    for rough in (False, True):
        link = _link(explorer, locked, rough)
        if len(link) <= MAX_LENGTH:
            return link
    return None


def _link(explorer: Explorer, locked: list[str] | None, rough: bool) -> str:
    writer = Writer()
    for entry in sorted(TABLE, key=_order):
        value = getattr(explorer, entry.name)
        if entry.name == "locked" and locked is not None:
            value = locked
        writer.raw(entry.key.encode())
        writer.raw(
            entry.codec.pack(value, rough) if isinstance(entry.codec, Ink) else entry.codec.pack(value)
        )
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=_DICTIONARIES[VERSION])
    body = squeeze.compress(bytes(writer.data)) + squeeze.flush()
    text = base64.urlsafe_b64encode(_checksum(body) + body).decode().rstrip("=")
    return f"#v{VERSION}.{text}"


def _order(entry: Entry) -> int:
    """What is often the same goes first, where it continues the dictionary; the drawing goes last."""
    if entry.name == "drawing":
        return 2
    return 1 if isinstance(entry.codec, (Ink, Nodes)) else 0


def read_link(explorer: Explorer, text: object) -> dict[str, Any]:
    """The values of a link of any version: its fragment, or all of it.

    Raises:
        StateError: if it cannot be used.
    """
    if not isinstance(text, str) or len(text) > _MAX_READ:
        raise StateError("This is too long for a link of vizapp: copy all of it once, and nothing else.")
    found = _LINK.fullmatch("".join(text.rpartition("#")[2].split()))
    if found is None:
        raise StateError(_DAMAGED)
    if int(found[1]) > VERSION:
        raise StateError(_NEWER)
    if int(found[1]) < 1:
        raise StateError(_DAMAGED)
    given = _fields(_payload(found[2], _DICTIONARIES[int(found[1])]))
    entries = {entry.key: entry for entry in TABLE}
    if not set(given) <= set(entries):
        raise StateError(_NEWER)
    packed = {entries[key].name: data for key, data in given.items()}

    def read(entry: Entry, place: Place) -> Any:
        return entry.codec.unpack(packed[entry.name], place)

    return whole_state(explorer, packed, read, "This link", "Ask whoever made it for another one.")


def open_link(explorer: Explorer, text: object, title: str | None = None) -> None:
    """Take over the state of a link; `title` as in `Explorer.restore`.

    Raises:
        StateError: if it cannot be used; the explorer is then as it was.
    """
    explorer.restore(read_link(explorer, text), title)


def _payload(text: str, dictionary: bytes) -> bytes:
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise StateError(_DAMAGED) from None
    body = data[4:]
    if len(data) < 4 or _checksum(body) != data[:4]:
        raise StateError(_DAMAGED)
    stretch = zlib.decompressobj(-zlib.MAX_WBITS, zdict=dictionary)
    try:
        payload = stretch.decompress(body, _MAX_PAYLOAD)
    except zlib.error:
        raise StateError(_DAMAGED) from None
    if not stretch.eof or stretch.unused_data:
        raise StateError(_DAMAGED)
    return payload


def _fields(payload: bytes) -> dict[str, bytes]:
    """Key → packed value."""
    reader = Reader(payload)
    found: dict[str, bytes] = {}
    try:
        while reader.left:
            key = reader.raw().decode("ascii")
            if key in found:
                raise StateError(_DAMAGED)
            found[key] = reader.raw()
    except (CutShort, UnicodeDecodeError):
        raise StateError(_DAMAGED) from None
    return found


def _checksum(body: bytes) -> bytes:
    """What shows that a link was cut or mistyped; it does not show who made it."""
    return zlib.crc32(body).to_bytes(4, "big")
