"""What the page is told of long measurements: how far they are, their rows, the ranked images, files of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from vizapp.analysis import robustness
from vizapp.analysis.batch import tables
from vizapp.analysis.batch.turns import Turn
from vizapp.analysis.ranking import Ranking, Row
from vizapp.analysis.robustness import Robustness
from vizapp.analysis.sources import Given
from vizapp.inputs.reference import reference, title

Message = dict[str, Any]
Measured = Robustness | Ranking

PER_PAGE = 40
FORMATS = {"csv": "text/csv;charset=utf-8", "parquet": "application/vnd.apache.parquet"}


def batch_message(kind: str, choice: Message, measured: Measured, turn: Turn | None) -> Message:
    """How far a measurement is; of a table its rows, too.

    `done` of `total` answers, or images to rank; `left` seconds or null; `state` as that of a `Turn`.
    """
    return {
        "type": "batch",
        "kind": kind,
        "state": "waiting" if turn is None else turn.state,
        "before": 0 if turn is None else turn.before,
        "done": measured.done,
        "total": measured.total,
        "left": None if turn is None else turn.left,
        "problem": "" if turn is None else turn.problem,
        "choice": choice,
        "rows": measured.rows() if isinstance(measured, Robustness) else [],
    }


def pile_message(pile: Sequence[Given]) -> Message:
    """What images the session has been given, with the reason for each that cannot be used."""
    return {
        "type": "batch_pile",
        "count": len(pile),
        "bytes": sum(len(image.data) for image in pile),
        "bad": [{"title": image.name, "problem": image.problem} for image in pile if image.problem],
    }


def ranked_message(ranking: Ranking, pile: Sequence[Given] | None, page: int, ack: int) -> Message:
    """A page of the ranking, the hardest to tell first; at its end the images that could not be used.

    `images` uint8[n · 28 · 28]: what the networks saw of the n items. `pile` is None for the test images.
    """
    count = sum(len(ranking.journal.get(ranking.key(file), ())) for file in ranking.files)
    pages = max(1, -(-count // PER_PAGE))
    page = min(page, pages - 1)
    rows = ranking.top((page + 1) * PER_PAGE)[page * PER_PAGE :]
    pictures = np.zeros((len(rows), 28, 28), np.uint8)
    for picture, row in zip(pictures, rows, strict=True):
        if "seen" in row:
            picture.ravel()[:] = np.frombuffer(bytes.fromhex(row["seen"]), np.uint8)
        elif pile is None:
            picture[:] = reference()[0][row["index"]]
    names = [parcel.name for parcel in ranking.networks]
    return {
        "type": "batch_ranked",
        "ack": ack,
        "page": page,
        "pages": pages,
        "count": count,
        "items": [_item(row, names, pile is None) for row in rows],
        "images": pictures.ravel(),
    }


def _item(row: Row, names: Sequence[str], test: bool) -> Message:
    index = row["index"]
    item = {"index": index, "title": title(index) if test else row["file"], "problem": row.get("error", "")}
    if "error" in row:
        return {**item, "best": [], "entropy": 0.0, "disagreement": 0.0, "each": []}
    best = [[row["first"], row["probability"]], [row["second"], row["second_probability"]]]
    each = [
        {"network": name, "answer": answer, "probability": probability}
        for name, (answer, probability, _) in zip(names, row["networks"], strict=True)
    ]
    return {
        **item,
        "best": best,
        "entropy": row["entropy"],
        "disagreement": row["disagreement"],
        "each": each,
    }


def file_message(kind: str, measured: Measured, form: str) -> Message:
    """The rows as a file, the same as that of `vizapp sweep`.

    Raises:
        InputError: if what such a file needs is not installed.
    """
    columns = robustness.COLUMNS if isinstance(measured, Robustness) else measured.columns
    content = tables.content(f".{form}", columns, measured.rows())
    return {
        "type": "batch_file",
        "name": f"vizapp-{'robustness' if kind == 'table' else 'ranking'}.{form}",
        "mime": FORMATS[form],
        "data": np.frombuffer(content, np.uint8),
    }
