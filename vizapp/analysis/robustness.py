"""Robustness tables: how well networks do on thousands of images, as they are and distorted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp import __version__
from vizapp.analysis import scores
from vizapp.analysis.batch import jobs
from vizapp.analysis.batch.journal import Journal
from vizapp.analysis.batch.networks import Sent, logits, sent
from vizapp.nets import evaluate
from vizapp.nets.data import Examples
from vizapp.nets.network import Network

Array = NDArray[Any]
Change = Callable[[Array, NDArray[np.int64]], Array]
"""Images float32[n, 28, 28] and their numbers in the set → images of the same shape."""

CLASSES = 10
CHUNK = 1000
"""Images in one piece of work: some 0.1 s for two networks."""
SURE = 0.9
SEED = 5


def thickened(images: Array, share: float) -> Array:
    """Each image blended with its dilation (share > 0) or erosion (< 0) by a cross of 3 × 3 pixels.

    A share of 1 widens a line by two pixels, of 0.5 by about one.
    """
    sign = np.float32(np.sign(share))
    framed = np.pad(sign * images, ((0, 0), (1, 1), (1, 1)))
    inner = framed[:, 1:-1, 1:-1]
    wide = inner.copy()
    for rows, columns in ((0, 1), (2, 1), (1, 0), (1, 2)):
        np.maximum(wide, framed[:, rows : rows + 28, columns : columns + 28], out=wide)
    return np.asarray(sign * (inner + np.float32(abs(share)) * (wide - inner)))


def noisy(images: Array, numbers: NDArray[np.int64], amount: float) -> Array:
    """With normal noise of this standard deviation; an image's own by its number, however they are divided."""
    noise = [
        np.random.default_rng([SEED, number]).standard_normal(images.shape[1:], np.float32)
        for number in numbers.tolist()
    ]
    return np.asarray(np.clip(images + np.float32(amount) * np.stack(noise), 0, 1))


def _plain(change: Callable[[Array], Array], images: Array, numbers: NDArray[np.int64]) -> Array:
    return change(images)


CASES: dict[str, Change] = {
    **{name: partial(_plain, change) for name, change in evaluate.CASES.items()},
    "thicker by 1 px": partial(_plain, partial(thickened, share=0.5)),
    "thinner by 1 px": partial(_plain, partial(thickened, share=-0.5)),
    "noise of 0.2": partial(noisy, amount=0.2),
}
"""Those of `vizapp evaluate`, and three more."""

COLUMNS = (
    *("network", "digest", "case", "images", "of", "accuracy"),
    *("confidence", "entropy", "margin", "sure_but_wrong"),
    *(f"accuracy_{label}" for label in range(CLASSES)),
)


def mixed(examples: Examples) -> Examples:
    """The same in an order of chance, always the same one: the first n of them are a sample."""
    order = np.random.default_rng(SEED).permutation(len(examples))
    return Examples(examples.images[order], examples.labels[order])


@dataclass(frozen=True, eq=False)
class Piece:
    """Some images of one case, for the networks that have not answered them yet."""

    case: str
    start: int
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    networks: tuple[Sent, ...]


def measure(piece: Piece) -> list[dict[str, Any]]:
    """For each network of a piece its sums over the images: what a row of the table is made of."""
    numbers = np.arange(piece.start, piece.start + len(piece.images))
    images = CASES[piece.case](piece.images / np.float32(255), numbers)
    return [_sums(logits(parcel.network(), images), piece.labels) for parcel in piece.networks]


def _sums(found: Array, labels: NDArray[np.uint8]) -> dict[str, Any]:
    shares = scores.probabilities(found)
    right = found.argmax(axis=1) == labels
    best = shares.max(axis=1)
    return {
        "images": np.bincount(labels, minlength=CLASSES).tolist(),
        "right": np.bincount(labels[right], minlength=CLASSES).tolist(),
        "confidence": float(best.sum()),
        "entropy": float(scores.entropy(shares).sum()),
        "margin": float(scores.margin(found).sum()),
        "sure_but_wrong": int((~right & (best >= SURE)).sum()),
    }


class Robustness:
    """A table in the making: networks × cases, over a set of images.

    Results of earlier runs are taken from the journal, by the networks' parameters, the images, the case and the
    version of vizapp.
    """

    def __init__(
        self,
        networks: Sequence[Network],
        examples: Examples,
        cases: Sequence[str] = tuple(CASES),
        journal: Journal | None = None,
    ) -> None:
        """
        Raises:
            ValueError: for a case that there is not, no networks, or no images.
        """
        if unknown := [case for case in cases if case not in CASES]:
            raise ValueError(f"there is no case {unknown[0]!r}; there are {', '.join(CASES)}")
        if not networks or not len(examples):
            raise ValueError("a table needs a network and an image at least")
        self.networks = tuple(dict.fromkeys(sent(network) for network in networks))
        self.examples, self.cases = examples, tuple(dict.fromkeys(cases))
        self.journal = Journal() if journal is None else journal
        self._set = _fingerprint(examples)
        self._starts = range(0, len(examples), CHUNK)

    @property
    def total(self) -> int:
        """Answers that the whole table needs: images × cases × networks."""
        return len(self.examples) * len(self.cases) * len(self.networks)

    @property
    def done(self) -> int:
        """Those that are there."""
        return sum(
            sum(self.journal[key]["images"])
            for parcel in self.networks
            for case in self.cases
            for key in self._keys(parcel, case)
            if key in self.journal
        )

    def run(
        self,
        processes: int = 1,
        scheduler: str | None = None,
        stop: Callable[[], bool] = lambda: False,
        aside: bool = False,
    ) -> Iterator[int]:
        """Do what is missing; after each piece of it say how many answers came. As for `jobs.run`."""
        for piece, found in jobs.run(measure, self._missing(), processes, scheduler, stop, aside):
            for parcel, sums in zip(piece.networks, found, strict=True):
                self.journal.add(self._key(parcel, piece.case, piece.start), sums)
            yield len(piece.images) * len(piece.networks)

    def rows(self) -> list[dict[str, Any]]:
        """A row for each network and case, of those images that were answered; means over them.

        `images` of `of`, `accuracy` 0 to 1, `confidence` the largest probability, `entropy` in bits, `margin` of the
        logits, `sure_but_wrong` the share that is wrong with 90 % or more, `accuracy_3` that of threes.
        """
        return [self._row(parcel, case) for parcel in self.networks for case in self.cases]

    def _row(self, parcel: Sent, case: str) -> dict[str, Any]:
        parts = [self.journal[key] for key in self._keys(parcel, case) if key in self.journal]
        images, right = (
            np.sum([part[name] for part in parts] or [[0] * CLASSES], axis=0) for name in ("images", "right")
        )
        count = int(images.sum())
        row: dict[str, Any] = {
            "network": parcel.name,
            "digest": parcel.digest[:16],
            "case": case,
            "images": count,
            "of": len(self.examples),
        }
        if count:
            row["accuracy"] = int(right.sum()) / count
            for name in ("confidence", "entropy", "margin", "sure_but_wrong"):
                row[name] = sum(part[name] for part in parts) / count
            row |= {
                f"accuracy_{label}": int(right[label]) / int(images[label])
                for label in range(CLASSES)
                if images[label]
            }
        return row

    def _missing(self) -> Iterator[Piece]:
        for case in self.cases:
            for start in self._starts:
                open_ = tuple(p for p in self.networks if self._key(p, case, start) not in self.journal)
                if open_:
                    part = slice(start, start + CHUNK)
                    yield Piece(case, start, self.examples.images[part], self.examples.labels[part], open_)

    def _keys(self, parcel: Sent, case: str) -> list[str]:
        return [self._key(parcel, case, start) for start in self._starts]

    def _key(self, parcel: Sent, case: str, start: int) -> str:
        return f"{__version__} {parcel.digest} {self._set} {start}+{CHUNK} {case}"


def _fingerprint(examples: Examples) -> str:
    found = hashlib.sha256(np.ascontiguousarray(examples.images).tobytes())
    found.update(np.ascontiguousarray(examples.labels).tobytes())
    return found.hexdigest()[:32]


def accuracies(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The rows as lines of text: cases down, networks across, accuracies in per cent."""
    networks = list(dict.fromkeys((row["network"], row["digest"]) for row in rows))
    by = {(row["network"], row["digest"], row["case"]): row for row in rows}
    yield f"{'':24}" + "".join(f"{name:>12}" for name, _ in networks)
    for case in dict.fromkeys(row["case"] for row in rows):
        cells = [by[(*network, case)].get("accuracy") for network in networks]
        yield f"{case:24}" + "".join(
            "           –" if cell is None else f"{100 * cell:10.2f} %" for cell in cells
        )
