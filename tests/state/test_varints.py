"""Whole numbers in few bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizapp.state.varints import CutShort, Reader, Writer


@given(st.lists(st.integers(-(2**33), 2**33)), st.binary(max_size=300))
def test_numbers_and_bytes_come_back(numbers: list[int], data: bytes) -> None:
    writer = Writer()
    for number in numbers:
        writer.signed(number)
        writer.count(abs(number))
    writer.raw(data)
    reader = Reader(bytes(writer.data))
    for number in numbers:
        assert reader.signed() == number
        assert reader.count() == abs(number)
    assert reader.raw() == data
    assert reader.left == 0


@pytest.mark.parametrize(
    ("number", "data"),
    [(0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (300, "ac02"), (2**35 - 1, "ffffffff7f")],
)
def test_is_what_protocol_buffers_have(number: int, data: str) -> None:
    writer = Writer()
    writer.count(number)
    assert bytes(writer.data).hex() == data


@pytest.mark.parametrize(("number", "zigzag"), [(0, 0), (-1, 1), (1, 2), (-2, 3), (2, 4)])
def test_small_numbers_of_either_sign_are_short(number: int, zigzag: int) -> None:
    writer = Writer()
    writer.signed(number)
    assert Reader(bytes(writer.data)).count() == zigzag


@given(st.binary(max_size=30))
def test_any_bytes_are_numbers_or_cut_short(data: bytes) -> None:
    reader = Reader(data)
    try:
        while reader.left:
            assert 0 <= reader.count() < 2**35
    except CutShort:
        pass


def test_what_is_announced_must_be_there() -> None:
    for data in (b"\x05abc", b"\xff\xff\xff\xff\x7f", b"\x80", b""):
        with pytest.raises(CutShort):
            Reader(data).raw()
