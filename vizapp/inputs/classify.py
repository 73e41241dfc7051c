"""`vizapp classify`: the networks' answers to files of strokes and images."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vizapp.nets import NetworkError, load, names

from .collection import inputs_in
from .strokes import InputError

_BATCH = 250
"""Inputs answered at once: a trace keeps every activation, so thousands would take gigabytes."""
_FAILED = 2
_PIPE_CLOSED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help='strokes ({"strokes": [[[x, y], ...], ...]} or a list of such, .json or .json.gz) or an image',
    )
    known = " or ".join(names())
    parser.add_argument(
        "--network", default="cnn", metavar="NAME", help=f"{known}, or a .safetensors file (default: cnn)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line and answer")


def run(args: argparse.Namespace) -> int:
    """Print the answers, and what is wrong to stderr, a line each; the exit code is 2 if anything was."""
    try:
        network = load(args.network)
    except NetworkError as error:
        _complain(str(error))
        return _FAILED
    code = 0
    items = _items(args.files)
    try:
        while batch := list(islice(items, _BATCH)):
            good: list[_Item] = []
            images: list[NDArray[np.float32]] = []
            for item in batch:
                if isinstance(item.content, InputError):
                    _complain(f"{item.title}: {item.content}")
                    code = _FAILED
                else:
                    good.append(item)
                    images.append(item.content)
            if good:
                probabilities = network.forward(np.stack(images)).probabilities
                for item, row in zip(good, probabilities.astype(np.float64).round(8).tolist(), strict=True):
                    print(_line(item, row, args.json))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader, `head` for one, has seen enough. Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    return code


@dataclass(frozen=True, eq=False)
class _Item:
    file: str
    index: int
    content: NDArray[np.float32] | InputError

    @property
    def title(self) -> str:
        # A name may hold line ends or bytes that are no text.
        name = self.file if self.file.isprintable() else ascii(self.file)
        return f"{name}[{self.index}]" if self.index else name


def _items(files: list[str]) -> Iterator[_Item]:
    for file in files:
        for index, content in enumerate(inputs_in(Path(file))):
            yield _Item(file, index, content)


def _line(item: _Item, probabilities: list[float], as_json: bool) -> str:
    first, second = sorted(range(len(probabilities)), key=probabilities.__getitem__, reverse=True)[:2]
    if as_json:
        answer = {"prediction": first, "probabilities": probabilities}
        return json.dumps({"file": item.file, "index": item.index, **answer})
    shares = f"{probabilities[first]:.1%}, then {second} with {probabilities[second]:.1%}"
    return f"{item.title}: {first} with {shares}"


def _complain(text: str) -> None:
    print(f"vizapp classify: {text}", file=sys.stderr)
