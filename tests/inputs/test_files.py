from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from vizapp.inputs import InputError
from vizapp.inputs.files import gunzip, read_bounded


def test_reading(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert read_bounded(file) == b"12345"
    assert read_bounded(file, 5) == b"12345"
    with pytest.raises(InputError, match="at most"):
        read_bounded(file, 4)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    empty, pipe = tmp_path / "empty", tmp_path / "pipe"
    empty.touch()
    os.mkfifo(pipe)
    for path, says in (
        (tmp_path / "missing", "no such file"),
        (tmp_path, "directory"),
        (empty, "empty"),
        (pipe, "not a regular file"),
        (Path("/dev/zero"), "not a regular file"),
        (Path("a\0b"), "cannot be read"),
        (Path("x" * 5000), "cannot be read"),
    ):
        with pytest.raises(InputError, match=says) as error:
            read_bounded(path)
        assert str(error.value).count(".") == 1


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    file = tmp_path / "file"
    file.write_bytes(b"1")
    # Not by chmod: the tests may run as root, who may read everything.
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="permission"):
        read_bounded(file)


def test_unpacking() -> None:
    packed = gzip.compress(b"one, ") + gzip.compress(b"two") + b"\0\0"
    assert gunzip(packed) == b"one, two"
    assert gunzip(packed, 8) == b"one, two"
    with pytest.raises(InputError, match="more than"):
        gunzip(packed, 7)


def test_a_bomb_is_refused_after_the_limit() -> None:
    bomb = gzip.compress(bytes(30 << 20))
    assert len(bomb) < 1 << 16
    with pytest.raises(InputError, match="more than 1 MB"):
        gunzip(bomb, 1 << 20)


@pytest.mark.parametrize(
    "damaged", [b"\x1f\x8bnonsense", gzip.compress(b"text" * 99, mtime=0)[:-9], b"plain"]
)
def test_damaged_gzip(damaged: bytes) -> None:
    with pytest.raises(InputError, match=r"damaged|cut short"):
        gunzip(damaged)
