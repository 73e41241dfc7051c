"""Links: what they give back, what they take, and what broken and hostile ones cannot do."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import Stroke
from vizapp.state import ENTRIES, TABLE, StateError, dump_state, make_link, open_link
from vizapp.state.document import document
from vizapp.state.link import DICTIONARY_1, DICTIONARY_2, MAX_LENGTH, VERSION
from vizapp.state.varints import Writer

from .states import SEVEN, assert_same, everything, states

STORED = json.loads((Path(__file__).parent / "links.json").read_text(encoding="utf-8"))
"""Links that are out in the world, and what they mean. They must open for ever: add to them, change none."""


def made(explorer: Explorer) -> str:
    link = make_link(explorer)
    assert link is not None
    return link


@pytest.mark.parametrize("name", states())
def test_a_link_gives_the_whole_state_back(name: str) -> None:
    before, after = states()[name], everything()
    open_link(after, made(before))
    # Simplified paths stay within a fifteenth of an input pixel.
    assert_same(after, before, 2.5e-3)
    assert abs(after.trace.probabilities - before.trace.probabilities).max() < 0.01


@pytest.mark.parametrize("case", STORED, ids=[case["name"] for case in STORED])
def test_links_of_all_times_mean_what_they_meant(case: dict[str, Any]) -> None:
    explorer = everything()
    open_link(explorer, case["link"])
    now = document(explorer)
    assert {name: now[name] for name in case["means"]} == case["means"]
    for name in set(ENTRIES) - set(case["means"]):
        # Entries that are newer than the link.
        assert now[name] == ENTRIES[name].absent, name


def test_links_of_all_versions_and_kinds_are_stored() -> None:
    assert {case["link"][: case["link"].index(".")] for case in STORED} == {
        f"#v{version}" for version in range(1, VERSION + 1)
    }
    for name in ("selection", "pins", "locked", "reference", "hidden"):
        assert any(case["means"].get(name) for case in STORED), name
    assert any(case["means"]["drawing"]["image"] for case in STORED)
    assert {case["means"]["network"] for case in STORED} == {"cnn", "mlp"}


def test_what_compression_rests_on_does_not_change() -> None:
    assert zlib.crc32(DICTIONARY_1) == 0x42552E78
    assert zlib.crc32(DICTIONARY_2) == 0xCAED533D


@pytest.mark.parametrize(
    ("name", "most"), [("empty", 60), ("sample", 300), ("box of nodes", 700), ("everything", 700)]
)
def test_links_are_short(name: str, most: int) -> None:
    assert len(made(states()[name])) <= most


def test_a_box_of_all_nodes_stays_short() -> None:
    explorer = Explorer(drawing=Drawing((Stroke(SEVEN),)))
    explorer.select(range(explorer.net.n_nodes))
    assert len(made(explorer)) < 120


def test_what_does_not_fit_gives_no_link() -> None:
    rng = np.random.default_rng(0)
    explorer = Explorer(drawing=Drawing(image=rng.random((28, 28), np.float32)))
    assert len(made(explorer)) <= MAX_LENGTH
    explorer.reference = Drawing(image=rng.random((28, 28), np.float32))
    assert make_link(explorer) is None


def spiral(turns: int) -> Explorer:
    angle = np.linspace(0, turns * 2 * np.pi, turns * 80)
    radius = 0.4 * angle / angle[-1]
    path = np.stack([0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle)], axis=1)
    return Explorer(drawing=Drawing((Stroke(path.astype(np.float32)),)))


def test_a_long_drawing_is_simplified_further_before_there_is_no_link() -> None:
    longer, after = spiral(25), Explorer()
    simplified = make_link(longer)
    assert simplified is not None
    open_link(after, simplified)
    assert abs(after.trace.probabilities - longer.trace.probabilities).max() < 0.01
    # More turns, and yet shorter: only where it must be is it simplified so far.
    assert len(simplified) < len(made(spiral(19)))
    assert make_link(spiral(60)) is None


def test_a_link_is_the_same_for_the_same_state() -> None:
    after = Explorer()
    link = made(everything())
    open_link(after, link)
    assert made(after) == link == made(everything())


def test_a_link_can_have_other_locks_than_the_session() -> None:
    explorer, after = everything(), Explorer()
    link = make_link(explorer, ["lens", "selection"])
    assert link is not None
    open_link(after, link)
    assert after.locked == ["lens", "selection"]
    assert explorer.locked == ["drawing", "network"]


def test_the_whole_address_can_be_given_and_line_breaks_of_a_mail() -> None:
    link, after = made(everything()), Explorer()
    broken = "\r\n".join(link[at : at + 40] for at in range(0, len(link), 40))
    open_link(after, f" http://127.0.0.1:5006/user/a/?embed=pad{broken} ")
    assert after.network == "mlp"


def test_opening_can_be_undone_as_a_whole() -> None:
    explorer = states()["sample"]
    before = dump_state(explorer)
    open_link(explorer, made(everything()), "opened link")
    assert explorer.undoable == "opened link"
    explorer.undo()
    assert dump_state(explorer) == before
    open_link(explorer, made(everything()))
    assert not explorer.can_undo


# What is not a link of ours


def packed(fields: dict[str, bytes], dictionary: bytes = DICTIONARY_1) -> str:
    writer = Writer()
    for key, value in fields.items():
        writer.raw(key.encode())
        writer.raw(value)
    return sealed(bytes(writer.data), dictionary)


def sealed(payload: bytes, dictionary: bytes = DICTIONARY_1) -> str:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=dictionary)
    body = squeeze.compress(payload) + squeeze.flush()
    checksum = zlib.crc32(body).to_bytes(4, "big")
    return "#v1." + base64.urlsafe_b64encode(checksum + body).decode().rstrip("=")


def fields(**changed: bytes) -> dict[str, bytes]:
    """Packed values by entry, of a good state, with some changed."""
    explorer = everything()
    good = {entry.name: entry.codec.pack(getattr(explorer, entry.name)) for entry in TABLE}
    return {ENTRIES[name].key: data for name, data in {**good, **changed}.items()}


def hostile() -> dict[str, object]:
    link = made(everything())
    middle = len(link) // 2
    other = "A" if link[middle] != "A" else "B"
    full = fields()
    return {
        "nothing": None,
        "number": 1,
        "empty": "",
        "hash": "#",
        "an anchor": "#workspace",
        "version only": "#v1.",
        "cut off": link[:-5],
        "cut to the checksum": link[:9],
        "mistyped": link[:middle] + other + link[middle + 1 :],
        "foreign letters": link[:middle] + "é" + link[middle + 1 :],
        "newer": "#v3." + link[4:],
        "much newer": "#v999999." + link[4:],
        "version 0": "#v0." + link[4:],
        "other digits": "#v١." + link[4:],
        "long": "#v1." + "A" * 100_000,
        "bomb": sealed(bytes(10_000_000)),
        "not a state": sealed(b"hello"),
        "nothing in it": sealed(b""),
        "another dictionary": packed(full, DICTIONARY_1[::-1]),
        "unknown key": packed({**full, "zz": b"1"}),
        "key of other letters": sealed(b"\x01\xff\x00"),
        "twice": sealed(b'\x01n\x05"cnn"\x01n\x05"cnn"'),
        "endless number": sealed(b"\xff" * 40),
        "no network": packed({key: data for key, data in full.items() if key != "n"}),
        "no drawing": packed({key: data for key, data in full.items() if key != "d"}),
        "no JSON": packed(fields(lens=b"{")),
        "deep JSON": packed(fields(hidden=b"[" * 50_000)),
        "network": packed(fields(network=b'"vgg"')),
        "nodes of another network": packed(fields(network=b'"mlp"', selection=b"\xa4\x8d\x01\x00")),
        "a billion nodes": packed(fields(selection=b"\x00\xff\xff\xff\xff\x03")),
        "nodes below": packed(fields(selection=b"\x01\x00")),
        "node twice": packed(fields(selection=b"\x02\x00\x01\x00")),
        "cut nodes": packed(fields(selection=b"\x02")),
        "seven pins": packed(fields(pins=b"\x00\x06")),
        "no drawing in it": packed(fields(drawing=b"")),
        "no reference in it": packed(fields(reference=b"\x00")),
        "cut drawing": packed(fields(drawing=everything_drawn()[:-1])),
        "more than a drawing": packed(fields(drawing=everything_drawn() + b"\x00")),
        "cut image": packed(fields(drawing=b"\x02" + bytes(700))),
        "grid of nothing": packed(fields(drawing=b"\x00\x00\x00")),
        "a billion strokes": packed(fields(drawing=b"\x00\x90\x4e\xff\xff\xff\xff\x03")),
        "a billion points": packed(fields(drawing=b"\x00\x90\x4e\x01\xfe\xff\xff\xff\x03\xf0\x01")),
        "stroke without width": packed(fields(drawing=b"\x00\x90\x4e\x01\x04\x00\x00")),
        "stroke too wide": packed(fields(drawing=b"\x00\x90\x4e\x01\x06\xff\x7f\x00\x00")),
        "far too long a stroke": packed(
            fields(drawing=b"\x00\x01\x01" + b"\xa2\x1f\xf0\x01" + b"\x04\x00\x03\x00" * 500)
        ),
        "nan": packed(fields(kept=b"NaN")),
        "digits": packed(fields(step=b"9" * 5000)),
        "locks": packed(fields(locked=b'["everything"]')),
    }


def everything_drawn() -> bytes:
    return ENTRIES["drawing"].codec.pack(everything().drawing)


@pytest.mark.parametrize("link", hostile().values(), ids=hostile().keys())
def test_a_broken_or_hostile_link_is_refused_in_one_sentence_and_changes_nothing(link: object) -> None:
    explorer = everything()
    before, values = dump_state(explorer), explorer.param.values()
    with pytest.raises(StateError) as refused:
        open_link(explorer, link, "opened link")
    assert 10 < len(str(refused.value)) < 400
    assert dump_state(explorer) == before
    assert all(values[name] is value for name, value in explorer.param.values().items())


def test_the_message_says_what_to_do() -> None:
    for name, words in {
        "cut off": "copy all of it",
        "newer": "newer version",
        "unknown key": "newer version",
        "network": '"network" must be one of',
    }.items():
        with pytest.raises(StateError, match=words):
            open_link(Explorer(), hostile()[name])


@given(st.binary(max_size=200))
def test_no_payload_does_anything_but_be_refused(payload: bytes) -> None:
    with pytest.raises(StateError):
        open_link(SHARED, sealed(payload))


@given(st.sampled_from([entry.name for entry in TABLE]), st.binary(max_size=60))
def test_no_value_does_anything_but_be_refused_or_fit(name: str, data: bytes) -> None:
    explorer = Explorer()
    try:
        open_link(explorer, packed(fields(**{name: data})))
    except StateError:
        assert explorer.drawing.strokes == ()
    else:
        # It is a state like any other: it can be shared again.
        json.loads(dump_state(explorer))
        make_link(explorer)


SHARED = Explorer()
