"""`vizapp sweep`: tables are written, also of what was done before Ctrl-C."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vizapp import cli, nets
from vizapp.analysis import robustness
from vizapp.analysis.robustness import Robustness
from vizapp.inputs import reference

from .test_ranking import folder, make_hostile

__all__ = ["folder"]

TABLE = ("sweep", "table", "--case", "clean", "--processes", "1")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test set of 1,500 images."""
    few = tuple(array[:1500] for array in reference())
    monkeypatch.setattr("vizapp.inputs.reference", lambda: few)


@pytest.mark.usefixtures("short")
def test_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "table.csv"
    assert cli.main([*TABLE, "--out", str(out)]) == 0
    rows = read(out)
    assert [row["network"] for row in rows] == list(nets.names())
    assert tuple(rows[0]) == robustness.COLUMNS
    assert all(0.97 < float(row["accuracy"]) < 1 for row in rows)
    shown = capsys.readouterr().out
    assert all(f"{100 * float(row['accuracy']):.2f} %" in shown for row in rows)
    # Again: everything is in the journal.
    assert cli.main([*TABLE, "--out", str(out), "--quiet"]) == 0
    assert read(out) == rows
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("short")
def test_ctrl_c_keeps_what_was_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "table.csv"
    whole = Robustness.run

    def interrupted(self: Robustness, *args: Any, **options: Any) -> Iterator[int]:
        yield next(whole(self, *args, **options))
        raise KeyboardInterrupt

    monkeypatch.setattr(Robustness, "run", interrupted)
    assert cli.main([*TABLE, "--out", str(out)]) == cli.INTERRUPTED
    assert [row["images"] for row in read(out)] == ["1000", "1000"]
    assert "interrupted after 2,000 of 3,000 answers; the same command goes on" in capsys.readouterr().err
    monkeypatch.setattr(Robustness, "run", whole)
    assert cli.main([*TABLE, "--out", str(out)]) == 0
    assert [row["images"] for row in read(out)] == ["1500", "1500"]


def test_a_ranking(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ranking.csv"
    assert cli.main(["sweep", "rank", str(folder), "--out", str(out), "--processes", "1"]) == 0
    assert len(read(out)) == 25
    shown = capsys.readouterr()
    assert shown.out.count("\n") == 10
    assert shown.err == ""
    make_hostile(folder)
    assert cli.main(["sweep", "rank", str(folder), "--network", "mlp", "--processes", "1"]) == 0
    assert "11 of 36 inputs cannot be used" in capsys.readouterr().err


def test_nothing_to_rank(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sweep", "rank", str(tmp_path)]) == 2
    (tmp_path / "text.png").write_text("no image")
    assert cli.main(["sweep", "rank", str(tmp_path), "--processes", "1"]) == 2
    assert "1 of 1 inputs cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("table", "--out", "table.xlsx"), "neither .csv nor .parquet"),
        (("table", "--network", "lenet"), "there are mlp and cnn"),
        (("table", "--data", "nowhere"), "no directory nowhere"),
        (("table", "--processes", "0"), "1 to 256"),
        (("table", "--out", "a.csv", "--journal", "a.csv"), "cannot be the same file"),
        (("rank", "nowhere"), "no file or folder"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: tuple[str, ...],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["sweep", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith("vizapp sweep: ")
    assert words in error
    assert error.count("\n") == 1
    assert "defect" not in error


def test_an_unknown_case_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["sweep", "table", "--case", "upside down"])
    assert "upside down" in capsys.readouterr().err


def test_parquet_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert cli.main(["sweep", "table", "--out", str(tmp_path / "table.parquet")]) == 2
    assert "pip install 'vizapp[parquet]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
