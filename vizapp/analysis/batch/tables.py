"""Tables as files: CSV for everything that reads tables, Parquet for the rest."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vizapp.inputs.strokes import InputError
from vizapp.nets.store import write_atomically

Row = dict[str, Any]

SUFFIXES = (".csv", ".parquet")


def check(path: Path) -> None:
    """InputError, before any work is done, if no table can be written there."""
    if path.suffix not in SUFFIXES:
        raise InputError(f"{path.name} ends in neither {' nor '.join(SUFFIXES)}: what kind of table is it?")
    if path.is_dir():
        raise InputError(f"{path} is a directory; give the name of a file.")
    if path.suffix == ".parquet":
        _arrow()


def write(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Write rows, each with all or some of the columns, in one step: no half table is ever seen.

    A text that could be taken for a formula by a spreadsheet, the name of a file for one, gets an apostrophe in CSV.

    Raises:
        InputError: for another suffix than .csv or .parquet, or if pyarrow is missing for the latter.
        OSError: if it cannot be written.
    """
    check(path)
    write_atomically(path, content(path.suffix, columns, rows))


def content(suffix: str, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """The same as the bytes of a file.

    Raises:
        InputError: for another suffix than those of `SUFFIXES`, or if pyarrow is missing for Parquet.
    """
    if suffix not in SUFFIXES:
        raise InputError(f"There are tables of {' and '.join(SUFFIXES)}, not of {suffix}.")
    return _parquet(columns, rows) if suffix == ".parquet" else _csv(columns, rows)


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return text.getvalue().encode()


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def _parquet(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    arrow, parquet = _arrow()
    table = arrow.table({name: [row.get(name) for row in rows] for name in columns})
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError(
            "Parquet needs pyarrow, which is not installed: pip install 'vizapp[parquet]',"
            " or choose a name that ends in .csv."
        ) from None
    return pyarrow, pyarrow.parquet
