"""Frames that are no messages: of the wrong kind, number, size or shape. The connection ends, and nothing else does."""

from __future__ import annotations

import asyncio
import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from served import Served
from tornado.websocket import WebSocketClosedError

from tests.serving.person import Person, visiting
from tests.serving.test_hostile_protocol import check_clean
from tests.serving.test_limits import SEVEN, free_port

Frame = str | bytes
HEADER = json.dumps({"msgid": "1", "msgtype": "PATCH-DOC"})


def header(**values: Any) -> str:
    return json.dumps({"msgid": "1", "msgtype": "PATCH-DOC", **values})


BAD: dict[str, list[Frame]] = {
    "no JSON": ["{", "{}", "{}"],
    "nothing": ["", "", ""],
    "a list": ["[]", "{}", "{}"],
    "a number": ["1", "{}", "{}"],
    "null": ["null", "null", "null"],
    "null content": [HEADER, "{}", "null", "{}"],
    "an unknown type": [header(msgtype="EXEC"), "{}", "{}"],
    "a type of lists": [header(msgtype=[1]), "{}", "{}"],
    "no type": ['{"msgid": "1"}', "{}", "{}"],
    "deep": [HEADER, "{}", "[" * 500_000],
    "deep header": ["[" * 500_000, "{}", "{}"],
    "a number of 10,000 digits": [HEADER, "{}", "1" * 10_000],
    "binary where there should be text": [b"\0" * 100, "{}", "{}"],
    "text where there should be binary": [header(num_buffers=1), "{}", "{}", '{"id": "a"}', "text"],
    "a buffer without a name": [header(num_buffers=1), "{}", "{}", "[]"],
    "a buffer with other names": [header(num_buffers=1), "{}", "{}", '{"' + "é" * 1000 + '": 1}'],
    "buffers without end": [header(num_buffers=10**9), "{}", "{}", *['{"id": "a"}', b"\0" * 1_500_000] * 4],
    "empty buffers without end": [header(num_buffers=10**9), "{}", "{}", *['{"id": "a"}', b""] * 1000],
    "half a buffer": [header(num_buffers=0.5), "{}", "{}", '{"id": "a"}', b"", '{"id": "a"}', b""],
    "fewer than no buffers": [header(num_buffers=-1), "{}", "{}", '{"id": "a"}', b""],
    "a text of buffers": [header(num_buffers="1"), "{}", "{}", '{"id": "a"}', b""],
    "a frame too large": ["x" * 2_100_000],
}


def masked(first: int, content: bytes, length: int | None = None) -> bytes:
    """A websocket frame as a client writes it; `length` is what it claims."""
    size = len(content) if length is None else length
    head = struct.pack("!BB", first, 0x80 | size) if size < 126 else struct.pack("!BBQ", first, 0xFF, size)
    return head + b"\0\0\0\0" + content


def deflated(content: bytes) -> bytes:
    squeezed = zlib.compressobj(wbits=-15)
    return (squeezed.compress(content) + squeezed.flush(zlib.Z_SYNC_FLUSH))[:-4]


RAW: dict[str, bytes] = {
    "no UTF-8": masked(0x81, b"\xff\xfe"),
    "a bomb": masked(0xC1, deflated(b" " * 200_000_000)),
    "no deflate": masked(0xC1, os.urandom(100)),
    "a claim of 2^62 bytes": masked(0x82, b"", 2**62),
    "an unknown opcode": masked(0x83, b""),
    "a reserved bit": masked(0xA1, b""),
    "nothing to continue": masked(0x80, b"x"),
    "pieces without end": masked(0x01, b"x" * 1_000_000) + masked(0x00, b"x" * 1_000_000) * 3,
    "a large ping": masked(0x89, b"x" * 2000),
    "half a ping": masked(0x09, b"x"),
    "pings without end": masked(0x89, b"x") * 50_000,
}


async def over(person: Person) -> None:
    """Wait for the end of the connection."""
    while await person.hear() is not None:
        pass


async def send(person: Person, frames: list[Frame]) -> None:
    for number, frame in enumerate(frames):
        try:
            sent = person.socket.write_message(frame, binary=isinstance(frame, bytes))
        except WebSocketClosedError:
            return
        if number % 500 == 0:
            await asyncio.wait([asyncio.ensure_future(sent)])


@pytest.fixture
def port() -> int:
    return free_port()


def test_a_connection_that_sends_rubbish_ends_and_others_go_on(port: int, tmp_path: Path) -> None:
    with Served(tmp_path / "log", "--metrics", str(port)) as server:

        async def work() -> None:
            async with visiting(server) as modest:
                await modest.open()
                for name, frames in BAD.items():
                    async with visiting(server) as rude:
                        await send(rude, frames)
                        await over(rude)
                        assert rude.socket.close_code in (1002, 1009, None), name
                        await modest.draw(SEVEN)
                for raw in RAW.values():
                    async with visiting(server) as rude:
                        assert rude.socket.protocol is not None
                        rude.socket.protocol.stream.write(raw)
                        await over(rude)
                        await modest.draw(SEVEN)

        asyncio.run(work())
        check_clean(server, port)
