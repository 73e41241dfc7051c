"""``vizapp evaluate``: how often a network is right, on images as they are and distorted."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vizapp import inputs
from vizapp.analysis import pens
from vizapp.nets import data, zoo
from vizapp.nets.data import DataError, Examples
from vizapp.nets.evaluate import accuracy, table
from vizapp.nets.store import NetworkError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NETWORK", help=f"{' or '.join(zoo.names())}, or a weights file")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="MNIST's idx.gz files; without it the shipped test images"
    )
    parser.add_argument(
        "--strokes", type=Path, metavar="FILE", help="pen digits (JSON or .json.gz) to try as well"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object: case → accuracy, 0 to 1")


def run(args: argparse.Namespace) -> int:
    """Print the table; 0 if all went well, 2 if the network or the data is not usable."""
    measured: dict[str, float] = {}
    try:
        for name, value in cases(args.network, args.data, args.strokes):
            measured[name] = value
            if not args.json:
                print(f"{name:32} {100 * value:6.2f} %", flush=True)
    except (DataError, NetworkError, OSError) as error:
        print(f"vizapp evaluate: {error}", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(measured, ensure_ascii=False))
    return 0


def cases(
    name: str, directory: Path | None = None, strokes: Path | None = None
) -> Iterator[tuple[str, float]]:
    """Case and accuracy, 0 to 1, one after the other.

    Args:
        name: of a network, or a weights file.
        directory: with MNIST; without it the reference set that comes with vizapp.
        strokes: file of pen digits. If the network was trained on some writers' digits, which its metadata
            says, all digits and those of the other writers are two cases.

    Raises:
        NetworkError, DataError: if the network or the data cannot be used.
    """
    network = zoo.load(name)
    test = data.mnist(directory).test if directory else Examples(*inputs.reference())
    yield from table(network, test.images, test.labels)
    if strokes is None:
        return
    digits = pens.read(strokes)
    trained_on = (zoo.metadata(name).get("strokes") or {}).get("training_writers", [])
    others = [writer for writer in pens.writers(digits) if writer not in trained_on]
    sets = {"pen digits": digits}
    if trained_on and others:
        sets["pen digits, held-out writers"] = pens.by(digits, others)
    for case, chosen in sets.items():
        examples = pens.drawn(chosen)
        yield case, accuracy(network, examples.images / np.float32(255), examples.labels)
