"""Tables come back as they were written, and refuse early."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from vizapp.analysis.batch import tables
from vizapp.inputs import InputError

COLUMNS = ("name", "value", "error")
ROWS = [
    {"name": 'a "quoted", name\n', "value": 1 / 3},
    {"name": "=1+1", "value": -2},
    {"name": "é", "error": "nothing, really"},
]


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "table.csv"
    tables.write(path, COLUMNS, ROWS)
    with path.open(newline="", encoding="utf-8") as file:
        first, second, third = csv.DictReader(file)
    assert first == {"name": 'a "quoted", name\n', "value": str(1 / 3), "error": ""}
    assert float(first["value"]) == 1 / 3
    # A spreadsheet takes it for a text; a number stays one.
    assert second == {"name": "'=1+1", "value": "-2", "error": ""}
    assert third["error"] == "nothing, really"


def test_parquet(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "table.parquet"
    tables.write(path, COLUMNS, ROWS)
    found = parquet.read_table(path).to_pylist()
    assert found == [{name: row.get(name) for name in COLUMNS} for row in ROWS]


def test_a_table_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    tables.write(path, COLUMNS, ROWS)
    tables.write(path, COLUMNS, [])
    assert path.read_text() == "name,value,error\n"
    assert [item.name for item in tmp_path.iterdir()] == ["table.csv"]


@pytest.mark.parametrize("name", ["table", "table.xlsx", "table.csv.gz"])
def test_other_kinds_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"neither \.csv nor \.parquet"):
        tables.check(tmp_path / name)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.csv").mkdir()
    with pytest.raises(InputError, match="is a directory"):
        tables.check(tmp_path / "table.csv")


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'vizapp\[parquet\]'"):
        tables.check(tmp_path / "table.parquet")
    tables.check(tmp_path / "table.csv")
