"""Ranking files by ambiguity: images and drawings in folders, the hardest to tell first.

Several networks are asked together, as an ensemble. *Entropy* is that of their mean probabilities, in bits: how
undecided they are. *Disagreement* is by how much that exceeds the mean of their own entropies (the mutual
information; Houlsby et al. 2011, "Bayesian active learning for classification and preference learning"): each may be
sure, of different answers. High entropy with little disagreement is an ambiguous input; much disagreement, one that
one of them has no idea of.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vizapp import __version__
from vizapp.analysis import scores
from vizapp.analysis.batch import jobs
from vizapp.analysis.batch.journal import Journal
from vizapp.analysis.batch.networks import Sent, logits, sent
from vizapp.inputs.collection import inputs_in
from vizapp.inputs.strokes import InputError
from vizapp.nets.network import Network

Row = dict[str, Any]

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".json", ".json.gz")
"""Files in folders by other names are not looked at."""
MAX_FILES = 200_000
MAX_INPUTS = 20_000
"""Drawings that are taken from one file."""
BATCH = 16
"""Files in one piece of work: a large photograph takes a tenth of a second, and up to 100 MB."""
_ANSWERED = 256

_OWN = ("file", "index", "first", "second", "probability", "second_probability", "entropy", "disagreement")


class Source(Protocol):
    """Where inputs to rank come from; it travels to the process that takes them out of it."""

    @property
    def name(self) -> str:
        """As text: what the column `file` says."""

    @property
    def key(self) -> str:
        """What tells it from all others, and whether it has changed."""

    @property
    def count(self) -> int:
        """As how many it counts: a file is one, whatever is in it."""

    @property
    def keeps(self) -> bool:
        """Whether what the networks saw is kept, for who has not got the file at hand."""

    def inputs(self) -> Iterator[tuple[int, NDArray[np.float32] | InputError]]:
        """The number of each input in it, with what the networks see, float32[28, 28], or the reason why not."""


@dataclass(frozen=True)
class Found:
    """A file to rank: its path, and what tells whether it has changed."""

    path: str
    size: int
    changed: int

    @property
    def name(self) -> str:
        """As text: a name may hold line ends, or bytes that are none."""
        return self.path if self.path.isprintable() else ascii(self.path)

    @property
    def key(self) -> str:
        return f"{self.size} {self.changed} {self.path!a}"

    @property
    def count(self) -> int:
        return 1

    @property
    def keeps(self) -> bool:
        return False

    def inputs(self) -> Iterator[tuple[int, NDArray[np.float32] | InputError]]:
        return enumerate(inputs_in(Path(self.path)))


def files_in(places: Sequence[str | Path]) -> list[Found]:
    """All files of `SUFFIXES` in folders and the folders within them, and files that are named themselves.

    In the order of their names. Links to folders are not followed.

    Raises:
        InputError: if a place does not exist, or there are more than 200,000 files.
    """
    found: list[Found] = []
    for place in places:
        if not os.path.lexists(place):
            raise InputError(f"There is no file or folder {os.fspath(place)!r}.")
        for path in _walk(os.fspath(place)):
            if len(found) >= MAX_FILES:
                raise InputError(f"There are more than {MAX_FILES:,} files; rank a part of them at a time.")
            try:
                state = os.stat(path)
                found.append(Found(path, state.st_size, state.st_mtime_ns))
            except OSError:
                found.append(Found(path, -1, -1))  # a link to nowhere, say; reading it will tell
    return found


def _walk(place: str) -> Iterator[str]:
    if not os.path.isdir(place):
        yield place
        return
    for folder, folders, names in os.walk(place):
        folders.sort()
        yield from (os.path.join(folder, name) for name in sorted(names) if name.lower().endswith(SUFFIXES))


@dataclass(frozen=True)
class Batch:
    """Some files for networks."""

    files: tuple[Source, ...]
    networks: tuple[Sent, ...]


def examine(batch: Batch) -> list[list[Row]]:
    """For each file its rows: one for an image, one for each drawing; with "error" for one that cannot be used."""
    return [_rows(file, [parcel.network() for parcel in batch.networks]) for file in batch.files]


def _rows(file: Source, networks: Sequence[Network]) -> list[Row]:
    rows: list[Row] = []
    contents = file.inputs()
    while part := list(islice(contents, _ANSWERED)):
        good = [(index, content) for index, content in part if not isinstance(content, InputError)]
        rows += [
            {"file": file.name, "index": index, "error": str(content)}
            for index, content in part
            if isinstance(content, InputError)
        ]
        if good:
            images = np.stack([content for _, content in good])
            answers = _answers(images, networks)
            if file.keeps:
                for answer, image in zip(answers, images, strict=True):
                    answer["seen"] = np.round(image * 255).astype(np.uint8).tobytes().hex()
            rows += [
                {"file": file.name, "index": index, **answer}
                for (index, _), answer in zip(good, answers, strict=True)
            ]
        if part[-1][0] >= MAX_INPUTS:
            rows.append(
                {
                    "file": file.name,
                    "index": part[-1][0] + 1,
                    "error": f"Only the first {MAX_INPUTS:,} drawings of a file are ranked.",
                }
            )
            break
    return sorted(rows, key=lambda row: int(row["index"]))


def _answers(images: NDArray[np.float32], networks: Sequence[Network]) -> list[Row]:
    found = np.stack([logits(network, images) for network in networks])
    each = scores.probabilities(found)
    mean = each.mean(axis=0)
    entropy = scores.entropy(mean)
    disagreement = np.maximum(entropy - scores.entropy(each).mean(axis=0), 0)
    best = np.argsort(-mean, axis=1, kind="stable")[:, :2]
    margin = scores.margin(found)
    return [
        {
            "first": int(best[row, 0]),
            "second": int(best[row, 1]),
            "probability": _rounded(mean[row, best[row, 0]]),
            "second_probability": _rounded(mean[row, best[row, 1]]),
            "entropy": _rounded(entropy[row]),
            "disagreement": _rounded(disagreement[row]),
            "networks": [
                [
                    int(found[number, row].argmax()),
                    _rounded(each[number, row].max()),
                    _rounded(margin[number, row]),
                ]
                for number in range(len(networks))
            ],
        }
        for row in range(len(images))
    ]


def _rounded(value: Any) -> float:
    return round(float(value), 7)


class Ranking:
    """A ranking in the making: files × networks.

    Results of earlier runs are taken from the journal, for files of the same size and time of change (more exactly:
    for sources of the same key), the same networks, together, and the same version of vizapp.
    """

    def __init__(
        self, networks: Sequence[Network], files: Sequence[Source], journal: Journal | None = None
    ) -> None:
        """
        Raises:
            ValueError: for no networks.
        """
        if not networks:
            raise ValueError("a ranking needs a network at least")
        self.networks = tuple(dict.fromkeys(sent(network) for network in networks))
        self.files = tuple(dict.fromkeys(files))
        self.journal = Journal() if journal is None else journal
        self._by = " ".join([__version__, *(parcel.digest[:32] for parcel in self.networks)])

    @property
    def total(self) -> int:
        return sum(file.count for file in self.files)

    @property
    def done(self) -> int:
        return sum(file.count for file in self.files if self.key(file) in self.journal)

    def run(
        self,
        processes: int = 1,
        scheduler: str | None = None,
        stop: Callable[[], bool] = lambda: False,
        aside: bool = False,
    ) -> Iterator[int]:
        """Do what is missing; after each piece of it say how many files came. As for `jobs.run`.

        On a cluster the files must be where they are here.
        """
        processes = min(processes, -(-(self.total - self.done) // BATCH) or 1)
        for batch, found in jobs.run(examine, self._missing(), processes, scheduler, stop, aside):
            for file, rows in zip(batch.files, found, strict=True):
                self.journal.add(self.key(file), rows)
            yield sum(file.count for file in batch.files)

    @property
    def columns(self) -> tuple[str, ...]:
        names = [name for name, _ in self._names()]
        each = [f"{name}_{what}" for name in names for what in ("answer", "probability", "margin")]
        return (*_OWN, *each, "error")

    def rows(self) -> list[Row]:
        """A row for each input answered so far, the highest entropy first; at the end those that cannot be used."""
        found: list[Row] = []
        names = self._names()
        for file in self.files:
            for row in self.journal.get(self.key(file), ()):
                plain = {name: value for name, value in row.items() if name not in ("networks", "seen")}
                for (name, _), values in zip(names, row.get("networks", ()), strict=False):
                    plain |= zip(
                        (f"{name}_answer", f"{name}_probability", f"{name}_margin"), values, strict=True
                    )
                found.append(plain)
        return sorted(found, key=_order)

    def top(self, count: int) -> list[Row]:
        """The first of `rows`, in less time; as they are kept: with "networks", a list for each of them of answer,
        probability and margin, and "seen", hexadecimal of uint8[28 · 28], of sources that keep it.
        """
        kept = (row for file in self.files for row in self.journal.get(self.key(file), ()))
        return heapq.nsmallest(count, kept, key=_order)

    def seen(self, file: Source) -> NDArray[np.uint8] | None:
        """What the networks saw of a file's first input, uint8[28, 28]; None if that is not known or not kept."""
        for row in self.journal.get(self.key(file), ()):
            if "seen" in row:
                return np.frombuffer(bytes.fromhex(row["seen"]), np.uint8).reshape(28, 28)
        return None

    def _names(self) -> list[tuple[str, Sent]]:
        """Names for columns: with a part of the digest where two networks have the same."""
        names = [parcel.name for parcel in self.networks]
        return [
            (parcel.name if names.count(parcel.name) == 1 else f"{parcel.name}_{parcel.digest[:8]}", parcel)
            for parcel in self.networks
        ]

    def _missing(self) -> Iterator[Batch]:
        part: list[Source] = []
        for file in self.files:
            if self.key(file) in self.journal:
                continue
            part.append(file)
            if sum(each.count for each in part) >= BATCH:
                yield Batch(tuple(part), self.networks)
                part = []
        if part:
            yield Batch(tuple(part), self.networks)

    def key(self, file: Source) -> str:
        """Under which the rows of a file are in the journal."""
        return f"{self._by} {file.key}"


def _order(row: Row) -> tuple[bool, float]:
    return "error" in row, -row.get("entropy", 0.0)
