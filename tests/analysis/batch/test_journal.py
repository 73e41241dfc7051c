"""The journal keeps what was written, whatever ended the writing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vizapp.analysis.batch import journal
from vizapp.analysis.batch.journal import Journal
from vizapp.inputs import InputError


def test_results_are_there_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "journal"
    with Journal(path) as first:
        first.add("a", [1, 2.5])
        first.add("b\n", {"x": None})
    with Journal(path) as second:
        assert len(second) == 2
        assert second["a"] == [1, 2.5]
        assert second.get("b\n") == {"x": None}
        assert "c" not in second
        assert second.get("c") is None
        second.add("a", "later")
    with Journal(path) as third:
        assert third["a"] == "later"


def test_each_result_is_in_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path) as open_:
        open_.add("a", 1)
        assert json.loads(path.read_text().splitlines()[-1]) == {"key": "a", "result": 1}


def test_a_line_that_was_cut_short_never_was(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path) as first:
        first.add("a", 1)
        first.add("b", 2)
    whole = path.read_bytes()
    start = whole.index(b'{"key": "b"')
    for end in range(start, len(whole) - 1):
        path.write_bytes(whole[:end])
        with Journal(path) as second:
            assert len(second) == 1
            second.add("c", 3)
        with Journal(path) as third:
            assert (len(third), third["a"], third["c"]) == (2, 1, 3)


def test_foreign_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path) as first:
        first.add("a", 1)
    with path.open("ab") as file:
        file.write(b'[]\n{"key": 3, "result": 1}\n{"key": "x"}\n\xff\xfe\n' + b"[" * 100_000 + b"\n")
    with Journal(path) as second:
        assert len(second) == 1


def test_it_can_begin_afresh(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path) as first:
        first.add("a", 1)
    with Journal(path, afresh=True) as second:
        assert len(second) == 0
    with Journal(path) as third:
        assert len(third) == 0


@pytest.mark.parametrize(
    "content", [b"a,b\n1,2\n", b"{}\n", b'{"vizapp": "sweep", "format": 2}\n', b"\0\xff"]
)
def test_another_file_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"table\.csv is no journal"):
        Journal(path)
    assert path.read_bytes() == content


def test_an_empty_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.touch()
    with Journal(path) as first:
        first.add("a", 1)
    with Journal(path) as second:
        assert "a" in second


def test_a_giant_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    with Journal(path) as first:
        first.add("a", "x" * 1000)
    monkeypatch.setattr(journal, "MAX_BYTES", 500)
    with pytest.raises(InputError):
        Journal(path)


def test_without_a_file_it_is_a_memory() -> None:
    with Journal() as memory:
        memory.add("a", 1)
    assert memory["a"] == 1
