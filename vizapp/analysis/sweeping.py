"""``vizapp sweep``: robustness tables of a test set, and folders ranked by ambiguity."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from vizapp import inputs
from vizapp.analysis import robustness
from vizapp.analysis.batch import jobs, tables
from vizapp.analysis.batch.journal import Journal
from vizapp.analysis.ranking import Ranking, files_in
from vizapp.analysis.robustness import CASES, Robustness
from vizapp.inputs import InputError
from vizapp.nets import data, zoo
from vizapp.nets.data import Examples
from vizapp.nets.network import Network

_FAILED = 2
_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    table = kinds.add_parser(
        "table",
        help="accuracies on a test set, as it is and distorted",
        description="Accuracy, confidence and entropy of networks on a test set, case by case.",
    )
    table.add_argument(
        "--data", type=Path, metavar="DIR", help="MNIST's idx.gz files; without it the shipped test images"
    )
    table.add_argument(
        "--case",
        action="append",
        choices=list(CASES),
        metavar="CASE",
        help=f"only this case; may be repeated ({', '.join(CASES)})",
    )
    table.set_defaults(measure=_table)
    rank = kinds.add_parser(
        "rank",
        help="files of a folder by ambiguity",
        description="Images and drawings of folders, those first that the networks can hardly tell.",
    )
    rank.add_argument("places", nargs="+", metavar="PLACE", help="a folder, or a file")
    rank.set_defaults(measure=_rank)
    for one in (table, rank):
        one.add_argument(
            "--network",
            action="append",
            metavar="NAME",
            help=f"{' or '.join(zoo.names())}, or a weights file; may be repeated (default: all shipped ones)",
        )
        one.add_argument("--out", type=Path, metavar="FILE", help="table to write, .csv or .parquet")
        one.add_argument(
            "--journal",
            type=Path,
            metavar="FILE",
            help="where results are kept as they come, to go on from (default: beside --out)",
        )
        one.add_argument("--afresh", action="store_true", help="forget what the journal holds")
        one.add_argument(
            "--processes",
            type=int,
            default=jobs.cores(),
            metavar="N",
            help=f"to work with (default: one for each core, {jobs.cores()})",
        )
        one.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler to hand the work to")
        one.add_argument("--quiet", action="store_true", help="no progress, no summary")
        one.add_argument("--verbose", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Measure what is missing and write the table; 2 if there was nothing that could be measured.

    Raises:
        ValueError, OSError: if something that is asked for cannot be used.
        KeyboardInterrupt: after the table of what was done by then is written.
    """
    if args.out is not None:
        tables.check(args.out)
    path = args.journal
    if path is None and args.out is not None:
        path = args.out.with_name(args.out.name + ".journal")
    elif path is not None and path == args.out:
        raise InputError("The table and the journal cannot be the same file.")
    with Journal(path, args.afresh) as journal:
        code: int = args.measure(args, journal)
    return code


class _Measurement(Protocol):
    @property
    def total(self) -> int: ...

    @property
    def done(self) -> int: ...

    def run(self, processes: int = 1, scheduler: str | None = None) -> Iterator[int]: ...


def _networks(args: argparse.Namespace) -> list[Network]:
    return [zoo.load(name) for name in args.network or zoo.names()]


def _table(args: argparse.Namespace, journal: Journal) -> int:
    examples = data.mnist(args.data).test if args.data else Examples(*inputs.reference())
    table = Robustness(_networks(args), examples, args.case or tuple(CASES), journal)
    try:
        _work(table, args, "answers")
    finally:
        if table.done:
            rows = table.rows()
            if args.out is not None:
                tables.write(args.out, robustness.COLUMNS, rows)
            if not args.quiet:
                print("\n".join(robustness.accuracies(rows)), flush=True)
    return 0


def _rank(args: argparse.Namespace, journal: Journal) -> int:
    ranking = Ranking(_networks(args), files_in(args.places), journal)
    if not ranking.total:
        print("vizapp sweep: there are no images or drawings there", file=sys.stderr)
        return _FAILED
    try:
        _work(ranking, args, "files")
    finally:
        if ranking.done:
            rows = ranking.rows()
            if args.out is not None:
                tables.write(args.out, ranking.columns, rows)
            _tell(rows, args.quiet)
    return 0 if any("error" not in row for row in rows) else _FAILED


def _tell(rows: list[tables.Row], quiet: bool) -> None:
    good = [row for row in rows if "error" not in row]
    for row in good[: 0 if quiet else _SHOWN]:
        print(_line(row), flush=True)
    if len(good) < len(rows):
        first = rows[len(good)]
        print(
            f"vizapp sweep: {len(rows) - len(good)} of {len(rows)} inputs cannot be used,"
            f" as {first['file']}: {first['error']}",
            file=sys.stderr,
        )


def _line(row: tables.Row) -> str:
    title = f"{row['file']}[{row['index']}]" if row["index"] else row["file"]
    return (
        f"{title}: {row['first']} with {row['probability']:.1%} or {row['second']} with"
        f" {row['second_probability']:.1%}, entropy {row['entropy']:.2f} bits"
    )


def _work(measurement: _Measurement, args: argparse.Namespace, unit: str) -> None:
    bar = tqdm(
        total=measurement.total,
        initial=measurement.done,
        unit=" " + unit,
        unit_scale=True,
        disable=True if args.quiet else None,  # None: where no terminal is looking
    )
    with bar:
        try:
            for count in measurement.run(args.processes, args.scheduler):
                bar.update(count)
        except KeyboardInterrupt:
            bar.close()
            print(
                f"vizapp sweep: interrupted after {measurement.done:,} of {measurement.total:,} {unit};"
                " the same command goes on from here"
                if args.out is not None or args.journal is not None
                else "vizapp sweep: interrupted; with --out or --journal the next one could go on from here",
                file=sys.stderr,
            )
            raise
